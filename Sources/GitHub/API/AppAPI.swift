import Deploys
import Foundation
import HTTP
import JSON
import Synchronization

/// What a GitHub App asks for as itself, with a JWT: its installations, and their tokens.
final class AppAPI: Sendable {
    struct Installation: Sendable {
        let id: Int
        let isSuspended: Bool
        let permissions: [String: String]
        /// Of the repository that was asked about, when its name has changed since.
        let repositoryID: Int?
    }

    struct Token: Sendable {
        let secret: GitHubSecret
        /// On our own clock.
        let end: Date
    }

    private let app: GitHubApp
    private let transport: GitHubTransport
    /// By how much GitHub's clock is ahead of ours, as far as it matters.
    private let skew = Mutex<TimeInterval>(0)

    /// Clocks that differ by less are no reason to refuse a JWT.
    static let maxIgnoredSkewSeconds: TimeInterval = 5

    init(_ app: GitHubApp, _ transport: GitHubTransport) {
        self.app = app
        self.transport = transport
    }

    /// - Throws: `.notFound` when the App is not installed for the repository, or there is none.
    func installation(of repository: AppID) async throws(GitHubError) -> Installation {
        let answer = try await send(GitHubCall(.get, GitHubCall.path(of: repository, "installation")))
        let body = try answer.json()
        guard let id = body["id"]?.int else { throw .malformed("an installation without `id`") }
        return Installation(
            id: id, isSuspended: body["suspended_at"]?.string != nil,
            permissions: (body["permissions"]?.object ?? [:]).compactMapValues(\.string),
            repositoryID: Self.repositoryID(answer.url))
    }

    /// Of `…/repositories/12/installation`, which a repository's former name leads to.
    private static func repositoryID(_ url: String) -> Int? {
        url.firstMatch(of: #//repositories/([0-9]+)/#).flatMap { Int($0.1) }
    }

    /// - Parameter repositoryID: nil goes by the name.
    /// - Throws: `.notFound` when the installation is gone, `.forbidden` when it is suspended, `.invalid` when it
    ///   has not got the repository or the permissions.
    func token(
        of installation: Int, repository: AppID, repositoryID: Int?, _ permissions: [String: String]
    ) async throws(GitHubError) -> Token {
        var body: JSON = ["permissions": .object(permissions.mapValues(JSON.string))]
        if let repositoryID {
            body["repository_ids"] = [.int(repositoryID)]
        } else {
            body["repositories"] = [.string(repository.name)]
        }
        // A token that nobody got is harmless.
        let call = GitHubCall(
            .post, "/app/installations/\(installation)/access_tokens", body: body, mayBeRepeated: true)
        let asked = transport.timing.now()
        let answer = try await send(call)
        let json = try answer.json()
        guard let token = json["token"]?.string, let end = GitHubTime.moment(json["expires_at"]?.string) else {
            throw .malformed("an installation token without `token` or `expires_at`")
        }
        // Counted from when we asked, by GitHub's clock: whatever ours says, it lasts no longer.
        let theirNow = GitHubTime.field(answer.headers["Date"]) ?? asked
        return Token(secret: GitHubSecret(token), end: asked.addingTimeInterval(end.timeIntervalSince(theirNow)))
    }

    /// Where people install the App.
    func installLink() async throws(GitHubError) -> String? {
        let page = try await send(GitHubCall(.get, "/app")).json()["html_url"]?.string
        return page.flatMap { $0.hasPrefix("http") ? $0 + "/installations/new" : nil }
    }

    /// A JWT that is refused because our clock is wrong is written once more by GitHub's.
    private func send(_ call: GitHubCall) async throws(GitHubError) -> GitHubAnswer {
        let known = skew.withLock { $0 }
        do throws(GitHubError) {
            return try await transport.send(call, authorization(skew: known))
        } catch .badCredentials(let reason, let date) {
            let found = date?.timeIntervalSince(transport.timing.now()) ?? known
            guard abs(found - known) > Self.maxIgnoredSkewSeconds else { throw .badCredentials(reason, at: date) }
            let answer = try await transport.send(call, authorization(skew: found))
            skew.withLock { $0 = found }
            return answer
        }
    }

    private func authorization(skew: TimeInterval) -> GitHubAuthorization {
        GitHubAuthorization(
            secret: app.webToken(now: transport.timing.now().addingTimeInterval(skew)), account: "app")
    }
}
