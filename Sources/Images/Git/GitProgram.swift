import Deploys
import Foundation
import Subprocess

/// Runs `git` so that nothing but our own settings decides what it does: no settings of the system,
/// of the user or of the repository being read, no hooks, no prompts, no helpers.
struct GitProgram: Sendable {
    private let environment: [String: String]

    /// What Git and the programs it starts (ssh, the HTTP transport) may see of our environment.
    private static let inherited = [
        "PATH", "HOME", "TMPDIR", "SSH_AUTH_SOCK", "GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]

    /// - Parameter configuration: a file holding `GitProgram.settings`.
    init(environment: [String: String], configuration: URL) {
        var own = environment.filter { Self.inherited.contains($0.key) }
        own["GIT_CONFIG_GLOBAL"] = configuration.path
        own["GIT_CONFIG_NOSYSTEM"] = "1"
        own["GIT_ATTR_NOSYSTEM"] = "1"
        own["GIT_NO_REPLACE_OBJECTS"] = "1"
        own["GIT_ALLOW_PROTOCOL"] = "file:http:https:ssh"
        own["GIT_TERMINAL_PROMPT"] = "0"
        own["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes -oConnectTimeout=\(Self.connectTimeLimitSeconds)"
        // Failures are told apart by Git's English texts.
        own["LC_ALL"] = "C"
        self.environment = own
    }

    private static let connectTimeLimitSeconds = 15

    /// The one file of settings that Git reads. A file and not the environment, because a fetch from
    /// a local path clears settings from the environment for the process that serves it.
    ///
    /// `safe.directory`: operators point us to repositories that may belong to other users; only
    /// `upload-pack` is run on them, which obeys none of their settings that name programs.
    /// Filters are named nowhere, so `filter=lfs` in `.gitattributes` runs nothing.
    /// `uploadpack`: what we allow ourselves when the remote is a local path.
    /// `fetch.unpackLimit`: only packs remember that what they lead to is left at the remote.
    static let settings = """
        [core]
            hooksPath = /dev/null
            attributesFile = /dev/null
            fsmonitor = false
            disambiguate = commit
            protectHFS = true
            protectNTFS = true
        [safe]
            directory = *
        [credential]
            helper =
        [gc]
            auto = 0
        [maintenance]
            auto = false
        [fetch]
            unpackLimit = 1
        [uploadpack]
            allowFilter = true
            allowAnySHA1InWant = true
        [submodule]
            recurse = false
        [http]
            lowSpeedLimit = 1000
            lowSpeedTime = 30

        """

    /// - Parameters:
    ///   - remote: whose environment Git gets, for commands that talk to it.
    ///   - extra: further variables, such as GIT_INDEX_FILE.
    ///   - onLine: called for each line of the output, on a thread of its own, in order.
    /// - Throws: only when Git did not run to its end; an exit code other than 0 is a result.
    func run(
        _ arguments: [String], remote: GitRemote? = nil, extra: [String: String] = [:],
        input: [UInt8] = [], timeLimit: Duration, maxOutputBytes: Int = 1 << 20,
        onLine: (@Sendable (String) -> Void)? = nil
    ) async throws(SourceError) -> ProgramResult {
        var run = ProgramRun("git", arguments, timeLimit: timeLimit)
        run.inheritsEnvironment = false
        run.input = input
        run.maxOutputBytes = maxOutputBytes
        let result = try await start(run, remote, extra, onLine)
        guard result.exitCode != 0, var remote, GitFailure(result).isUnauthorized,
            let renewed = await remote.renewed()
        else { return result }
        remote.environment = renewed
        return try await start(run, remote, extra, onLine)
    }

    private func start(
        _ run: ProgramRun, _ remote: GitRemote?, _ extra: [String: String], _ onLine: (@Sendable (String) -> Void)?
    ) async throws(SourceError) -> ProgramResult {
        var run = run
        run.environment =
            environment
            .merging(remote?.environment ?? [:]) { _, new in new }
            .merging(extra) { _, new in new }
            .mapValues(Optional.some)
        do {
            guard let onLine else { return try await run.run() }
            return try await run.run { stream, line in if stream == .standard { onLine(line) } }
        } catch {
            throw sourceError(error, remote)
        }
    }

    private func sourceError(_ error: ProgramError, _ remote: GitRemote?) -> SourceError {
        switch error {
        case .cancelled: .cancelled
        case .notFound: .broken("Git is not installed on this machine; install the package `git`.")
        case .cannotStart(_, let reason): .broken("Git could not be started: \(reason).")
        case .timedOut(_, let limit):
            if let remote {
                .unreachable(
                    "\(remote.shownURL) took longer than \(limit.components.seconds) s to answer Git.")
            } else {
                .broken("Git took longer than \(limit.components.seconds) s; the disk may be overloaded.")
            }
        }
    }
}
