import Crypto
import Foundation
import HTTP
import JSON

extension GitHubStandIn {
    /// Who asks.
    enum Caller: Sendable {
        /// With a JWT.
        case app
        case token(Token)
    }

    func caller(_ secret: String?) throws -> Caller {
        guard let secret else { throw APIRefusal(status: 401, message: "Requires authentication") }
        if let token = state.withLock({ $0.tokens[secret] }) {
            guard token.end > now else { throw APIRefusal(status: 401, message: "Bad credentials") }
            return .token(token)
        }
        guard secret.split(separator: ".").count == 3 else {
            throw APIRefusal(status: 401, message: "Bad credentials")
        }
        try verify(webToken: secret)
        return .app
    }

    /// docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App".
    private func verify(webToken: String) throws {
        func refused(_ message: String) -> APIRefusal { APIRefusal(status: 401, message: message) }
        let parts = webToken.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Self.base64URL(parts[0]).flatMap({ try? JSON.parse($0) }),
            let claims = Self.base64URL(parts[1]).flatMap({ try? JSON.parse($0) }),
            let signature = Self.base64URL(parts[2]), header["alg"] == "RS256",
            keys.publicKey.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8))
        else { throw refused("A JSON web token could not be decoded") }
        guard claims["iss"] == .string(Self.appID) || claims["iss"]?.int == Int(Self.appID) else {
            throw refused("Integration must be provided a valid issuer ('iss')")
        }
        let seconds = Int(now.timeIntervalSince1970)
        guard let issued = claims["iat"]?.int, issued <= seconds else {
            throw refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
        }
        guard let end = claims["exp"]?.int, end > seconds else {
            throw refused("'Expiration time' claim ('exp') must be a numeric value representing the future time")
        }
        guard end <= seconds + 600 else { throw refused("'Expiration time' claim ('exp') is too far in the future") }
    }

    private static func base64URL(_ text: String) -> [UInt8]? {
        guard !text.contains("=") else { return nil }
        var text = text.replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: text).map(Array.init)
    }

    /// `GET /app`, `POST /app/installations/{id}/access_tokens`.
    func appRoute(_ call: APIRequest) async throws -> HTTPResponse {
        switch (call.method, call.parts.count) {
        case ("GET", 1):
            return Self.json(200, [
                "id": .int(Int(Self.appID) ?? 0), "slug": .string(Self.appSlug), "name": "Iterapp",
                "html_url": .string("\(url)/github-apps/\(Self.appSlug)"),
            ])
        case ("POST", 4) where call.parts[1] == "installations" && call.parts[3] == "access_tokens":
            return try makeToken(Int(call.parts[2]) ?? 0, call.body ?? [:])
        default: throw APIRefusal(status: 404, message: "Not Found")
        }
    }

    /// `GET /repos/{owner}/{repo}/installation`.
    func installationRoute(_ repository: Repository) throws -> HTTPResponse {
        guard let installation = state.withLock({ $0.installation(of: repository) }) else {
            throw APIRefusal(status: 404, message: "Not Found")
        }
        return Self.json(200, [
            "id": .int(installation.id), "app_id": .int(Int(Self.appID) ?? 0),
            "account": ["login": .string(installation.owner)],
            "repository_selection": installation.repositoryIDs == nil ? "all" : "selected",
            "permissions": .object(installation.permissions.mapValues(JSON.string)),
            "suspended_at": installation.isSuspended ? "2026-11-01T00:00:00Z" : .null,
        ])
    }

    /// docs.github.com, "Create an installation access token for an app".
    private func makeToken(_ id: Int, _ body: JSON) throws -> HTTPResponse {
        guard let installation = state.withLock({ $0.installations[id] }) else {
            throw APIRefusal(status: 404, message: "Not Found")
        }
        guard !installation.isSuspended else {
            throw APIRefusal(status: 403, message: "This installation has been suspended")
        }
        let repositories = try narrowed(installation, body)
        let wanted = body["permissions"]?.object?.compactMapValues(\.string)
        let granted = installation.permissions
        let isGranted = (wanted ?? [:]).allSatisfy { Self.covers(granted[$0.key], $0.value) }
        guard isGranted else {
            throw APIRefusal(status: 422, message: "The permissions requested are not granted to this installation.")
        }
        // The form that docs.github.com announces for tokens of installations: longer than 40 characters, with dots.
        let secret = "ghs_\(Self.appID)_\(hex(randomBytes(20))).\(hex(randomBytes(40))).\(hex(randomBytes(20)))"
        let now = now
        let end = state.withLock { state in
            let end = now.addingTimeInterval(state.tokenSeconds)
            state.tokens[secret] = Token(
                installation: id, repositoryIDs: repositories, permissions: wanted ?? granted, end: end)
            return end
        }
        return Self.json(201, [
            "token": .string(secret), "expires_at": .string(end.formatted(.iso8601)),
            "permissions": .object((wanted ?? granted).mapValues(JSON.string)),
            "repository_selection": repositories == nil ? "all" : "selected",
        ])
    }

    private func narrowed(_ installation: Installation, _ body: JSON) throws -> Set<Int>? {
        let names = body["repositories"]?.array?.compactMap(\.string)
        let ids = body["repository_ids"]?.array?.compactMap(\.int)
        guard names != nil || ids != nil else { return installation.repositoryIDs }
        let theirs = state.withLock { state in
            state.repositories.values.filter { state.installation(of: $0)?.id == installation.id }
        }
        let named = try (names ?? []).map { name in
            guard let found = theirs.first(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw Self.foreignRepository
            }
            return found.id
        }
        guard (ids ?? []).allSatisfy({ id in theirs.contains { $0.id == id } }) else { throw Self.foreignRepository }
        return Set(named + (ids ?? []))
    }

    private static let foreignRepository = APIRefusal(
        status: 422,
        message: "There is at least one repository that does not exist or is not accessible to the parent installation.")

    static func covers(_ granted: String?, _ wanted: String) -> Bool {
        let ranks = ["read": 1, "write": 2, "admin": 3]
        return ranks[granted ?? "", default: 0] >= ranks[wanted, default: 9]
    }
}
