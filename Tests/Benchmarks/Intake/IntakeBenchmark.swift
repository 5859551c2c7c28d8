import Foundation
import HTTP
import JSON
import TestSupport

/// How many signed slash commands a second are taken and acknowledged, by nginx, Bolt for Python and Iterapp in turns, on
/// one machine, with one generator. Iterapp's `deploy` is written to the disk before it is acknowledged, and so is
/// what the durable Bolt takes.
struct IntakeBenchmark {
    static let rounds = 5
    static let connections = 64
    private static let apps = 1_000

    private let directory: URL
    private let others: OtherServers
    private let slackPort: Int
    private let cores = ProcessInfo.processInfo.activeProcessorCount

    static func run(onlyOurs: Bool = false) async throws {
        try await withTemporaryDirectory { directory in
            let slack = try LoadBenchmark.slack()
            try await IntakeBenchmark(
                directory: directory, others: OtherServers(in: directory), slackPort: slack.port).measure(onlyOurs)
            await slack.server.stop(grace: .zero)
        }
    }

    private func measure(_ onlyOurs: Bool) async throws {
        if !onlyOurs {
            try await one("nginx", 40_000) { try await others.startNginx(workers: 2) }
            for kind in OtherServers.bolts {
                try await one(kind, 2_000) { try await others.startBolt(kind, processes: cores, isDurable: false) }
                try await one(kind, 2_000) { try await others.startBolt(kind, processes: cores, isDurable: true) }
            }
        }
        for _ in 1...2 {
            var history = LongHistory(until: .now)
            history.unfinished = 0
            history.operations = 10_000
            let iterapp = try await IterappServer(in: directory, slackPort: slackPort, history: history)
            try await run(iterapp.server, "iterapp", 8_000)
            await iterapp.stop()
        }
    }

    private func one(_ run: String, _ count: Int, _ start: () async throws -> IntakeServer) async throws {
        let server = try await start()
        try await self.run(server, run, count)
        await server.stop()
    }

    private func run(_ server: IntakeServer, _ run: String, _ count: Int) async throws {
        func requests(_ count: Int, _ part: String) -> CommandRequests {
            CommandRequests(count: count, run: "\(run)\(part)\(UUID())", secret: IntakeServer.secret) {
                "deploy \(LongHistory.app($0 * 7 % Self.apps)) snap\($0 % 10) main"
            }
        }
        for (connections, count) in [(64, count / 10), (1, count / 10), (64, count)] {
            var generator = LoadGenerator(port: server.port, connections: connections)
            generator.mark = server.mark
            let outcome = try generator.run(requests(count, "\(connections)"))
            print(server.name, connections, String(
                format: "%.0f/s p50 %.3f ms p99 %.3f ms, %.1f MiB, refused %d", outcome.perSecond, outcome.percentile(50),
                outcome.percentile(99), Double(server.memory()) / 1048576, outcome.refused), outcome.refusal?.suffix(200) ?? "")
        }
    }
}
