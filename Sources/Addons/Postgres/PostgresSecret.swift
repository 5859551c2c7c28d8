import Crypto
import Deploys
import Foundation

/// The variables of an app with a database.
struct PostgresSecret: Sendable {
    let server: PostgresServer
    let name: PostgresName
    let password: String

    static let passwordKey = "PGPASSWORD"
    private static let passwordBytes = 24
    private static let maxPasswordBytes = 512

    /// Keys and values of the Secret: `AddOn.secretVariables`.
    var values: [String: String] {
        let (host, port) = (server.appHost, String(server.appPort))
        return [
            "PGHOST": host, "PGPORT": port, "PGUSER": name.text, Self.passwordKey: password, "PGDATABASE": name.text,
            "DB_HOST": host, "DB_PORT": port, "DB_USERNAME": name.text, "DB_PASSWORD": password,
            "DB_DATABASE": name.text, "DATABASE_URL": url,
        ]
    }

    private var url: String {
        let (user, secret) = (Self.encoded(name.text), Self.encoded(password))
        // A numeric address of IPv6 is told from its port by brackets (RFC 3986, section 3.2.2).
        let host = server.appHost.contains(":") ? "[\(server.appHost)]" : Self.encoded(server.appHost)
        let mode = server.appSSLMode.map { "?sslmode=\($0)" } ?? ""
        return "postgres://\(user):\(secret)@\(host):\(server.appPort)/\(user)\(mode)"
    }

    /// RFC 3986, section 2.3: what means the same everywhere stays.
    private static func encoded(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// The one that is there, unless no server and driver would agree on its meaning.
    static func password(kept: String?, random: (_ count: Int) -> [UInt8]) -> String {
        if let kept, (1...maxPasswordBytes).contains(kept.utf8.count),
            kept.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        {
            return kept
        }
        return Data(random(passwordBytes)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }
}
