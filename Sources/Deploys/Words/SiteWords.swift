/// What people read about an address that does not answer.
enum SiteWords {
    /// - Parameter obstacle: what it waits for, as a sentence.
    static func givenUp(_ obstacle: String) -> String {
        "\(obstacle) Iterapp has stopped looking after a week; deploy again once this is mended."
    }
}
