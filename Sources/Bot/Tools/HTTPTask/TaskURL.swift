/// Where a scheduled task's request goes.
struct TaskURL: Sendable, Equatable {
    let text: String
    /// For messages: without the query, which may hold a secret.
    let path: String

    /// - Throws: a sentence without the URL, for it may hold a secret.
    init(_ text: String) throws(WrongUsage) {
        // RFC 3986, section 2: everything else must be percent-encoded.
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw WrongUsage("--url contains a character that must be percent-encoded.")
        }
        let lower = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
            throw WrongUsage("--url must begin with http:// or https://.")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, authority.first != ":" else { throw WrongUsage("--url names no host.") }
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
        self.text = text
        self.path = path.isEmpty ? "/" : String(path)
    }
}
