import Crypto
import Foundation
import JSON
import Synchronization

/// Sign in with Slack, Slack's side (docs.slack.dev, "Sign in with Slack", and "openid.connect.token").
package final class SignInDesk: Sendable {
    /// The app, as its page in Slack has it.
    package struct Client: Sendable {
        let id: String
        let secret: String
        let redirectURLs: Set<String>

        package init(id: String, secret: String, redirectURLs: Set<String>) {
            self.id = id
            self.secret = secret
            self.redirectURLs = redirectURLs
        }
    }

    /// What an app asks of somebody's browser.
    struct Wish: Sendable {
        let redirectURL: String
        let state: String
        let nonce: String?
    }

    private struct Code {
        let wish: Wish
        let member: String
        let madeAt: Date
        var isUsed = false
    }

    private struct State {
        var client: Client?
        var codes: [String: Code] = [:]
        var claims: [String: JSON] = [:]
    }

    /// A code is exchanged within ten minutes.
    static let maxCodeSeconds: TimeInterval = 600
    private static let maxTokenSeconds = 300

    private let state = Mutex(State())
    private let now: @Sendable () -> Date

    init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func register(_ client: Client) { state.withLock { $0.client = client } }

    /// From now on tokens say this instead of the truth; null leaves a claim out.
    package func spoil(_ claims: [String: JSON]) { state.withLock { $0.claims = claims } }

    /// What is asked for, or why it can't be.
    func wish(_ query: [String: String]) throws(SlackRefusal) -> Wish {
        guard let client = state.withLock({ $0.client }), query["client_id"] == client.id else {
            throw SlackRefusal("invalid_client_id")
        }
        guard let url = query["redirect_uri"], client.redirectURLs.contains(url) else {
            throw SlackRefusal("bad_redirect_uri")
        }
        guard query["response_type"] == "code" else { throw SlackRefusal("invalid_response_type") }
        guard let scope = query["scope"], scope.split(separator: " ").contains("openid") else {
            throw SlackRefusal("invalid_scope")
        }
        if let team = query["team"], team != Workspace.teamID { throw SlackRefusal("invalid_team") }
        return Wish(redirectURL: url, state: query["state"] ?? "", nonce: query["nonce"])
    }

    /// Somebody has agreed.
    func code(for wish: Wish, member: String) -> String {
        let code = hex(randomBytes(24))
        state.withLock { $0.codes[code] = Code(wish: wish, member: member, madeAt: now()) }
        return code
    }

    /// Who a code stands for. A second use is refused.
    func redeem(_ arguments: SlackArguments) throws(SlackRefusal) -> (member: String, claims: JSON) {
        let (id, secret) = (try arguments.string("client_id"), try arguments.string("client_secret"))
        let (text, url) = (try arguments.string("code") ?? "", try arguments.string("redirect_uri"))
        let grantType = try arguments.string("grant_type") ?? "authorization_code"
        let found = state.withLock { state -> Result<(Code, State), SlackRefusal> in
            guard let client = state.client, id == client.id else { return .failure(SlackRefusal("invalid_client_id")) }
            guard secret == client.secret else { return .failure(SlackRefusal("bad_client_secret")) }
            guard grantType == "authorization_code" else { return .failure(SlackRefusal("invalid_grant_type")) }
            guard let code = state.codes[text] else { return .failure(SlackRefusal("invalid_code")) }
            if code.isUsed { return .failure(SlackRefusal("code_already_used")) }
            guard code.wish.redirectURL == url else { return .failure(SlackRefusal("bad_redirect_uri")) }
            guard now().timeIntervalSince(code.madeAt) <= Self.maxCodeSeconds else {
                return .failure(SlackRefusal("code_expired"))
            }
            state.codes[text]?.isUsed = true
            return .success((code, state))
        }
        let (code, state) = try found.get()
        return (code.member, claims(code, state))
    }

    private func claims(_ code: Code, _ state: State) -> JSON {
        let seconds = Int(now().timeIntervalSince1970)
        var claims: [String: JSON] = [
            "iss": "https://slack.com", "sub": .string(code.member), "aud": .string(state.client?.id ?? ""),
            "exp": .int(seconds + Self.maxTokenSeconds), "iat": .int(seconds), "auth_time": .int(seconds),
            "https://slack.com/team_id": .string(Workspace.teamID), "https://slack.com/user_id": .string(code.member),
        ]
        if let nonce = code.wish.nonce { claims["nonce"] = .string(nonce) }
        claims.merge(state.claims) { _, spoilt in spoilt }
        return .object(claims.filter { !$0.value.isNull })
    }
}
