import Foundation

/// Where a server is, and as whom it is asked: `postgres://user:password@host:port/database?sslmode=require`
/// (PostgreSQL documentation, 34.1.1.2 "Connection URIs"). Of the parameters, `sslmode` and `sslrootcert` are known.
package struct PostgresURL: Sendable, Equatable {
    /// A path when it is the directory of a Unix socket.
    package let host: String
    package let port: Int
    package let user: String
    /// Nil when the server asks for none.
    package let password: String?
    package let database: String
    package let sslMode: String?
    /// The whole path of a file with certificates.
    package let sslRootCertificate: String?

    package static let usualPort = 5432
    static let sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]

    /// Why a text is no such URL: the rest of a sentence that begins with the setting's name. Nothing of the text is in
    /// there, for it holds a password.
    package struct Problem: Error, Sendable, Equatable {
        package let reason: String
    }

    package init(parsing text: String) throws(Problem) {
        guard let scheme = ["postgres://", "postgresql://"].first(where: text.hasPrefix) else {
            throw Problem(reason: "must be a URL that begins with postgres://")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let afterAuthority = rest[authority.endIndex...]
        let path = afterAuthority.prefix { $0 != "?" }
        let query = afterAuthority[path.endIndex...].dropFirst()

        guard let at = authority.lastIndex(of: "@") else {
            throw Problem(
                reason: "names no user: it must be like postgres://user:password@host:5432/postgres, and characters "
                    + "such as / ? # % in a password are written as %2F %3F %23 %25")
        }
        let person = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = try Self.decoded(person[0], "user")
        if user.isEmpty { throw Problem(reason: "names no user") }
        let secret = person.count > 1 ? try Self.decoded(person[1], "password") : ""
        password = secret.isEmpty ? nil : secret
        (host, port) = try Self.place(authority[authority.index(after: at)...])
        let database = try Self.decoded(path.dropFirst(), "database")
        self.database = database.isEmpty ? "postgres" : database
        (sslMode, sslRootCertificate) = try Self.parameters(query)
    }

    /// `host`, `host:port`, `[::1]:port`; a socket's directory with its slashes as `%2F`.
    static func place(_ text: Substring) throws(Problem) -> (host: String, port: Int) {
        let closing = text.hasPrefix("[") ? text.firstIndex(of: "]") : nil
        let hostEnd = closing.map(text.index(after:)) ?? text.firstIndex(of: ":") ?? text.endIndex
        let bare = closing == nil ? text[..<hostEnd] : text[..<hostEnd].dropFirst().dropLast()
        let host = try decoded(bare, "host")
        if host.isEmpty { throw Problem(reason: "names no host") }
        if text.contains(",") { throw Problem(reason: "names several hosts; name one") }
        let tail = text[hostEnd...]
        if tail.isEmpty || tail == ":" { return (host, usualPort) }
        guard tail.hasPrefix(":"), let port = Int(tail.dropFirst()), (1...65_535).contains(port) else {
            throw Problem(reason: "has no number of a port behind its host")
        }
        return (host, port)
    }

    private static func parameters(_ query: Substring) throws(Problem) -> (mode: String?, certificate: String?) {
        var found: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(parts[0], "parameter")
            guard ["sslmode", "sslrootcert"].contains(name), parts.count == 2 else {
                throw Problem(reason: "has a parameter besides sslmode=… and sslrootcert=…, which are known")
            }
            found[name] = try decoded(parts[1], name)
        }
        if let mode = found["sslmode"], !sslModes.contains(mode) {
            throw Problem(reason: "has an sslmode that is none of \(sslModes.joined(separator: ", "))")
        }
        let certificate = found["sslrootcert"].flatMap { $0.isEmpty ? nil : $0 }
        if let certificate, !certificate.hasPrefix("/") {
            throw Problem(
                reason: "must name the whole path of a file as sslrootcert, as in sslrootcert=\(Authorities.systemFile)"
                    + (certificate == "system" ? ": only psql of version 16 and later knows system" : ""))
        }
        return (found["sslmode"], certificate)
    }

    private static func decoded(_ text: Substring, _ part: String) throws(Problem) -> String {
        guard let decoded = text.removingPercentEncoding, !decoded.utf8.contains(0) else {
            throw Problem(reason: "has a % in its \(part) that no two hexadecimal digits follow; write % as %25")
        }
        return decoded
    }
}
