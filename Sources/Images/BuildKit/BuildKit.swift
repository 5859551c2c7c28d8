import Deploys
import Foundation
import Subprocess

/// A BuildKit, and the client that talks to it, `buildctl`.
package struct BuildKit: Sendable {
    /// Files for mutual TLS, in PEM.
    package struct TLS: Sendable, Equatable {
        package var authority: String
        package var certificate: String
        package var key: String

        package init(authority: String, certificate: String, key: String) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    /// Where it listens, as BUILDKIT_HOST has it: `tcp://buildkitd.iterapp-builds.svc:1234`, `unix:///run/…`.
    package let host: String
    private let tls: TLS?
    private let environment: [String: String]

    static let program = "buildctl"
    /// A build that is stopped is to be gone within two seconds.
    private static let killGrace = Duration.seconds(1)

    /// - Parameters:
    ///   - environment: what the client may see; PATH is searched for it.
    package init(host: String, tls: TLS? = nil, environment: [String: String]) {
        self.host = host
        self.tls = tls
        var own = environment
        own["DOCKER_HOST"] = nil
        own["BUILDKIT_HOST"] = host
        self.environment = own
    }

    /// Runs `buildctl build`.
    /// - Parameters:
    ///   - dockerConfig: the folder with the client's `config.json`; nil for the operator's.
    ///   - onBytes: gets what it prints to standard error.
    /// - Returns: its exit code.
    func build(
        _ arguments: [String], dockerConfig: String?, timeLimit: Duration,
        onBytes: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws(BuildKitRunError) -> Int32 {
        var run = ProgramRun(Self.program, connection + ["build"] + arguments, timeLimit: timeLimit)
        run.inheritsEnvironment = false
        run.environment = environment.mapValues(Optional.some)
        if let dockerConfig { run.environment["DOCKER_CONFIG"] = dockerConfig }
        run.killGrace = Self.killGrace
        run.maxOutputBytes = 0
        do {
            return try await run.run { stream, bytes in
                if stream == .error { onBytes(bytes) }
            }.exitCode
        } catch {
            switch error {
            case .cancelled: throw .build(.cancelled)
            case .timedOut: throw .timedOut
            case .notFound: throw .build(.engineUnavailable(Self.missing))
            case .cannotStart: throw .build(.engineUnavailable("BuildKit's client can't be used: \(error)."))
            }
        }
    }

    private static let missing =
        "The program `buildctl` was not found where Iterapp runs; install it from "
        + "https://github.com/moby/buildkit/releases into a folder of PATH."

    private var connection: [String] {
        guard let tls else { return [] }
        return ["--tlscacert=" + tls.authority, "--tlscert=" + tls.certificate, "--tlskey=" + tls.key]
    }

    /// BuildKit as sentences speak of it.
    var place: BuildPlace {
        BuildPlace(
            name: "BuildKit", cleaning: "buildctl prune", silence: silence, host: host,
            signingIn: "give Iterapp credentials for it (ITERAPP_REGISTRY_AUTH_FILE, or `docker login` where it runs)")
    }

    /// Why nothing came from it.
    @Sendable private func silence(_ reason: String) -> String {
        let cause = reason.split(whereSeparator: \.isNewline).first.map { " (\($0))" } ?? ""
        // A daemon that wants TLS hangs up on whoever speaks without.
        if ["x509", "tls:", "certificate", "server preface"].contains(where: reason.contains) {
            return "BuildKit at \(host) and Iterapp don't take each other's certificates\(cause); see to the files "
                + "that ITERAPP_BUILDKIT_TLS_CA, _CERT and _KEY name."
        }
        return "BuildKit at \(host) does not answer\(cause); see that it runs, and that BUILDKIT_HOST says where."
    }
}

/// How a run of the client can end without an exit code.
enum BuildKitRunError: Error {
    case timedOut
    case build(BuildError)
}
