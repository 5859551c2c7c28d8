import Crypto
import Foundation
import HTTP
import Subprocess
import Synchronization

/// A Docker Engine of a test's own, which may be killed: with a bridge of its own, and without touching the machine's
/// firewall, so that the engine that others use is not disturbed.
package final class DockerEngineProcess: Sendable {
    package let socket: String
    private let directory: URL
    private let bridge: String
    private let client = HTTPClient()
    private let program = Mutex<RunningProgram?>(nil)

    package static let answerTimeLimit = Duration.seconds(60)
    private static let programs = ["/usr/sbin/dockerd", "/usr/sbin/ip"]

    /// Why none can be had here; nil when one can.
    package static var obstacle: String? {
        if geteuid() != 0 { return "only root can start a Docker Engine" }
        let missing = programs.filter { access($0, X_OK) != 0 }
        return missing.isEmpty ? nil : "\(missing.joined(separator: " and ")) is not installed"
    }

    /// - Parameter directory: for all of its files; short, for it holds Unix sockets.
    package init(in directory: URL) async throws {
        self.directory = directory
        socket = directory.appending(path: "docker.sock").path
        bridge = "ia" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
        // 10.219.0.0/16 is nobody's here, we hope; a bridge is made anew for each engine. Left to itself, a bridge
        // would take the hardware address of whichever container comes or goes, and the others would lose it.
        let number = UInt8.random(in: 0...UInt8.max)
        let address = "10.219.\(number).1/24"
        let hardwareAddress = "02:42:0a:db:" + hex([number]) + ":01"
        try await Self.run("/usr/sbin/ip", "link", "add", bridge, "address", hardwareAddress, "type", "bridge")
        try await Self.run("/usr/sbin/ip", "address", "add", address, "dev", bridge)
        try await Self.run("/usr/sbin/ip", "link", "set", bridge, "up")
    }

    /// Starts it, and waits until it answers.
    package func start() async throws {
        // What a killed engine left behind makes the next one wait for a containerd that is dead.
        try? FileManager.default.removeItem(at: directory.appending(path: "exec/containerd/containerd.pid"))
        let log = directory.appending(path: "dockerd.log").path
        let started = try RunningProgram(
            "/usr/sbin/dockerd",
            [
                "--host", "unix://\(socket)", "--data-root", directory.appending(path: "data").path,
                "--exec-root", directory.appending(path: "exec").path,
                "--pidfile", directory.appending(path: "pid").path, "--bridge", bridge,
                "--iptables=false", "--ip-forward=false", "--ip-masq=false", "--userland-proxy=false",
            ], logFile: log)
        program.withLock { $0 = started }
        let deadline = ContinuousClock.now + Self.answerTimeLimit
        while ContinuousClock.now < deadline, started.isRunning {
            let ping = HTTPClientRequest(
                "GET", "http://docker/_ping", timeout: .seconds(2), unixSocket: socket)
            if (try? await client.send(ping))?.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        let words = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw TestFailure("the Docker Engine did not start:\n\(words.suffix(4_000))")
    }

    /// SIGKILL. Containers outlive it until the next engine finds them.
    package func kill() async {
        guard let running = program.withLock({ $0 }), running.isRunning else { return }
        _ = Glibc.kill(running.pid, SIGKILL)
        _ = await running.wait()
    }

    /// Ends it, and removes what it made outside of its directory.
    package func end() async {
        await program.withLock { $0 }?.terminate(grace: .seconds(30))
        _ = try? await Self.run("/usr/sbin/ip", "link", "delete", bridge)
        // Foundation's ways to read a whole file stop after a page of it, because /proc tells no sizes.
        let file = FileHandle(forReadingAtPath: "/proc/self/mounts")
        var mounts = ""
        while let bytes = file?.readData(ofLength: 4_096), !bytes.isEmpty {
            mounts += String(decoding: bytes, as: UTF8.self)
        }
        for line in mounts.split(separator: "\n").reversed() {
            let fields = line.split(separator: " ")
            guard fields.count > 1, fields[1].hasPrefix(directory.path + "/") else { continue }
            umount2(String(fields[1]), Int32(MNT_DETACH))
        }
    }

    private static func run(_ program: String, _ arguments: String...) async throws {
        let result = try await ProgramRun(program, arguments, timeLimit: .seconds(10)).run()
        guard result.exitCode == 0 else {
            let errors = String(decoding: result.errorOutput, as: UTF8.self)
            throw TestFailure("\(program) \(arguments.joined(separator: " ")): \(errors)")
        }
    }
}
