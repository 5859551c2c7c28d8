/// Kinds of text with rules of their own. The sentences are Kubernetes', for people and tests compare them
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
enum StringFormat: String, Sendable {
    case label, label1035, subdomain, envName, configKey, portName, headerName, qualified, labelValue
    case host, cron
    /// Of the Gateway API: `*.` may come first.
    case wildcardHost
    /// Of the Gateway API: `1h30m`.
    case gatewayDuration

    private static let labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    private static let subdomainPattern = labelPattern + "(\\.\(labelPattern))*"

    /// What is wrong with the text, in Kubernetes' words; empty when nothing is.
    func problems(_ text: String) -> [String] {
        switch self {
        case .label: Self.label(text)
        case .label1035: Self.label1035(text)
        case .subdomain: Self.subdomain(text)
        case .envName: Self.envName(text)
        case .configKey: Self.configKey(text)
        case .portName: Self.portName(text)
        case .headerName:
            text.isMade { $0.isAlphanumeric || $0 == 0x2D }
                ? []
                : ["a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', "
                    + "regex used for validation is '[-A-Za-z0-9]+')"]
        case .qualified: Self.qualified(text)
        case .labelValue: Self.labelValue(text)
        case .host: text.hasPrefix("*.") ? Self.wildcard(text) : Self.subdomain(text)
        case .cron: Self.cron(text)
        case .wildcardHost, .gatewayDuration: []
        }
    }

    /// The pattern that the text fails, of formats that a custom resource definition states as one.
    func failedPattern(_ text: String) -> String? {
        switch self {
        case .wildcardHost:
            (text.hasPrefix("*.") ? String(text.dropFirst(2)) : text).isSubdomainName
                ? nil : "^(\\*\\.)?\(Self.subdomainPattern)$"
        case .gatewayDuration: text.isGatewayDuration ? nil : "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
        default: nil
        }
    }

    private static func tooLong(_ text: String, _ limit: Int) -> [String] {
        text.utf8.count > limit ? ["must be no more than \(limit) characters"] : []
    }

    private static func rule(_ sentence: String, _ pattern: String, _ examples: String...) -> String {
        let list = examples.map { "'\($0)', " }.joined(separator: " or ")
        return "\(sentence) (e.g. \(list)regex used for validation is '\(pattern)')"
    }

    private static func label(_ text: String) -> [String] {
        if text.isLabelName { return tooLong(text, 63) }
        if text.isSubdomainName { return tooLong(text, 63) + ["must not contain dots"] }
        return tooLong(text, 63) + [rule(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                + "start and end with an alphanumeric character", labelPattern, "my-name", "123-abc")]
    }

    private static func label1035(_ text: String) -> [String] {
        let pattern = "[a-z]([-a-z0-9]*[a-z0-9])?"
        return tooLong(text, 63) + (text.isLabelName && text.utf8.first?.isLowerLetter == true ? [] : [rule(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                + "alphabetic character, and end with an alphanumeric character", pattern, "my-name", "abc-123")])
    }

    private static func subdomain(_ text: String) -> [String] {
        tooLong(text, 253) + (text.isSubdomainName ? [] : [rule(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                + "and must start and end with an alphanumeric character", subdomainPattern, "example.com")])
    }

    private static func wildcard(_ text: String) -> [String] {
        let pattern = "\\*\\.\(subdomainPattern)"
        return tooLong(text, 253) + (String(text.dropFirst(2)).isSubdomainName ? [] : [rule(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must "
                + "consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric "
                + "character", pattern, "*.example.com")])
    }

    private static func envName(_ text: String) -> [String] {
        text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) && $0 != "=" }
            ? []
            : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    }

    private static func configKey(_ text: String) -> [String] {
        var problems = tooLong(text, 253)
        if !text.isMade(of: { $0.isAlphanumeric || [0x2D, 0x2E, 0x5F].contains($0) }) {
            problems.append(rule(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+",
                "key.name", "KEY_NAME", "key-name"))
        }
        if text == "." || text == ".." {
            problems.append("must not be '\(text)'")
        } else if text.hasPrefix("..") {
            problems.append("must not start with '..'")
        }
        return problems
    }

    private static func portName(_ text: String) -> [String] {
        var problems = tooLong(text, 15)
        if !text.isMade(of: { $0.isLowerAlphanumeric || $0 == 0x2D }) {
            problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: \.isLowerLetter) {
            problems.append("must contain at least one letter (a-z)")
        }
        if text.contains("--") { problems.append("must not contain consecutive hyphens") }
        if text.hasPrefix("-") || text.hasSuffix("-") {
            problems.append("must not begin or end with a hyphen")
        }
        return problems
    }

    private static let namePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

    static func qualified(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let sentence =
            "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
        guard parts.count <= 2, let name = parts.last else {
            return ["a qualified name must \(sentence) (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
                + "validation is '\(namePattern)') with an optional DNS subdomain prefix and '/' "
                + "(e.g. 'example.com/MyName')"]
        }
        var problems: [String] = []
        if parts.count == 2 {
            problems +=
                parts[0].isEmpty
                ? ["prefix part must be non-empty"] : subdomain(parts[0]).map { "prefix part \($0)" }
        }
        if name.isEmpty { problems.append("name part must be non-empty") }
        problems += tooLong(name, 63).map { "name part \($0)" }
        if !name.isPlainName {
            problems.append("name part " + rule("must \(sentence)", namePattern, "MyName", "my.name", "123-abc"))
        }
        return problems
    }

    private static func labelValue(_ text: String) -> [String] {
        let pattern = "(\(namePattern))?"
        return tooLong(text, 63) + (text.isEmpty || text.isPlainName ? [] : [rule(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                + "must start and end with an alphanumeric character", pattern, "MyValue", "my_value", "12345")])
    }

    private static func cron(_ text: String) -> [String] {
        let fields = text.split(separator: " ")
        if text.hasPrefix("@") { return [] }
        guard fields.count == 5 else {
            return ["expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]"]
        }
        return fields.allSatisfy { String($0).isMade { $0.isAlphanumeric || "-*/,?".utf8.contains($0) } } ? [] : ["failed to parse \(text)"]
    }
}

/// The few shapes that names have, checked byte by byte: names come from outside, and a regular expression
/// may take very long over a hostile one.
extension String {
    func isMade(of allowed: (UInt8) -> Bool) -> Bool { !isEmpty && utf8.allSatisfy(allowed) }

    /// Allowed bytes, the first and the last of them alphanumeric.
    func isName(of allowed: (UInt8) -> Bool) -> Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        return first.isAlphanumeric && last.isAlphanumeric && utf8.allSatisfy(allowed)
    }

    var isLabelName: Bool { isName { $0.isLowerAlphanumeric || $0 == 0x2D } }

    var isSubdomainName: Bool {
        split(separator: ".", omittingEmptySubsequences: false).allSatisfy { String($0).isLabelName }
    }

    var isPlainName: Bool { isName { $0.isAlphanumeric || [0x2D, 0x2E, 0x5F].contains($0) } }

    /// `1h30m`: up to four numbers of up to five digits with their units.
    var isGatewayDuration: Bool {
        var parts = 0
        var rest = self[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard (1...5).contains(digits.count),
                let unit = ["ms", "h", "m", "s"].first(where: { rest.hasPrefix($0) })
            else { return false }
            rest = rest.dropFirst(unit.count)
            parts += 1
        }
        return (1...4).contains(parts)
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLowerLetter: Bool { (0x61...0x7A).contains(self) }
    var isLowerAlphanumeric: Bool { isDigit || isLowerLetter }
    var isAlphanumeric: Bool { isLowerAlphanumeric || (0x41...0x5A).contains(self) }
}
