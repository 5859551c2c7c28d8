import Crypto
import Foundation
import JSON

/// As whom we ask.
package enum GitHubIdentity: Sendable {
    /// A personal access token: the same for everything.
    case token(GitHubSecret)
    /// A GitHub App, whose installations hand out tokens that last an hour.
    case app(GitHubApp)
}

/// A GitHub App: its id (or client id) and the key that proves it.
package struct GitHubApp: Sendable {
    package let id: String
    let key: RSASigningKey

    /// - Parameter pem: the private key as GitHub hands it out.
    /// - Throws: what is wrong with the key, in words that hold nothing of it.
    package init(id: String, privateKeyPEM pem: String) throws(GitHubKeyError) {
        self.id = id
        do throws(RSAKeyError) { key = try RSASigningKey(pem: pem) } catch {
            throw GitHubKeyError(reason: "\(error)")
        }
    }

    /// GitHub refuses an `exp` more than 10 minutes ahead of its own clock; the rest is for clocks that
    /// differ.
    static let tokenSeconds = 540
    /// How far back `iat` is set, for the same reason.
    static let backdatingSeconds = 60

    /// A JSON Web Token (RFC 7519) as docs.github.com wants it, "Generating a JSON Web Token (JWT) for a
    /// GitHub App".
    /// - Parameter now: what GitHub takes for the time of day.
    func webToken(now: Date) -> GitHubSecret {
        let seconds = Int(now.timeIntervalSince1970)
        let header: JSON = ["alg": "RS256", "typ": "JWT"]
        let claims: JSON = [
            "iat": .int(seconds - Self.backdatingSeconds), "exp": .int(seconds + Self.tokenSeconds), "iss": .string(id),
        ]
        let signed = "\(Self.base64URL(header.bytes)).\(Self.base64URL(claims.bytes))"
        return GitHubSecret("\(signed).\(Self.base64URL(key.sign(Array(signed.utf8))))")
    }

    /// RFC 4648, section 5, without padding.
    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

package struct GitHubKeyError: Error, Sendable, Equatable {
    /// As in "it holds no private key".
    package let reason: String
}

/// What a token is for: installation tokens may do nothing else.
package enum GitHubPurpose: String, Hashable, Sendable, CaseIterable {
    case reading, checks, deployments

    /// As `POST /app/installations/{id}/access_tokens` takes them.
    package var permissions: [String: String] {
        switch self {
        case .reading: ["contents": "read", "metadata": "read"]
        case .checks: ["checks": "write", "metadata": "read"]
        case .deployments: ["deployments": "write", "metadata": "read"]
        }
    }
}
