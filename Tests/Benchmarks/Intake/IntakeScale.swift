import Foundation
import TestSupport

/// What Iterapp costs when idle, and whether that and a command's cost grow with what it has to remember.
struct IntakeScale {
    private static let rounds = 5
    private static let growthRounds = 3
    private static let growthSeconds = 1.0
    /// What a median of noisy rounds may differ by.
    private static let maxGrowth = 1.15
    /// Until what a start leaves to be done is done.
    private static let settling = Duration.seconds(3)
    /// As many in each part, so that their lanes are equally full.
    private static let measuredApps = 10

    let servers: IterappServers

    func targets() async throws -> [IntakeTarget] {
        let idle = try await resting(.empty)
        let large = try await resting(.large)
        return [
            .below(40, "memory when idle, with an empty journal (resident)", idle.mebibytes, unit: "MiB"),
            .below(
                120, "memory when idle, with 10,000 apps and 100,000 operations (resident)", large.mebibytes,
                unit: "MiB"),
            .below(0.5, "from the program's start to /readyz, with that history", large.startSeconds, unit: "s"),
        ] + (try await growth())
    }

    /// Medians of several starts.
    private func resting(_ size: JournalSize) async throws -> (mebibytes: Double, startSeconds: Double) {
        var (memory, starts): ([Double], [Double]) = ([], [])
        for _ in 1...Self.rounds {
            let server = try await servers.start(size)
            starts.append(server.startSeconds)
            try await Task.sleep(for: Self.settling)
            memory.append(Double(server.residentMemory()) / 1_048_576)
            try await server.stop(acknowledged: 0)
        }
        return (memory.median, starts.median)
    }

    private struct Part {
        let name: String
        let size: JournalSize
        let apps: Range<Int>
        var rounds: [LoadFigures] = []
    }

    /// What a command costs the processors, which other programs disturb less than the time it takes.
    private func growth() async throws -> [IntakeTarget] {
        let last = JournalSize.large.apps
        var parts = [
            Part(name: "10 apps, no history", size: .small, apps: 0..<Self.measuredApps),
            Part(name: "10,000 apps, 100,000 operations: the first apps", size: .large, apps: 0..<Self.measuredApps),
            Part(
                name: "10,000 apps, 100,000 operations: the last apps", size: .large,
                apps: last - Self.measuredApps..<last),
        ]
        for _ in 1...Self.growthRounds {
            for index in parts.indices {
                var meter = IntakeMeter(try await servers.start(parts[index].size))
                meter.apps = parts[index].apps
                parts[index].rounds.append(
                    try await meter.measure(connections: IntakeBenchmark.connections, seconds: Self.growthSeconds))
                try await meter.server.stop(acknowledged: meter.acknowledged)
            }
        }
        let figures = parts.map { LoadFigures.median($0.rounds) }
        for (part, figures) in zip(parts, figures) {
            let words = String(
                format: "%8.0f req/s, %.1f µs of CPU each", figures.perSecond, figures.processorMicroseconds)
            print("\(part.name.padded(to: 56))\(words)")
        }
        let costs = figures.map(\.processorMicroseconds)
        return [
            .below(
                Self.maxGrowth, "a command's cost with that history, over its cost without", costs[1] / costs[0],
                unit: "×"),
            .below(
                Self.maxGrowth, "a command's cost for the last apps, over its cost for the first",
                costs[2] / costs[1], unit: "×"),
        ]
    }
}
