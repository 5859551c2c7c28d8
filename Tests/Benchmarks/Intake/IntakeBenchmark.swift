import Foundation
import HTTP
import TestSupport

/// How many signed slash commands a second are taken and acknowledged, by nginx, Bolt for Python and Iterapp, on one
/// machine, with one generator. Iterapp's `deploy` is written to the disk before it is acknowledged, and so is what the
/// durable Bolt takes.
///
/// Rounds are interleaved: in each, every contender is measured once, so that what else the machine does meets all of
/// them. Each measurement has processes of its own with an empty queue, and they are alone while they are measured:
/// Bolt's and nginx's memory and caches cost Iterapp nothing, and nobody's figures suffer from the rounds before. What
/// is warmed up is not counted. Memory is read after the load at 64 connections: what each process has for itself, and
/// its share of the rest.
///
/// Every answer is looked at, and what was written down is counted afterwards. Iterapp makes operations of requests
/// behind its answers: what that costs is part of its processor time, and it is waited for before the next measurement.
struct IntakeBenchmark {
    /// What is to be measured.
    enum Part: String, CaseIterable {
        /// Everything.
        case intake
        /// Iterapp alone, for a quick look; ratios and growth are left out.
        case intakeOnly = "intake-only"
        /// What Iterapp costs at rest, and whether that and a command's cost grow.
        case intakeScale = "intake-scale"
    }

    static let connections = 64
    private static let rounds = 5
    private static let commandsPerSecond = 5_000
    private static let paceSeconds = 4.0
    private static let paceRounds = 3
    private static let iterappSeconds = 3.0

    private let iterapps: IterappServers
    private let directory: URL
    private let cores = ProcessInfo.processInfo.activeProcessorCount

    static func run(_ part: Part) async throws {
        try await withTemporaryDirectory { directory in
            let slack = try LoadBenchmark.slack()
            let iterapps = try await IterappServers(in: directory, slackPort: slack.port)
            try await IntakeBenchmark(iterapps: iterapps, directory: directory).measure(part)
            await slack.server.stop(grace: .zero)
        }
    }

    private func measure(_ part: Part) async throws {
        var targets: [IntakeTarget] = []
        if part != .intakeScale {
            let others = part == .intake ? try await OtherServers(in: directory) : nil
            targets += try await beside(others)
        }
        if part != .intakeOnly { targets += try await IntakeScale(servers: iterapps).targets() }
        print("")
        for target in targets { print(target.line) }
    }

    /// - Parameter others: nil when Iterapp is measured alone.
    private func beside(_ others: OtherServers?) async throws -> [IntakeTarget] {
        var contenders: [Contender] = []
        if let others {
            for workers in [1, 2] {
                var nginx = Contender("nginx, \(workers) worker\(workers > 1 ? "s" : "")") {
                    try await others.startNginx(workers: workers)
                }
                nginx.repeats = true
                contenders.append(nginx)
            }
            contenders.append(try await best(of: Bolt.all(processes: cores, isDurable: false), on: others))
            contenders.append(
                try await best(of: [cores, 1].flatMap { Bolt.all(processes: $0, isDurable: true) }, on: others))
        }
        var iterapp = Contender("Iterapp, durable") { try await iterapps.start(.usual) }
        iterapp.seconds = Self.iterappSeconds
        contenders.append(iterapp)
        let ours = contenders.count - 1
        print("\(cores) processors, \(Self.rounds) rounds; load before them: \(Self.load)")
        for _ in 1...Self.rounds {
            for index in contenders.indices { try await contenders[index].measure() }
        }
        print("load after them: \(Self.load)\n")
        IntakeTable.print(contenders)
        let settling = String(format: "%.2f", contenders[ours].many.settlingSeconds)
        print("After Iterapp's load at \(Self.connections) connections, all commands were operations within \(settling) s.")
        return try await targets(contenders)
    }

    private func targets(_ contenders: [Contender]) async throws -> [IntakeTarget] {
        guard let iterapp = contenders.last else { return [] }
        var targets: [IntakeTarget] = []
        if contenders.count > 1 {
            let (nginx, bolt) = (contenders[1], contenders[3])
            let rate = iterapp.many.perSecond
            targets += [
                .atLeast(12, "commands a second, over the best durable Bolt", rate / bolt.many.perSecond, unit: "×"),
                .atLeast(0.25, "commands a second, over nginx with two workers", rate / nginx.many.perSecond, unit: "×"),
            ]
        }
        return targets + [
            .below(0.3, "p50 at one connection", iterapp.one.p50Milliseconds, unit: "ms"),
            .below(10, "p99 at \(Self.commandsPerSecond) commands a second", try await pacedP99(), unit: "ms"),
        ]
    }

    private func pacedP99() async throws -> Double {
        var figures: [Double] = []
        for _ in 1...Self.paceRounds {
            var meter = IntakeMeter(try await iterapps.start(.usual))
            figures.append(
                try await meter.measure(perSecond: Self.commandsPerSecond, seconds: Self.paceSeconds).p99Milliseconds)
            try await meter.server.stop(acknowledged: meter.acknowledged)
        }
        return figures.median
    }

    /// The one that answers most in a short look at each.
    private func best(of bolts: [Bolt], on others: OtherServers) async throws -> Contender {
        var best: (bolt: Bolt, perSecond: Double)?
        for bolt in bolts {
            var meter = IntakeMeter(try await others.start(bolt))
            let figures = try await meter.measure(connections: Self.connections, seconds: 1)
            try await meter.server.stop(acknowledged: meter.acknowledged)
            print("\(bolt.name.padded(to: 40))\(String(format: "%8.0f req/s in a first look", figures.perSecond))")
            if figures.perSecond > best?.perSecond ?? 0 { best = (bolt, figures.perSecond) }
        }
        guard let bolt = best?.bolt else { throw TestFailure("no server for Bolt was tried") }
        return Contender(bolt.name) { try await others.start(bolt) }
    }

    /// Of the last minute, as `uptime` shows it.
    private static var load: String {
        (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first.map(String.init) ?? "?"
    }
}
