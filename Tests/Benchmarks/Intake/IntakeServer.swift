import Foundation
import HTTP
import Subprocess
import TestSupport

/// A server that takes slash commands at `/slack/commands`, in processes of its own.
struct IntakeServer: Sendable {
    /// How it is started.
    struct Recipe: Sendable {
        let name: String
        /// What a good answer's body has.
        let mark: String
        let program: String
        let arguments: [String]
        var environment: [String: String?] = [:]
        let port: Int
        /// A page that answers 200 when commands can be taken; nil when listening is enough.
        var readyPath: String?
        /// For its log.
        let directory: URL
        /// Waits until what it has acknowledged is done with, as far as it is left for later.
        var settle: @Sendable () async throws -> Void = {}
        /// Looks at what it has written down when it has ended, given how many commands it acknowledged.
        var check: @Sendable (_ acknowledged: Int) throws -> Void = { _ in }
    }

    static let secret = "a secret that Slack and we know"
    private static let startTimeLimit = Duration.seconds(30)

    let recipe: Recipe
    /// From the start of the process until it was ready.
    let startSeconds: Double
    private let process: RunningProgram

    var name: String { recipe.name }

    /// Starts it, and returns when it is ready.
    init(_ recipe: Recipe) async throws {
        self.recipe = recipe
        let log = recipe.directory.appending(path: "\(recipe.port).log")
        let http = HTTPClient()
        let start = ContinuousClock.now
        process = try RunningProgram(
            recipe.program, recipe.arguments, environment: recipe.environment, directory: recipe.directory.path,
            logFile: log.path)
        while await !Self.isReady(recipe, http) {
            guard ContinuousClock.now < start + Self.startTimeLimit, process.isRunning else {
                await process.terminate(grace: .zero)
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                throw TestFailure("\(recipe.name) did not start:\n\(text.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        startSeconds = (ContinuousClock.now - start) / .seconds(1)
    }

    private static func isReady(_ recipe: Recipe, _ http: HTTPClient) async -> Bool {
        guard let path = recipe.readyPath else {
            guard let descriptor = try? GeneratorThread.connect(to: recipe.port) else { return false }
            close(descriptor)
            return true
        }
        let url = "http://127.0.0.1:\(recipe.port)\(path)"
        return (try? await http.send(HTTPClientRequest("GET", url, timeout: .seconds(1))))?.status == 200
    }

    /// - Parameter acknowledged: how many commands it has acknowledged since it was started.
    /// - Throws: when it has not written down exactly those.
    func stop(acknowledged: Int) async throws {
        await process.terminate(grace: .seconds(15))
        try recipe.check(acknowledged)
    }

    /// Of it and its children, in bytes: what only they use, and their share of the rest (proc(5), `smaps_rollup`).
    func memory() -> Int { family.reduce(0) { $0 + Self.rolledUp("Pss", of: $1) } }

    /// As `memory`, with what is shared counted in full for each process, as `ps` and `top` show it.
    func residentMemory() -> Int { family.reduce(0) { $0 + Self.rolledUp("Rss", of: $1) } }

    /// For how long it and its children have kept processors busy, in seconds (proc(5), `stat`, fields 14 and 15).
    func processorSeconds() -> Double {
        family.reduce(0) { sum, pid in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            // The second field, a name in parentheses, may hold spaces.
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return sum }
            return sum + (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }

    private static func rolledUp(_ name: String, of pid: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }

    private var family: [Int32] { Self.family(of: process.pid) }

    private static func family(of pid: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        let children = threads.flatMap { thread in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/children", encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
        return [pid] + children.flatMap(family)
    }
}
