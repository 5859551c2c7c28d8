import Foundation
import Subprocess
import TestSupport

/// A server that takes slash commands at `/slack/commands`, in processes of its own.
struct IntakeServer: Sendable {
    static let secret = "a secret that Slack and we know"
    private static let startTimeLimit = Duration.seconds(30)

    let name: String
    let port: Int
    /// What a good answer's body has.
    let mark: String
    private let process: RunningProgram

    /// Starts it, and returns when it listens.
    /// - Parameter arguments: made from the port that it shall listen at.
    init(
        _ name: String, mark: String = "", program: String, _ arguments: (_ port: Int) -> [String],
        environment: [String: String] = [:], listenVariable: String? = nil, port: Int? = nil, directory: URL
    ) async throws {
        self.name = name
        self.mark = mark
        let port = try port ?? freePort()
        self.port = port
        let log = directory.appending(path: "\(port).log")
        var environment = environment
        if let listenVariable { environment[listenVariable] = "127.0.0.1:\(port)" }
        process = try RunningProgram(
            program, arguments(port), environment: environment, directory: directory.path, logFile: log.path)
        let deadline = ContinuousClock.now + Self.startTimeLimit
        while !Self.isListening(port) {
            guard ContinuousClock.now < deadline, process.isRunning else {
                await process.terminate(grace: .zero)
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                throw TestFailure("\(name) did not start:\n\(text.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func stop() async { await process.terminate(grace: .seconds(10)) }

    /// Of it and its children, in bytes: what only they use, and their share of the rest (proc(5), `smaps_rollup`).
    func memory() -> Int {
        Self.family(of: process.pid).reduce(0) { sum, pid in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
            let kibibytes = text.firstMatch(of: /\nPss: +([0-9]+) kB/).flatMap { Int($0.1) } ?? 0
            return sum + kibibytes << 10
        }
    }

    private static func family(of pid: Int32) -> [Int32] {
        let path = "/proc/\(pid)/task/\(pid)/children"
        let children = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ").compactMap { Int32($0) }
        return [pid] + children.flatMap(family)
    }

    private static func isListening(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
