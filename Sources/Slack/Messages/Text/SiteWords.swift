enum SiteWords {
    /// `cats.test.iterate.no`, of `https://cats.test.iterate.no/`.
    static func host(_ url: String) -> String {
        url.split(separator: "/").dropFirst().first.map(String.init) ?? url
    }
}
