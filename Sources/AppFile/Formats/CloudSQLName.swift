/// Connection names of Cloud SQL instances: `project:region:instance`
/// (https://cloud.google.com/sql/docs/postgres/instance-settings).
enum CloudSQLName {
    static func verdict(on text: String) -> Format.Verdict {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        // Old projects belong to a domain: `example.com:project`.
        if parts.count == 4, isWord(parts[0], extra: ".-") { parts.removeFirst() }
        guard parts.count == 3 else { return .wrong("it has three parts with `:` between them") }
        if parts.contains("") { return .wrong("one of its parts is empty") }
        guard parts.allSatisfy({ isWord($0, extra: "-") }), isName(parts[0]), isName(parts[2]) else {
            return .wrong("its parts consist of a-z, 0-9 and `-`, and begin with a letter")
        }
        if isZone(parts[1]) {
            return .wrong("`\(parts[1])` is a zone; its region is `\(parts[1].dropLast(2))`")
        }
        return .right
    }

    private static func isWord(_ text: Substring, extra: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { Names.isLowerOrDigit($0) || extra.utf8.contains($0) }
    }

    private static func isName(_ text: Substring) -> Bool { text.first?.isLetter ?? false }

    /// A region ends in a digit, its zones in another letter: `europe-west1-b`.
    private static func isZone(_ text: Substring) -> Bool {
        let end = Array(text.utf8.suffix(3))
        return end.count == 3 && (0x30...0x39).contains(end[0]) && end[1] == UInt8(ascii: "-")
            && (0x61...0x7A).contains(end[2])
    }
}
