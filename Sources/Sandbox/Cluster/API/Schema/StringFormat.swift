/// Kinds of text with rules of their own. The sentences are Kubernetes', for people and tests compare them
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
enum StringFormat: String, Sendable {
    case label, label1035, subdomain, envName, configKey, portName, headerName, qualified, labelValue
    case host, cron, cidr
    /// RFC 3339 with six digits of a second: `2026-11-20T23:25:39.512025Z`.
    case microTime
    /// Of the Gateway API: `*.` may come first.
    case wildcardHost
    /// Of the Gateway API: `1h30m`.
    case gatewayDuration
    /// Of the Prometheus operator: `1h30m`, its units in order.
    case prometheusDuration

    /// What is wrong with the text, in Kubernetes' words; empty when nothing is.
    func problems(_ text: String) -> [String] {
        switch self {
        case .label:
            text.isSubdomainName && !text.isLabelName
                ? NameRule.label.tooLong(text) + ["must not contain dots"] : NameRule.label.problems(text)
        case .label1035: NameRule.label1035.problems(text)
        case .subdomain: NameRule.subdomain.problems(text)
        case .envName: Self.envName(text)
        case .configKey: NameRule.configKey.problems(text) + Self.parentDirectory(text)
        case .portName: Self.portName(text)
        case .headerName: NameRule.headerName.problems(text)
        case .qualified: Self.qualified(text)
        case .labelValue: NameRule.labelValue.problems(text)
        case .host: (text.hasPrefix("*.") ? NameRule.wildcard : NameRule.subdomain).problems(text)
        case .cron: CronFormat.problems(text)
        case .cidr: text.isCIDR ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]
        case .wildcardHost, .gatewayDuration, .prometheusDuration, .microTime: []
        }
    }

    /// The pattern that the text fails, of formats that a custom resource definition states as one.
    func failedPattern(_ text: String) -> String? {
        switch self {
        case .wildcardHost:
            (text.hasPrefix("*.") ? String(text.dropFirst(2)) : text).isSubdomainName
                ? nil : "^(\\*\\.)?\(NameRule.subdomainPattern)$"
        case .gatewayDuration: text.isGatewayDuration ? nil : "^([0-9]{1,5}(h|m|s|ms)){1,4}$"
        case .prometheusDuration: text.isPrometheusDuration ? nil : Self.prometheusPattern
        default: nil
        }
    }

    private static let prometheusPattern =
        "^(0|" + ["y", "w", "d", "h", "m", "s", "ms"].map { "(([0-9]+)\($0))?" }.joined() + ")$"

    private static func envName(_ text: String) -> [String] {
        if text.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) && $0 != "=" }) { return [] }
        return [
            "a valid environment variable name must consist only of printable ASCII characters other than "
                + "'='"
        ]
    }

    private static func parentDirectory(_ text: String) -> [String] {
        if text == "." || text == ".." { return ["must not be '\(text)'"] }
        return text.hasPrefix("..") ? ["must not start with '..'"] : []
    }

    private static func portName(_ text: String) -> [String] {
        var problems = text.utf8.count > 15 ? ["must be no more than 15 characters"] : []
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

    static func qualified(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let name = parts.last else { return [NameRule.qualifiedSentence] }
        var problems: [String] = []
        if parts.count == 2 {
            problems +=
                parts[0].isEmpty
                ? ["prefix part must be non-empty"]
                : NameRule.subdomain.problems(parts[0]).map { "prefix part \($0)" }
        }
        if name.isEmpty { problems.append("name part must be non-empty") }
        return problems + NameRule.plain.problems(name).map { "name part \($0)" }
    }
}
