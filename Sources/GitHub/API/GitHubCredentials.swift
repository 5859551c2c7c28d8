import Deploys
import Foundation

/// Hands out what requests prove themselves with: the personal token, or a token of the App's installation,
/// narrowed to one repository and one purpose. Tokens are kept in memory alone, until shortly before they
/// end.
package actor GitHubCredentials {
    private struct Key: Hashable {
        let repository: AppID
        let purpose: GitHubPurpose
    }

    private struct Kept {
        let authorization: GitHubAuthorization
        let end: Date
    }

    private typealias Answer = Result<GitHubAuthorization, GitHubError>

    /// A token is given up this long before it ends, so that it lasts for what was begun with it.
    static let marginSeconds: TimeInterval = 300
    /// More than this many are not kept.
    static let maxTokens = 5_000

    private let identity: GitHubIdentity
    private let timing: GitHubTiming
    private let installations: Installations?
    private var kept: [Key: Kept] = [:]
    private var asked: [Key: SharedAnswer<Answer>] = [:]

    init(_ identity: GitHubIdentity, _ transport: GitHubTransport) {
        self.identity = identity
        timing = transport.timing
        installations = if case .app(let app) = identity { Installations(AppAPI(app, transport)) } else { nil }
    }

    /// Whether it is an App that asks, and not a person.
    nonisolated var isApp: Bool { if case .app = identity { true } else { false } }

    /// However many ask at the same time, GitHub is asked once.
    func authorization(
        for repository: AppID, _ purpose: GitHubPurpose
    ) async throws(GitHubError) -> GitHubAuthorization {
        guard let installations else {
            guard case .token(let secret) = identity else { throw .cancelled }
            return GitHubAuthorization(secret: secret, account: "token")
        }
        let key = Key(repository: repository, purpose: purpose)
        if let known = kept[key], known.end > timing.now() { return known.authorization }
        let answer = asked[key] ?? ask(key, installations)
        guard let result = await answer.wait() else { throw .cancelled }
        return try result.get()
    }

    /// In a task of its own: whoever asked first may give up, the others still wait.
    private func ask(_ key: Key, _ installations: Installations) -> SharedAnswer<Answer> {
        let answer = SharedAnswer<Answer>()
        asked[key] = answer
        Task {
            let result: Result<Installations.Token, GitHubError>
            do throws(GitHubError) {
                result = .success(try await installations.token(for: key.repository, key.purpose))
            } catch {
                result = .failure(error)
            }
            answer.give(self.keep(result, key))
        }
        return answer
    }

    private func keep(_ result: Result<Installations.Token, GitHubError>, _ key: Key) -> Answer {
        asked[key] = nil
        return result.map { token in
            let now = timing.now()
            if kept.count >= Self.maxTokens { kept = kept.filter { $0.value.end > now } }
            if kept.count >= Self.maxTokens { kept = [:] }
            let left = token.end.timeIntervalSince(now)
            let end = token.end.addingTimeInterval(-min(Self.marginSeconds, left / 2))
            kept[key] = Kept(authorization: token.authorization, end: end)
            return token.authorization
        }
    }

    /// GitHub did not take it (401): it is not handed out again.
    /// - Returns: whether there may be another one.
    func refused(_ authorization: GitHubAuthorization) -> Bool {
        guard installations != nil else { return false }
        kept = kept.filter { $0.value.authorization.secret != authorization.secret }
        return true
    }

    /// What a webhook says about who is installed where; it spares asking.
    /// - Parameter repositoryID: stays the same when the repository is renamed.
    package func note(installation: Int, repositoryID: Int?, of repository: AppID) async {
        await installations?.note(installation, repositoryID: repositoryID, of: repository)
    }

    /// The installation was removed, suspended, changed, or given other permissions: nothing that is known of
    /// it holds.
    package func forget(installation: Int) async {
        await installations?.forget(installation)
        let account = Installations.account(installation)
        kept = kept.filter { $0.value.authorization.account != account }
    }
}
