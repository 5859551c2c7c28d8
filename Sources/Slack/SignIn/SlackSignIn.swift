import Deploys
import Foundation
import HTTP
import JSON

/// Sign in with Slack (docs.slack.dev, "Sign in with Slack"; OpenID Connect Core 1.0, section 3.1).
package struct SlackSignIn: SignIn {
    /// The app's, as its page in Slack says under Basic Information.
    package struct Client: Sendable {
        let id: String
        package let secret: String
        /// Where people come back to: one of the app's redirect URLs, to the letter.
        let redirectURL: String

        package init(id: String, secret: String, redirectURL: String) {
            self.id = id
            self.secret = secret
            self.redirectURL = redirectURL
        }
    }

    private let client: Client
    private let http: HTTPClient
    private let apiURL: String
    private let installation: InstallationKeeper

    static let timeout = Duration.seconds(10)
    static let maxAnswerBytes = 64 << 10
    /// Who they are and what they are called; nothing else is asked for.
    package static let scopes = ["openid", "profile"]

    /// - Parameter apiURL: `https://slack.com/api/`; people are sent to its host.
    package init(_ client: Client, http: HTTPClient, apiURL: String, installation: InstallationKeeper) {
        self.client = client
        self.http = http
        self.apiURL = apiURL.hasSuffix("/") ? apiURL : apiURL + "/"
        self.installation = installation
    }

    package func address(state: String, nonce: String) -> String {
        var fields = [
            ("response_type", "code"), ("scope", Self.scopes.joined(separator: " ")), ("client_id", client.id),
            ("state", state), ("nonce", nonce), ("redirect_uri", client.redirectURL),
        ]
        // Spares people who are in several workspaces the choice.
        if let installation = installation.installation, !installation.isOrganisationWide {
            fields.append(("team", installation.teamID))
        }
        let root = apiURL.hasSuffix("/api/") ? apiURL.dropLast("api/".count) : apiURL[...]
        return root + "openid/connect/authorize?" + Self.form(fields)
    }

    package func person(code: String, nonce: String, at now: Date) async throws(SignInError) -> Person {
        guard let installation = installation.installation else {
            throw .outage("it is not known yet which workspace is ours")
        }
        let answer = try await exchange(code)
        guard let text = answer["id_token"]?.string, let token = IDToken(text) else {
            throw .refused("the answer holds no ID token")
        }
        try token.check(clientID: client.id, nonce: nonce, installation, at: now)
        return token.person
    }

    private func exchange(_ code: String) async throws(SignInError) -> JSON {
        let body = Self.form([
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.redirectURL),
            ("client_id", client.id), ("client_secret", client.secret),
        ])
        let request = HTTPClientRequest(
            "POST", apiURL + "openid.connect.token", headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(body.utf8), timeout: Self.timeout, maxBodyBytes: Self.maxAnswerBytes)
        let response: HTTPClientResponse
        do throws(HTTPClientError) { response = try await http.send(request) } catch {
            throw .outage("\(SlackCallError(error))")
        }
        guard response.status == 200, let answer = try? JSON.parse(response.body) else {
            throw .outage("Slack answered \(response.status)")
        }
        guard answer["ok"] == true else { throw .refused(answer["error"]?.string ?? "unknown_error") }
        return answer
    }

    /// application/x-www-form-urlencoded, which a query may be, too.
    private static func form(_ fields: [(String, String)]) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }.joined(separator: "&")
    }
}
