import Deploys
import Foundation
import JSON

/// What Slack says of somebody who signed in: the claims of a JSON Web Token (RFC 7519, section 4).
///
/// Its signature is not looked at: it came from Slack itself, over TLS, and that is enough (OpenID Connect Core 1.0,
/// section 3.1.3.7, item 6).
struct IDToken {
    let claims: JSON

    static let issuer = "https://slack.com"
    /// Clocks differ by less.
    static let maxSkewSeconds: TimeInterval = 300

    /// Nil for anything but a JSON Web Token.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Self.decoded(parts[1]), let claims = try? JSON.parse(payload),
            claims.object != nil
        else { return nil }
        self.claims = claims
    }

    /// base64url without padding (RFC 7515, section 2).
    private static func decoded(_ text: Substring) -> [UInt8]? {
        let usual = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - usual.count % 4) % 4)
        return Data(base64Encoded: usual + padding).map(Array.init)
    }

    /// Throws unless it was made for us, for this very sign-in, and for somebody of our workspace.
    func check(
        clientID: String, nonce: String, _ installation: Installation, at now: Date
    ) throws(SignInError) {
        guard claims["iss"] == .string(Self.issuer) else { throw .refused("another issuer") }
        // One audience may stand alone or in a list.
        let audiences = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string].compactMap(\.self)
        guard audiences == [clientID] else { throw .refused("another audience") }
        guard claims["nonce"] == .string(nonce) else { throw .refused("another nonce") }
        let seconds = now.timeIntervalSince1970
        guard let end = claims["exp"]?.number, end > seconds - Self.maxSkewSeconds else {
            throw .refused("it is too old")
        }
        guard let start = claims["iat"]?.number, start < seconds + Self.maxSkewSeconds else {
            throw .refused("it is of another time")
        }
        guard !person.id.isEmpty else { throw .refused("it names nobody") }
        guard isOurs(installation) else { throw .foreign }
    }

    private func isOurs(_ installation: Installation) -> Bool {
        if claims["https://slack.com/team_id"] == .string(installation.teamID) { return true }
        guard installation.isOrganisationWide, let enterprise = installation.enterpriseID else { return false }
        return claims["https://slack.com/enterprise_id"] == .string(enterprise)
    }

    var person: Person {
        let id = claims["https://slack.com/user_id"]?.string ?? claims["sub"]?.string ?? ""
        let name = claims["name"]?.string ?? ""
        return Person(id: id, name: name.isEmpty ? id : String(name.prefix(80)))
    }
}
