import Deploys
import Foundation
import HTTP
import Subprocess

/// A Docker Engine, and the client that talks to it.
package final class DockerEngine: Sendable {
    /// Where the engine listens, as DOCKER_HOST has it: `unix:///var/run/docker.sock`.
    package let host: String

    private let environment: [String: String]
    private let clients: DockerClients
    /// The path of its Unix socket; nil when the engine is reached in another way.
    private let socket: String?
    private let http: HTTPClient

    /// What the client may see of our environment: never a secret of Slack or GitHub.
    private static let inherited = [
        "PATH", "HOME", "LANG", "TMPDIR", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
        "SSH_AUTH_SOCK",
    ]
    private static let questionTimeLimit = Duration.seconds(15)

    /// - Parameters:
    ///   - environment: where DOCKER_HOST, DOCKER_CONFIG, PATH and HOME are taken from.
    ///   - socket: the path of the engine's socket; nil for what DOCKER_HOST says, or the usual one.
    ///   - http: asks the engine what needs no client.
    package init(environment: [String: String], socket: String? = nil, http: HTTPClient = HTTPClient()) {
        let told = environment["DOCKER_HOST"] ?? ""
        host = socket.map { "unix://" + $0 } ?? (told.isEmpty ? "unix:///var/run/docker.sock" : told)
        self.socket = host.hasPrefix("unix://") ? String(host.dropFirst("unix://".count)) : nil
        self.http = http
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
            _ = try await clients.path()
        } catch {
            if case .engineUnavailable(let sentence) = error { return sentence }
            return silence("the question was cancelled")
        }
        return await silence()
    }

    /// Whether the engine answers, client or not.
    package func answers() async -> Bool { await silence() == nil }

    private func silence() async -> String? {
        do {
            if let socket {
                let answer = try await http.send(request("/_ping", socket))
                return answer.status == 200 ? nil : silence("it answered with status \(answer.status)")
            }
            let result = try await ask(["version", "--format", "{{.Server.Version}}"])
            return result.exitCode == 0 ? nil : silence(String(decoding: result.errorOutput, as: UTF8.self))
        } catch let error as HTTPClientError {
            return silence(error.description)
        } catch {
            return silence("there is no client to ask it with")
        }
    }

    /// Whether the engine has an image of that name or id; nil when it does not answer.
    func has(_ image: String) async -> Bool? {
        guard let socket else {
            guard let result = try? await ask(["image", "inspect", "--format", "{{.Id}}", "--", image]) else {
                return nil
            }
            if result.exitCode == 0 { return true }
            return String(decoding: result.errorOutput, as: UTF8.self).contains("No such image") ? false : nil
        }
        // https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageInspect
        let name = image.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? image
        switch (try? await http.send(request("/images/\(name)/json", socket)))?.status {
        case 200: return true
        case 404: return false
        default: return nil
        }
    }

    private func request(_ path: String, _ socket: String) -> HTTPClientRequest {
        HTTPClientRequest("GET", "http://docker" + path, timeout: Self.questionTimeLimit, unixSocket: socket)
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

    /// The engine as sentences speak of it.
    var place: BuildPlace {
        BuildPlace(
            name: "the Docker Engine", cleaning: "docker system prune", silence: silence, host: host,
            signingIn: "sign in with `docker login` where Iterapp runs")
    }

    /// Why nothing came from the engine.
    @Sendable func silence(_ reason: String) -> String {
        let cause = reason.split(whereSeparator: \.isNewline).first.map { " (\($0))" } ?? ""
        if reason.lowercased().contains("permission denied") {
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
