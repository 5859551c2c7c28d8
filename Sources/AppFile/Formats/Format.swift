/// What a text must look like.
enum Format: Sendable {
    case plain
    case folder
    case defaultEnvironment
    case urlPath
    case filePath
    case host
    case cpu
    case memory
    case bodySize
    case secretName
    case secretKey
    case schedule
    case httpMethod
    case cloudSQL
    case postgresExtension

    /// What must stand there, to follow "must be".
    var expectation: String {
        switch self {
        case .plain: "a text in quotes"
        case .folder: "the name of a folder such as \"\(example)\""
        case .defaultEnvironment: "the name of an environment such as \"test\", or \"none\""
        case .urlPath, .filePath: "a path such as \"\(example)\""
        case .host: "a host name such as \"\(example)\""
        case .cpu: "an amount of processors such as \"25m\" or \"0.5\""
        case .memory: "an amount of memory such as \"100Mi\" or \"1Gi\""
        case .bodySize: "a size such as \"8m\""
        case .secretName: "the name of a Kubernetes Secret such as \"\(example)\""
        case .secretKey: "a key of a Kubernetes Secret such as \"\(example)\""
        case .schedule: "a schedule of five fields such as \"0 * * * *\""
        case .httpMethod: "an HTTP method such as \"POST\""
        case .cloudSQL: "a connection name such as \"project:region:instance\""
        case .postgresExtension: "the name of an extension such as \"\(example)\""
        }
    }

    var example: String {
        switch self {
        case .folder: "frontend"
        case .urlPath: "/health"
        case .filePath: "/app/secrets/"
        case .host: "cats.cool"
        case .secretName: "db-keys"
        case .secretKey: "password"
        case .postgresExtension: "uuid-ossp"
        default: "…"
        }
    }

    /// Whether the text has the form; if not, with a piece of advice where there is one.
    func verdict(on text: String) -> Verdict {
        switch self {
        case .plain: text.utf8.contains(0) ? .wrong("it cannot contain U+0000") : .right
        case .folder: Names.label(text)
        case .defaultEnvironment: environment(text)
        case .urlPath: urlPath(text)
        case .filePath: filePath(text)
        case .host: Host.verdict(on: text)
        case .cpu: Quantity.cpu(text)
        case .memory: Quantity.memory(text)
        case .bodySize: Quantity.bodySize(text)
        case .secretName: Names.subdomain(text)
        case .secretKey: secretKey(text)
        case .schedule: text.split(separator: " ").count == 5 ? .right : .wrong(nil)
        case .httpMethod:
            ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].contains(text) ? .right : .wrong(nil)
        case .cloudSQL:
            text.split(separator: ":", omittingEmptySubsequences: false).filter { !$0.isEmpty }
                .count == 3 ? .right : .wrong(nil)
        case .postgresExtension:
            text.utf8.allSatisfy { Names.isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F }
                && !text.isEmpty ? .right : .wrong(nil)
        }
    }

    enum Verdict: Equatable {
        case right
        /// With what to do about it, if more can be said than what is expected.
        case wrong(String?)
    }
}

extension Format {
    private func environment(_ text: String) -> Verdict {
        let known = Environments.all + ["none"]
        if known.contains(text) { return .right }
        return .wrong(nearest(to: text, in: known).map { "did you mean \"\($0)\"?" })
    }

    /// A path as it stands in a request line (RFC 9112 section 3.2.1): visible ASCII from `/` on.
    private func urlPath(_ text: String) -> Verdict {
        let maxPathBytes = 2048
        if text.contains("://") { return .wrong("leave out everything in front of the path") }
        guard text.hasPrefix("/") else { return .wrong("it begins with `/`") }
        guard text.utf8.count <= maxPathBytes else {
            return .wrong("it can have at most \(maxPathBytes) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .wrong("write spaces and letters other than A to Z percent-encoded")
        }
        return text.utf8.contains(UInt8(ascii: "#"))
            ? .wrong("leave out `#` and what follows") : .right
    }

    private func filePath(_ text: String) -> Verdict {
        guard text.hasPrefix("/") else { return .wrong("it begins with `/`") }
        let parts = text.split(separator: "/")
        guard !parts.contains("."), !parts.contains(".."), !text.utf8.contains(0) else {
            return .wrong("it cannot contain `.` or `..` as a part")
        }
        return parts.isEmpty ? .wrong("it cannot be the whole file system") : .right
    }

    /// Kubernetes API reference, Secret: keys consist of letters, digits, `-`, `_` and `.`.
    private func secretKey(_ text: String) -> Verdict {
        let isValid = (1...253).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy {
                Names.isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            }
        return isValid
            ? .right : .wrong("it consists of letters, digits, `-`, `_` and `.`")
    }
}
