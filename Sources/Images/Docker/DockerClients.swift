import Deploys
import Foundation
import Subprocess
import Synchronization

/// Finds a Docker client that can build with BuildKit.
///
/// Clients of 18.09 to 22 bring BuildKit along (`DOCKER_BUILDKIT=1`); from 23 on they leave it to the buildx
/// plugin and refuse without it (https://docs.docker.com/build/buildkit/, and measured). So whatever comes
/// first on PATH may not do, while another one does.
final class DockerClients: Sendable {
    private let candidates: [String]
    private let environment: [String: String]
    /// Only success is kept: somebody may install what was missing.
    private let found = Mutex<String?>(nil)

    /// Folders of a longer PATH are not looked at.
    private static let maxCandidates = 50
    private static let questionTimeLimit = Duration.seconds(10)

    /// - Parameters:
    ///   - environment: what the client may see; its PATH is searched.
    ///   - fallback: asked last, PATH or not.
    init(environment: [String: String], fallback: String = "/usr/bin/docker") {
        self.environment = environment
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter {
            $0.hasPrefix("/")
        }
        candidates = folders.prefix(Self.maxCandidates).map { $0 + "/docker" } + [fallback]
    }

    /// The path of a client that can build.
    func path() async throws(BuildError) -> String {
        if let path = found.withLock({ $0 }), isExecutable(path) { return path }
        var refused: [String] = []
        var asked: Set<String> = []
        for path in candidates where isExecutable(path) {
            // `/bin` may be a link to `/usr/bin`.
            guard asked.insert(URL(filePath: path).resolvingSymlinksInPath().path).inserted else { continue }
            switch try await ask(path) {
            case .canBuild:
                found.withLock { $0 = path }
                return path
            case .cannotBuild(let reason): refused.append("\(path) \(reason)")
            }
        }
        if refused.isEmpty {
            throw .engineUnavailable(
                "No Docker client is on PATH; install Docker (on Debian: `apt-get install docker.io`).")
        }
        throw .engineUnavailable(
            "No Docker client here can build with BuildKit (\(refused.joined(separator: "; "))); "
                + "install Docker's buildx plugin (`docker-buildx-plugin`).")
    }

    private enum Answer {
        case canBuild
        case cannotBuild(String)
    }

    /// Both questions are answered by the client alone, without an engine.
    private func ask(_ path: String) async throws(BuildError) -> Answer {
        guard let version = try await output(of: path, ["--version"]) else {
            return .cannotBuild("does not run")
        }
        guard let match = version.firstMatch(of: #/Docker version (\d+)\.(\d+)/#),
            let major = Int(match.1), let minor = Int(match.2)
        else { return .cannotBuild("is not Docker's client") }
        if (major, minor) < (18, 9) { return .cannotBuild("is too old (\(major).\(minor))") }
        if major < 23 { return .canBuild }
        let hasBuildx = try await output(of: path, ["buildx", "version"]) != nil
        return hasBuildx ? .canBuild : .cannotBuild("(version \(major)) lacks the buildx plugin")
    }

    /// Nil when the client does not answer with success.
    private func output(of path: String, _ arguments: [String]) async throws(BuildError) -> String? {
        var run = ProgramRun(path, arguments, timeLimit: Self.questionTimeLimit)
        run.inheritsEnvironment = false
        run.environment = environment.mapValues(Optional.some)
        do {
            let result = try await run.run()
            return result.exitCode == 0 ? String(decoding: result.output, as: UTF8.self) : nil
        } catch {
            if error == .cancelled { throw .cancelled }
            return nil
        }
    }

    private func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }
}
