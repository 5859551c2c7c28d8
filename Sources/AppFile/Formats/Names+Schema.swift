import JSON

// How JSON Schema says which names a table may have: exactly what `fault` accepts.
extension Names {
    /// Names that are a closed list are offered by editors.
    var known: [String] {
        switch self {
        case .environments: Environments.all
        case .environmentsAndCommon: ["common"] + Environments.all
        default: []
        }
    }

    /// For all other names.
    var pattern: String? {
        switch self {
        case .environments, .environmentsAndCommon: nil
        case .variables: "^(?!HOPS_|ITERAPP_)[A-Za-z_.-][A-Za-z0-9_.-]{0,252}$"
        case .buildSecrets: "^[A-Za-z0-9_.-]{1,253}$"
        case .ports:
            "^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$"
        case .cronJobs: "^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$"
        case .headers:
            "^(?!(" + Self.framing.map(Self.inAnyCase).joined(separator: "|") + ")$)[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$"
        }
    }

    /// ECMA 262 has no way to say it for a part of an expression.
    private static func inAnyCase(_ word: String) -> String {
        word.map { $0.isLetter ? "[\($0.uppercased())\($0)]" : String($0) }.joined()
    }
}
