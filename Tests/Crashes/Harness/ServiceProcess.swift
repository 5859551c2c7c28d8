import Foundation
import HTTP
import Subprocess
import Synchronization
import TestSupport

/// `iterapp serve` as operators start it, on a stage, once or again and again.
final class ServiceProcess: Sendable {
    private let stage: CrashStage
    private let program = Mutex<RunningProgram?>(nil)
    private static let readyTimeLimit = Duration.seconds(60)

    init(_ stage: CrashStage) { self.stage = stage }

    private var logFile: URL { stage.directory.appending(path: "serve.log") }
    var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// Starts it, and does not wait.
    /// - Parameter faults: variables of the shim that spoils writes.
    func launch(faults: [String: String] = [:]) throws {
        let all = stage.variables.merging(faults) { $1 }
        let started = try RunningProgram(
            DemoProcess.binary.path, ["serve"], environment: all.mapValues(Optional.some), logFile: logFile.path)
        program.withLock { $0 = started }
    }

    var isRunning: Bool { program.withLock { $0?.isRunning } == true }
    /// Nil while it runs.
    var exitCode: Int32? { program.withLock { $0?.exitCode } }

    /// - Returns: false when it ended instead.
    func waitUntilReady() async throws -> Bool {
        let deadline = ContinuousClock.now + Self.readyTimeLimit
        let request = HTTPClientRequest("GET", stage.url + "/readyz", timeout: .seconds(2))
        while ContinuousClock.now < deadline {
            guard isRunning else { return false }
            if (try? await stage.http.send(request))?.status == 200 { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("the service is not ready after \(Self.readyTimeLimit):\n\(log.suffix(4_000))")
    }

    /// SIGKILL to it alone.
    /// - Returns: its exit code, 137 unless it ended by itself before.
    @discardableResult
    func kill() async -> Int32 {
        guard let running = program.withLock({ $0 }) else { return 0 }
        if running.isRunning { _ = Glibc.kill(running.pid, SIGKILL) }
        return await running.wait()
    }

    /// SIGTERM, and time to end.
    func stop() async {
        await program.withLock { $0 }?.terminate(grace: .seconds(15))
    }
}
