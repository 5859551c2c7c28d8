import Foundation
import HTTP
import Subprocess
import Synchronization

/// A real `iterapp demo`, in a directory of its own, driven from outside as Slack, a developer and a browser would.
package final class DemoProcess: Sendable {
    package let directory: URL
    package let port: Int
    let client = HTTPClient()
    private let environment: [String: String?]
    private let program = Mutex<RunningProgram?>(nil)

    package static let readyTimeLimit = Duration.seconds(60)
    /// What the program promises.
    package static let stopTimeLimit = Duration.seconds(10)

    /// - Parameter environment: added to the inherited one; nil removes a variable.
    package init(in directory: URL, environment: [String: String?] = [:]) throws {
        self.directory = directory
        self.environment = environment.merging([
            // Starting a database server takes longer than most tests.
            "SLACK_SIGNING_SECRET": nil, "ITERAPP_DEMO_POSTGRES": "false",
        ]) { told, _ in told }
        port = try freePort()
    }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var logFile: URL { directory.appending(path: "demo.log") }
    /// Of its embedded cluster.
    package var kubeconfig: URL { directory.appending(path: "kubeconfig") }
    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// The sample repository.
    package var cats: GitRepository { repository("cats") }

    package func repository(_ name: String) -> GitRepository {
        GitRepository(directory: directory.appending(path: "repositories/\(name)"))
    }

    /// The program that was built together with this one, or another one that `ITERAPP_TEST_BINARY` names: a release
    /// build, or one with a sanitizer.
    package static var binary: URL {
        if let path = ProcessInfo.processInfo.environment["ITERAPP_TEST_BINARY"] { return URL(filePath: path) }
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "iterapp")
    }

    // MARK: Its life

    /// Starts the demo and waits until it takes work.
    package func start() async throws {
        try launch()
        try await waitUntilReady()
    }

    package func launch() throws {
        let started = try RunningProgram(
            Self.binary.path, ["demo", "--port", String(port), "--dir", directory.path],
            environment: environment, logFile: logFile.path)
        program.withLock { $0 = started }
    }

    package func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + Self.readyTimeLimit
        while ContinuousClock.now < deadline, program.withLock({ $0?.isRunning }) == true {
            if let answer = try? await get("/readyz"), answer.status == 200 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("the demo did not start:\n\(log)")
    }

    package var isRunning: Bool { program.withLock { $0?.isRunning } == true }

    /// SIGKILL, and no word of farewell.
    package func kill() async {
        guard let running = program.withLock({ $0 }), running.isRunning else { return }
        _ = Glibc.kill(running.pid, SIGKILL)
        _ = await running.wait()
    }

    /// SIGTERM; returns how long the stop took and the exit code.
    @discardableResult
    package func stop() async -> (took: Duration, exitCode: Int32) {
        guard let running = program.withLock({ $0 }) else { return (.zero, 0) }
        let start = ContinuousClock.now
        let code = await running.terminate(grace: .seconds(30))
        return (ContinuousClock.now - start, code)
    }

    // MARK: What is left behind

    /// Removes the images that were built: engines are shared, and their disks are not endless.
    package func removeImages() async {
        guard let images = try? DemoRecords(of: self).images, !images.isEmpty else { return }
        var run = ProgramRun("docker", ["image", "rm", "--force"] + images, timeLimit: .seconds(60))
        run.environment = environment.filter { $0.key == "DOCKER_HOST" }
        _ = try? await run.run()
    }
}

package struct TestFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Gives `body` a running demo in a fresh directory; afterwards nothing is left of it.
package func withDemo(
    environment: [String: String?] = [:], _ body: (DemoProcess) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let demo = try DemoProcess(in: directory, environment: environment)
        let result: Result<Void, any Error>
        do {
            try await demo.start()
            result = .success(try await body(demo))
        } catch {
            result = .failure(error)
        }
        let stop = await demo.stop()
        await demo.removeImages()
        try result.get()
        guard stop.took < DemoProcess.stopTimeLimit else {
            throw TestFailure("the demo took \(stop.took) to stop:\n\(demo.log)")
        }
    }
}

/// A TCP port on loopback that nobody uses now.
package func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw TestFailure("no port is free") }
    return Int(UInt16(bigEndian: address.sin_port))
}
