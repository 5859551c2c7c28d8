import Deploys
import Foundation
import Subprocess

/// A Docker Engine, and the client that talks to it.
package final class DockerEngine: Sendable {
    /// Where the engine listens, as DOCKER_HOST has it: `unix:///var/run/docker.sock`.
    package let host: String

    private let environment: [String: String]
    private let clients: DockerClients

    /// What the client may see of our environment: never a secret of Slack or GitHub.
    private static let inherited = [
        "PATH", "HOME", "LANG", "TMPDIR", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
        "SSH_AUTH_SOCK",
    ]
    private static let questionTimeLimit = Duration.seconds(15)

    /// - Parameters:
    ///   - environment: where DOCKER_HOST, DOCKER_CONFIG, PATH and HOME are taken from.
    ///   - socket: the path of the engine's socket; nil for what DOCKER_HOST says, or the usual one.
    package init(environment: [String: String], socket: String? = nil) {
        let told = environment["DOCKER_HOST"] ?? ""
        host = socket.map { "unix://" + $0 } ?? (told.isEmpty ? "unix:///var/run/docker.sock" : told)
        var own = environment.filter { Self.inherited.contains($0.key) }
        own["DOCKER_HOST"] = host
        own["DOCKER_BUILDKIT"] = "1"
        own["DOCKER_CLI_HINTS"] = "false"
        // With buildx, people may have chosen a builder whose images never reach the engine; and an image
        // with attestations would be an index of images.
        own["BUILDX_BUILDER"] = "default"
        own["BUILDX_NO_DEFAULT_ATTESTATIONS"] = "1"
        self.environment = own
        clients = DockerClients(environment: own)
    }

    /// Whether builds can run: nil when they can, else a sentence that says what to install or start.
    package func problem() async -> String? {
        do throws(BuildError) {
            let result = try await ask(["version", "--format", "{{.Server.Version}}"])
            return result.exitCode == 0 ? nil : silence(String(decoding: result.errorOutput, as: UTF8.self))
        } catch {
            if case .engineUnavailable(let sentence) = error { return sentence }
            return silence("it took too long")
        }
    }

    /// Whether the engine has an image of that name or id.
    func has(_ image: String) async -> Bool {
        guard let result = try? await ask(["image", "inspect", "--format", "{{.Id}}", "--", image]) else {
            return false
        }
        return result.exitCode == 0
    }

    /// Runs the client with the engine's address and nothing of our environment that it need not see.
    func run(
        _ arguments: [String], timeLimit: Duration, onLine: (@Sendable (String) -> Void)? = nil
    ) async throws(DockerRunError) -> ProgramResult {
        let path: String
        do { path = try await clients.path() } catch { throw .build(error) }
        var run = ProgramRun(path, arguments, timeLimit: timeLimit)
        run.inheritsEnvironment = false
        run.environment = environment.mapValues(Optional.some)
        run.maxOutputBytes = 1 << 20
        do {
            return try await run.run { _, line in onLine?(line) }
        } catch {
            switch error {
            case .cancelled: throw .build(.cancelled)
            case .timedOut: throw .timedOut
            case .notFound, .cannotStart:
                throw .build(.engineUnavailable("The Docker client can't be used: \(error)."))
            }
        }
    }

    /// Why nothing came from the engine.
    func silence(_ reason: String) -> String {
        let cause = reason.split(whereSeparator: \.isNewline).first.map { " (\($0))" } ?? ""
        if reason.contains("permission denied") {
            return "The Docker Engine at \(host) may not be used by this user\(cause); "
                + "add the user to the group `docker`."
        }
        return "The Docker Engine at \(host) does not answer\(cause); start it (`systemctl start docker`), "
            + "or set DOCKER_HOST to where it listens."
    }

    private func ask(_ arguments: [String]) async throws(BuildError) -> ProgramResult {
        do { return try await run(arguments, timeLimit: Self.questionTimeLimit) } catch {
            switch error {
            case .build(let error): throw error
            case .timedOut: throw .engineUnavailable(silence("it took too long"))
            }
        }
    }
}

/// How a run of the client can end without an exit code.
enum DockerRunError: Error {
    case timedOut
    case build(BuildError)
}
