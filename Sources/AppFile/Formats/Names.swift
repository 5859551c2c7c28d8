/// The rules for names that authors choose.
enum Names: Sendable {
    case environments
    case environmentsAndCommon
    case variables
    case buildSecrets
    case ports
    case cronJobs
    case headers

    /// Most names that one table may have.
    var maxCount: Int {
        switch self {
        case .environments, .environmentsAndCommon: Environments.all.count + 1
        case .variables: 1000
        case .buildSecrets, .cronJobs: 100
        case .ports, .headers: 50
        }
    }

    /// What is wrong with a name, to follow the name itself; nil if nothing is.
    func fault(in name: String) -> String? {
        switch self {
        case .environments:
            unknownEnvironment(name, Environments.all)
        case .environmentsAndCommon:
            unknownEnvironment(name, Environments.all + ["common"])
        case .variables:
            variableFault(name)
        case .buildSecrets:
            isName(name, extra: "-_.", max: 253)
                ? nil : "is no name of a build secret; it consists of letters, digits, `-`, `_` and `.`"
        case .ports:
            Int(name).map { (1...65535).contains($0) && String($0) == name } ?? false
                ? nil : "is no port; a port is a whole number from 1 to 65535"
        case .cronJobs:
            // Kubernetes adds 11 characters to a CronJob's name for its Jobs.
            Names.label(name) == .right && name.utf8.count <= 52
                ? nil : "is no name of a job; it consists of at most 52 of a-z, 0-9 and `-`"
        case .headers:
            headerFault(name)
        }
    }

    private func unknownEnvironment(_ name: String, _ known: [String]) -> String? {
        if known.contains(name) { return nil }
        if let near = nearest(to: name, in: known) ?? relative(of: name, in: known) {
            return "is no environment; did you mean `\(near)`?"
        }
        let common = known.contains("common") ? "common, " : ""
        return "is no environment; there are \(common)prod, test and snap0 to snap9"
    }

    /// Kubernetes API reference, EnvVar: letters, digits, `_`, `-` and `.`, no digit first.
    private func variableFault(_ name: String) -> String? {
        let startsWithDigit = name.utf8.first.map { (0x30...0x39).contains($0) } ?? false
        guard isName(name, extra: "-_.", max: 253), !startsWithDigit else {
            return """
                is no name of an environment variable; it consists of letters, digits and `_`, and \
                begins with no digit
                """
        }
        guard !Names.isOwned(name) else {
            return "is set by the platform, so it cannot be changed; choose another name"
        }
        return nil
    }

    /// RFC 9110 section 5.1: a token; and not one that says where the request ends (RFC 9112 section 6).
    private func headerFault(_ name: String) -> String? {
        guard isName(name, extra: "!#$%&'*+-.^_`|~", max: 256) else { return "is no name of an HTTP header" }
        return Self.framing.contains(name.lowercased()) ? "is set by the caller itself; remove it" : nil
    }

    static let framing = ["connection", "content-length", "expect", "te", "trailer", "transfer-encoding", "upgrade"]

    private func isName(_ name: String, extra: String, max: Int) -> Bool {
        (1...max).contains(name.utf8.count)
            && name.utf8.allSatisfy { Names.isLetterOrDigit($0) || extra.utf8.contains($0) }
    }
}

extension Names {
    /// Variables that the platform sets in every container. `PORT` is one of them too, but may
    /// be repeated with the value that it has.
    static func isOwned(_ variable: String) -> Bool {
        variable.hasPrefix("HOPS_") || variable.hasPrefix("ITERAPP_")
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            false
        }
    }

    static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    /// A DNS label (RFC 1123 section 2.1) in lower case that begins with a letter, as
    /// Kubernetes wants for the names of Services.
    static func label(_ text: String) -> Format.Verdict {
        let bytes = Array(text.utf8)
        if text.split(separator: "/").contains("..") || text.hasPrefix("/") {
            return .wrong("it must lie inside the repository")
        }
        if text.contains("/") { return .wrong("it is a folder at the repository's root, without `/`") }
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63,
            bytes.allSatisfy({ isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }),
            first >= UInt8(ascii: "a"), last != UInt8(ascii: "-")
        else {
            return .wrong(
                "it consists of at most 63 of a-z, 0-9 and `-`, begins with a letter and ends without `-`")
        }
        return .right
    }

    /// A DNS subdomain in lower case (RFC 1123), as Kubernetes wants for most names.
    static func subdomain(_ text: String) -> Format.Verdict {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isValid = text.utf8.count <= 253 && labels.allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            return isLowerOrDigit(first) && isLowerOrDigit(last)
                && label.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
        return isValid ? .right : .wrong("it consists of a-z, 0-9, `-` and `.`")
    }
}
