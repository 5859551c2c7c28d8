import JSON

// How JSON Schema says what a text must look like. The expressions are those of ECMA 262 that all engines share, and
// say the same as `verdict` does, except where `isExact` is false: there, they let more pass.
extension Format {
    var schema: [String: JSON] {
        var schema: [String: JSON] = ["type": "string"]
        if let words { schema["enum"] = .array(words.map { .string($0) }) }
        if let pattern { schema["pattern"] = .string(pattern) }
        if let maxLength { schema["maxLength"] = .int(maxLength) }
        return schema
    }

    /// Whether the schema refuses all that the checker refuses.
    var isExact: Bool { ![.schedule, .encrypted].contains(self) }

    private var words: [String]? {
        switch self {
        case .defaultEnvironment: Environments.all + ["none"]
        case .httpMethod: Self.httpMethods
        default: nil
        }
    }

    /// Where the pattern does not say it. The checker counts bytes, JSON Schema characters: the same in ASCII.
    private var maxLength: Int? {
        switch self {
        case .urlPath: Self.maxPathBytes
        case .headerValue: Self.maxHeaderBytes
        case .command: Self.maxArgumentBytes - 1
        default: nil
        }
    }

    private var pattern: String? {
        let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        let part = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
        return switch self {
        case .plain: #"^[^\u0000]*$"#
        case .command: #"^(?=[^\u0000]*[^\u0000\t-\r ])[^\u0000]*$"#
        case .folder: "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
        case .defaultEnvironment, .httpMethod: nil
        case .urlPath: #"^/[!"$-~]*$"#
        case .mountPath: MountPath.pattern
        case .host: #"^(?=[^\n]{1,253}$)(\#(label)\.)+(?![0-9]+$)\#(label)$"#
        case .cpu: #"^(?![0.]+m?$)(?=[0-9.]{1,15}m?$)([0-9]+m?|[0-9]+\.[0-9]{1,3})$"#
        case .memory:
            #"^(?![0.]+[A-Za-z]*$)(?=[0-9.]{1,15}(?![0-9.]))([0-9]+(\.[0-9]+)?([KMGT]i|[kMGT])|[0-9]{7,})$"#
        case .bodySize: "^([0-9]{1,15}|[0-9]{1,9}[kKmMgG])$"
        case .secretName: #"^(?=[^\n]{1,253}$)\#(part)(\.\#(part))*$"#
        case .secretKey: #"^(?!\.$|\.\.)[A-Za-z0-9._-]{1,253}$"#
        case .encrypted: "^[A-Za-z0-9_-]+$"
        case .schedule: #"^[ \t]*(@[a-z]+|[0-9A-Za-z*?,/-]+([ \t]+[0-9A-Za-z*?,/-]+){4})[ \t]*$"#
        case .headerValue: #"^[^\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]*$"#
        case .cloudSQL: CloudSQLName.pattern
        case .postgresExtension: "^[a-z][a-z0-9_-]{0,62}$"
        }
    }
}

extension MountPath {
    fileprivate static var pattern: String {
        let owned = kernels.map { "/+\($0)" } + platforms.map { $0.replacing("/", with: "/+") }
        let refused = "(" + owned.joined(separator: "|") + ")(/|$)|/+var(/+run)?/*$"
        return #"^(?!\#(refused))(/+(?!\.{1,2}(/|$))[^/:\u0000-\u001f\u007f]+)+/*$"#
    }
}

extension CloudSQLName {
    fileprivate static let pattern =
        #"^([a-z0-9.-]+:)?[a-z][a-z0-9-]*:(?![a-z0-9-]*[0-9]-[a-z]:)[a-z0-9-]+:[a-z][a-z0-9-]*$"#
}
