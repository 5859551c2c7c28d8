/// Host names that an app may ask for.
package enum Host {
    private static let maxNameBytes = 253
    private static let maxLabelBytes = 63

    /// RFC 1123 section 2.1, with at least two labels: one alone is no public name.
    static func verdict(on text: String) -> Format.Verdict {
        if text.contains("://") || text.contains("/") {
            return .wrong("leave out `https://` and everything after the host name")
        }
        if text.contains("*") {
            return .wrong("wildcards are not possible; list each name")
        }
        if text.contains(":") { return .wrong("leave out the port") }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return .wrong("write other letters than a to z in their `xn--` form")
        }
        if text.hasSuffix(".") { return .wrong("leave out the dot at its end") }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= maxNameBytes, labels.allSatisfy(isLabel) else { return .wrong(nil) }
        guard labels.count > 1 else { return .wrong("the top-level domain is missing") }
        // A name whose last label is a number is an address (WHATWG URL, "ends in a number").
        let isAddress = labels[labels.count - 1].utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isAddress ? .wrong("an address cannot be used") : .right
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...maxLabelBytes).contains(label.utf8.count) && !label.hasPrefix("-")
            && !label.hasSuffix("-")
            && label.utf8.allSatisfy { Names.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// The other name that a redirect between `www.` and no `www.` answers to.
    package static func redirected(to name: String) -> String {
        name.hasPrefix("www.") ? String(name.dropFirst("www.".count)) : "www." + name
    }
}
