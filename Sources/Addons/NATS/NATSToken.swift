import Crypto
import Foundation
import JSON

/// A JSON Web Token as NATS reads it: its own algorithm `ed25519-nkey`, and claims of version 2
/// (https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt).
package struct NATSToken: Sendable, Equatable {
    /// Larger ones are none of ours.
    private static let maxTextBytes = 1 << 20
    private static let header: JSON = ["typ": "JWT", "alg": "ed25519-nkey"]

    /// What the server takes.
    package let text: String
    package let claims: JSON
    /// Seconds since 1970.
    package let issuedAt: Int
    /// Whose signature it bears, as a public nkey.
    package let issuer: String
    /// Whom it is about.
    package let subject: String

    /// - Parameters:
    ///   - content: of the claim `nats`, with its `type`.
    ///   - issuedAt: in seconds since 1970.
    init(
        _ content: JSON, about subject: String, name: String, issuedAt: Int, signedBy issuer: NKey
    ) {
        var content = content
        content["version"] = 2
        var claims: JSON = [
            "iat": .int(issuedAt), "iss": .string(issuer.publicText), "name": .string(name),
            "sub": .string(subject), "nats": content,
        ]
        // An id that is different for different content.
        claims["jti"] = .string(Base32.text(sha256(claims.bytes)))
        let signed = "\(Self.base64(Self.header.bytes)).\(Self.base64(claims.bytes))"
        text = "\(signed).\(Self.base64(issuer.key.sign(Array(signed.utf8))))"
        self.claims = claims
        self.issuedAt = issuedAt
        self.issuer = issuer.publicText
        self.subject = subject
    }

    /// - Returns: nil when it is no such token, or its signature is not that of the issuer whom it names.
    package init?(verifying text: String, issuedBy kind: NKey.Kind) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maxTextBytes, parts.count == 3,
            let header = Self.json(parts[0]), header["alg"] == Self.header["alg"],
            let claims = Self.json(parts[1]), let signature = Self.bytes(parts[2]),
            let issuer = claims["iss"]?.string, let subject = claims["sub"]?.string,
            let issuedAt = claims["iat"]?.int, let key = NKey.publicKey(issuer, of: kind),
            Ed25519Key.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8), by: key)
        else { return nil }
        self.text = text
        self.claims = claims
        self.issuedAt = issuedAt
        self.issuer = issuer
        self.subject = subject
    }

    private static func json(_ part: Substring) -> JSON? { bytes(part).flatMap { try? JSON.parse($0) } }

    // MARK: Base64url without padding (RFC 4648, section 5)

    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let usual = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - usual.utf8.count % 4) % 4)
        return Data(base64Encoded: usual + padding).map { Array($0) }
    }
}
