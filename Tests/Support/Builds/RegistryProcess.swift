import Foundation
import Subprocess
import Synchronization

/// Debian's docker-registry, started for a test: plain HTTP, on a port of its own.
package final class RegistryProcess: Sendable {
    /// `127.0.0.1:40123`
    package let address: String
    private let program: RunningProgram

    private static let path = "/usr/bin/docker-registry"
    private static let readyTimeLimit = Duration.seconds(30)

    /// Why none can be had here; nil when one can.
    package static var obstacle: String? {
        access(path, X_OK) == 0 ? nil : "no registry to push to; install docker-registry"
    }

    /// Starts it, and waits until it answers.
    /// - Parameters:
    ///   - directory: for what is pushed.
    ///   - settings: more of its configuration, as lines of YAML.
    package init(in directory: URL, _ settings: String = "") async throws {
        // The registry does not tell a port that it chose itself.
        address = "127.0.0.1:\(try freePort())"
        let whole = """
            version: 0.1
            storage: {filesystem: {rootdirectory: "\(directory.path)/registry"}}
            http: {addr: "\(address)"}
            \(settings)

            """
        let file = directory.appending(path: "registry.yml")
        let log = directory.appending(path: "registry.log")
        try Data(whole.utf8).write(to: file)
        program = try RunningProgram(Self.path, ["serve", file.path], logFile: log.path)
        let deadline = ContinuousClock.now + Self.readyTimeLimit
        while ContinuousClock.now < deadline, program.isRunning {
            if (try? String(contentsOf: log, encoding: .utf8))?.contains("listening on") == true { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        await stop()
        throw TestFailure("the registry did not start: \((try? String(contentsOf: log, encoding: .utf8)) ?? "")")
    }

    package func stop() async { await program.terminate(grace: .zero) }
}
