import Crypto
import Foundation
import HTTP
import JSON
import Subprocess
import Synchronization

/// A strict GitHub on this machine, made like an Enterprise Server: the REST API below `/api/v3`, repositories over HTTP
/// by the real `git http-backend`. It takes only what docs.github.com allows, and remembers what it was asked.
package final class GitHubStandIn: Sendable {
    package static let appID = "314159"
    package static let appSlug = "iterapp-test"
    /// What the App asks for; installations grant it unless they say otherwise.
    package static let usualPermissions = [
        "metadata": "read", "contents": "read", "checks": "write", "deployments": "write",
    ]

    package let keys: GitHubKeys
    let directory: URL
    let state = Mutex(State())

    /// - Parameter directory: for bare repositories.
    package init(in directory: URL) async throws {
        keys = try await GitHubKeys.shared()
        self.directory = directory
        var settings = HTTPServerSettings()
        settings.port = 0
        settings.maxBodyBytes = { _ in 64 << 20 }
        let server = HTTPServer(settings) { [weak self] in await self?.answer($0) ?? .text(503, "") }
        let port = try server.start()
        state.withLock {
            $0.server = server
            $0.port = port
        }
    }

    package func stop() async {
        recover()
        let (server, held) = state.withLock { state in
            state.isStopping = true
            defer { state.held = [] }
            return (state.server, state.held)
        }
        for one in held { one.finish() }
        await server?.stop(grace: .zero)
    }

    /// For `GITHUB_URL`.
    package var url: String { "http://127.0.0.1:\(state.withLock { $0.port })" }
    package var api: String { url + "/api/v3" }

    /// What it takes for the time of day.
    var now: Date { Date.now.addingTimeInterval(state.withLock { $0.clockAhead }) }

    package func setClock(aheadBySeconds seconds: TimeInterval) { state.withLock { $0.clockAhead = seconds } }

    /// How long the tokens last that are handed out from now on.
    package func setTokenLife(seconds: TimeInterval) { state.withLock { $0.tokenSeconds = seconds } }

    /// The requests so far, the oldest first.
    package var exchanges: [Exchange] { state.withLock { $0.exchanges } }

    /// Called with each request before it is answered, while the client waits.
    package func observe(_ observer: @escaping @Sendable (HTTPRequest) -> Void) {
        state.withLock { $0.observer = observer }
    }

    package func exchanges(_ method: String, _ part: String) -> [Exchange] {
        exchanges.filter { $0.method == method && $0.path.contains(part) }
    }

    /// Makes an empty repository.
    @discardableResult
    package func addRepository(_ owner: String, _ name: String) async throws -> Repository {
        let id = state.withLock { $0.nextID() }
        let bare = directory.appending(path: "\(id).git", directoryHint: .isDirectory)
        try await git(nil, ["init", "--quiet", "--bare", "--initial-branch=main", bare.path])
        // As GitHub answers: partial clones, and objects by their digits.
        for name in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
            try await git(nil, ["--git-dir=\(bare.path)", "config", name, "true"])
        }
        let repository = Repository(id: id, owner: owner, name: name, directory: bare)
        state.withLock { $0.repositories[id] = repository }
        return repository
    }

    package func repository(_ id: Int) -> Repository? { state.withLock { $0.repositories[id] } }
    package func repository(_ fullName: String) -> Repository? { state.withLock { $0.repository(fullName) } }

    /// As on the repository's settings page: the old name leads to the new one from now on.
    package func rename(_ id: Int, owner: String? = nil, name: String) {
        state.withLock { state in
            guard let old = state.repositories[id] else { return }
            state.renamed[old.fullName.lowercased()] = id
            state.repositories[id]?.owner = owner ?? old.owner
            state.repositories[id]?.name = name
        }
    }

    package func change(_ id: Int, _ change: (inout Repository) -> Void) {
        state.withLock { state in
            guard var repository = state.repositories[id] else { return }
            change(&repository)
            state.repositories[id] = repository
        }
    }

    package func removeRepository(_ id: Int) { state.withLock { $0.repositories[id] = nil } }

    /// - Parameter repositoryIDs: nil for all of the owner's.
    @discardableResult
    package func install(
        on owner: String, repositoryIDs: Set<Int>? = nil,
        permissions: [String: String] = GitHubStandIn.usualPermissions
    ) -> Installation {
        state.withLock { state in
            let installation = Installation(
                id: state.nextID(), owner: owner, repositoryIDs: repositoryIDs, permissions: permissions)
            state.installations[installation.id] = installation
            return installation
        }
    }

    package func changeInstallation(_ id: Int, _ change: (inout Installation) -> Void) {
        state.withLock { state in
            guard var installation = state.installations[id] else { return }
            change(&installation)
            state.installations[id] = installation
        }
    }

    /// Its tokens end with it.
    package func uninstall(_ id: Int) {
        state.withLock { state in
            state.installations[id] = nil
            state.tokens = state.tokens.filter { $0.value.installation != id }
        }
    }

    /// A personal access token that may do everything a person may.
    package func addPersonalToken() -> String {
        let token = "ghp_" + hex(randomBytes(18))
        let end = now.addingTimeInterval(86_400)
        state.withLock {
            $0.tokens[token] = Token(installation: nil, repositoryIDs: nil, permissions: nil, end: end)
        }
        return token
    }

    /// All that were handed out, or given to people.
    package var knownTokens: [String] { state.withLock { Array($0.tokens.keys) } }

    package func revokeTokens() { state.withLock { $0.tokens = [:] } }

    @discardableResult
    func git(_ repository: Repository?, _ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        let place = repository.map { ["--git-dir=\($0.directory.path)"] } ?? []
        var run = ProgramRun("git", place + arguments, timeLimit: .seconds(30))
        run.input = input
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw TestFailure("git \(arguments): \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
        return result.output
    }
}
