import Deploys
import Foundation

/// Another repository's commit in a folder of a commit.
struct Submodule: Equatable, Sendable {
    let path: String
    let commit: CommitID
    /// As `.gitmodules` has it (gitmodules(5)); nil when it has none for the path.
    let url: String?
}

/// What is left for a commit and its submodules, however they are nested.
struct SubmoduleAllowance: Sendable {
    private var submodules: Int
    private var bytes: Int64
    var depth: Int
    private let options: GitOptions

    init(_ options: GitOptions) {
        self.options = options
        submodules = options.maxSubmodules
        bytes = options.maxCheckOutBytes
        depth = options.maxSubmoduleDepth
    }

    mutating func take(_ used: Int64) throws(SourceError) {
        // What small files waste is not counted against the limit.
        bytes -= used
        guard bytes > 0 || submodules == options.maxSubmodules else {
            let limit = options.maxCheckOutBytes.asBytes
            throw .broken("With its submodules it takes more than the \(limit) that ITERAPP_GIT_CHECKOUT_MIB allows.")
        }
    }

    mutating func takeSubmodule() throws(SourceError) {
        submodules -= 1
        guard submodules >= 0 else {
            throw .broken("It has more than \(options.maxSubmodules) submodules, the most that is checked out.")
        }
        guard depth > 0 else {
            throw .broken("Its submodules lie more than \(options.maxSubmoduleDepth) deep in one another.")
        }
    }
}

/// Where a submodule's URL leads, seen from the repository that has it. Only to repositories beside that one: the token
/// is for them, and other addresses could be anything that this machine can reach.
enum SubmoduleAddress {
    /// - Returns: nil when it leads elsewhere.
    static func resolve(_ url: String, from base: String) -> String? {
        if url.hasPrefix("./") || url.hasPrefix("../") { return relative(url, plain(base)) }
        guard let host = origin(base) else { return nil }
        if let path = sshPath(url, host: host.drop { $0 != "/" }.dropFirst(2)) { return host + "/" + path }
        return url.lowercased().hasPrefix(host + "/") ? url : nil
    }

    /// Without what may be left out.
    static func plain(_ url: String) -> String {
        var url = url[...]
        while url.hasSuffix("/") { url = url.dropLast() }
        if url.hasSuffix("/.git") { return String(url.dropLast(5)) }
        return String(url.hasSuffix(".git") ? url.dropLast(4) : url)
    }

    static func areSame(_ one: String, _ other: String) -> Bool {
        // Hosts of repositories do not tell cases apart; on this machine's disk they differ.
        let isPath = one.hasPrefix("/")
        return isPath ? plain(one) == plain(other) : plain(one).lowercased() == plain(other).lowercased()
    }

    /// `https://example.org:8443`, in lower case.
    private static func origin(_ url: String) -> String? {
        guard let found = url.lowercased().firstMatch(of: #/^(https?:\/\/[a-z0-9.\-\[\]:]+)\//#) else { return nil }
        return String(found.1)
    }

    private static func relative(_ url: String, _ base: String) -> String? {
        let top = origin(base) ?? ""
        var parts = base.dropFirst(top.count).split(separator: "/").map(String.init)
        for part in url.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return top + "/" + parts.joined(separator: "/")
    }

    /// Many repositories name their neighbours as people with keys reach them: `git@host:org/name.git`.
    private static func sshPath(_ url: String, host: Substring) -> Substring? {
        let name = host.prefix { $0 != ":" }
        for form in ["git@\(name):", "ssh://git@\(name)/"] where url.lowercased().hasPrefix(form) {
            return url.dropFirst(form.count)
        }
        return nil
    }
}
