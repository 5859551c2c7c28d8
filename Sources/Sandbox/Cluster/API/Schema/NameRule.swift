/// One of Kubernetes' rules for names, with the sentence that explains it.
struct NameRule: Sendable {
    let maxBytes: Int
    let sentence: String
    /// For the sentence only; the check itself is `isRight`.
    let pattern: String
    let examples: [String]
    let isRight: @Sendable (String) -> Bool

    /// What is wrong with the text; empty when nothing is.
    func problems(_ text: String) -> [String] {
        tooLong(text) + (isRight(text) ? [] : [explanation])
    }

    func tooLong(_ text: String) -> [String] {
        text.utf8.count > maxBytes ? ["must be no more than \(maxBytes) characters"] : []
    }

    var explanation: String {
        let list = examples.map { "'\($0)', " }.joined(separator: " or ")
        return "\(sentence) (e.g. \(list)regex used for validation is '\(pattern)')"
    }
}

extension NameRule {
    private static let labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    static let subdomainPattern = labelPattern + "(\\.\(labelPattern))*"

    /// RFC 1123
    static let label = NameRule(
        maxBytes: 63,
        sentence: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
            + "and must start and end with an alphanumeric character",
        pattern: labelPattern, examples: ["my-name", "123-abc"], isRight: { $0.isLabelName })

    /// RFC 1035
    static let label1035 = NameRule(
        maxBytes: 63,
        sentence: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with "
            + "an alphabetic character, and end with an alphanumeric character",
        pattern: "[a-z]([-a-z0-9]*[a-z0-9])?", examples: ["my-name", "abc-123"],
        isRight: { $0.isLabelName && $0.utf8.first?.isLowerLetter == true })

    static let subdomain = NameRule(
        maxBytes: 253,
        sentence: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' "
            + "or '.', and must start and end with an alphanumeric character",
        pattern: subdomainPattern, examples: ["example.com"], isRight: { $0.isSubdomainName })

    static let wildcard = NameRule(
        maxBytes: 253,
        sentence: "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "
            + "which must consist of lower case alphanumeric characters, '-' or '.' and end with an "
            + "alphanumeric character",
        pattern: "\\*\\.\(subdomainPattern)", examples: ["*.example.com"],
        isRight: { String($0.dropFirst(2)).isSubdomainName })

    static let headerName = NameRule(
        maxBytes: .max, sentence: "a valid HTTP header must consist of alphanumeric characters or '-'",
        pattern: "[-A-Za-z0-9]+", examples: ["X-Header-Name"],
        isRight: { $0.isMade { $0.isAlphanumeric || $0 == 0x2D } })

    static let configKey = NameRule(
        maxBytes: 253,
        sentence: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        pattern: "[-._a-zA-Z0-9]+", examples: ["key.name", "KEY_NAME", "key-name"],
        isRight: { $0.isMade { $0.isAlphanumeric || [0x2D, 0x2E, 0x5F].contains($0) } })

    private static let plainPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
    private static let plainSentence =
        "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character"

    /// The part of a label's key behind the slash.
    static let plain = NameRule(
        maxBytes: 63, sentence: "must \(plainSentence)", pattern: plainPattern,
        examples: ["MyName", "my.name", "123-abc"], isRight: { $0.isPlainName })

    static let labelValue = NameRule(
        maxBytes: 63, sentence: "a valid label must be an empty string or \(plainSentence)",
        pattern: "(\(plainPattern))?", examples: ["MyValue", "my_value", "12345"],
        isRight: { $0.isEmpty || $0.isPlainName })

    static let qualifiedSentence =
        NameRule(
            maxBytes: 63, sentence: "a qualified name must \(plainSentence)", pattern: plainPattern,
            examples: ["MyName", "my.name", "123-abc"], isRight: { _ in false }
        ).explanation + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
}
