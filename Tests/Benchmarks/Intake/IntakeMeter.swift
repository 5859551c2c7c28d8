import Foundation
import Store
import TestSupport

/// What a server did with one load.
struct LoadFigures: Sendable {
    var perSecond = 0.0
    var p50Milliseconds = 0.0
    var p99Milliseconds = 0.0
    /// Of the server's processors, for each request, with what is left for after the answer.
    var processorMicroseconds = 0.0
    /// From the last answer until nothing is left to be done for it.
    var settlingSeconds = 0.0

    /// Each figure's median by itself.
    static func median(_ all: [LoadFigures]) -> LoadFigures {
        LoadFigures(
            perSecond: all.map(\.perSecond).median, p50Milliseconds: all.map(\.p50Milliseconds).median,
            p99Milliseconds: all.map(\.p99Milliseconds).median,
            processorMicroseconds: all.map(\.processorMicroseconds).median,
            settlingSeconds: all.map(\.settlingSeconds).median)
    }
}

extension [Double] {
    /// 0 when there are none.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

/// Measures one running server.
struct IntakeMeter {
    private static let warmUpRequests = 4_000
    private static let warmUpSeconds = 0.5
    /// They are in memory, about 900 bytes each.
    private static let maxRequests = 400_000

    let server: IntakeServer
    /// Whether requests may come again, for a server that does not look at them.
    var repeats = false
    /// The apps that are deployed, to environments snap0 to snap9 in turns.
    var apps = 0..<JournalSize.usual.apps
    /// Answers that were as they shall be.
    private(set) var acknowledged = 0

    init(_ server: IntakeServer) { self.server = server }

    /// - Parameter seconds: for how long it is measured, after the warm-up.
    mutating func measure(connections: Int, seconds: Double) async throws -> LoadFigures {
        var generator = LoadGenerator(port: server.recipe.port, connections: connections)
        generator.repeats = repeats
        generator.maxSeconds = Self.warmUpSeconds
        let warmUp = try await run(generator, count: Self.warmUpRequests)
        try await server.recipe.settle()
        generator.maxSeconds = seconds
        let expected = Int(warmUp.perSecond * seconds * 1.4) + 1_000
        return try await figures(generator, count: repeats ? Self.warmUpRequests : min(Self.maxRequests, expected))
    }

    /// Commands that come at their time, over 64 connections, whether the ones before were answered or not.
    mutating func measure(perSecond rate: Int, seconds: Double) async throws -> LoadFigures {
        var generator = LoadGenerator(port: server.recipe.port, connections: IntakeBenchmark.connections)
        generator.pace = .perSecond(rate)
        // A server that can't keep up shows it by then.
        generator.maxSeconds = seconds + 1
        _ = try await run(generator, count: rate / 2)
        return try await figures(generator, count: Int(Double(rate) * seconds))
    }

    private mutating func figures(_ generator: LoadGenerator, count: Int) async throws -> LoadFigures {
        let before = server.processorSeconds()
        let outcome = try await run(generator, count: count)
        let settling = try await ContinuousClock().measure { try await server.recipe.settle() }
        let (processor, percentiles) = (server.processorSeconds() - before, outcome.percentiles([50, 99]))
        return LoadFigures(
            perSecond: outcome.perSecond, p50Milliseconds: percentiles[0], p99Milliseconds: percentiles[1],
            processorMicroseconds: processor * 1e6 / Double(outcome.waits.count),
            settlingSeconds: settling / .seconds(1))
    }

    private mutating func run(_ generator: LoadGenerator, count: Int) async throws -> LoadOutcome {
        var generator = generator
        generator.mark = server.recipe.mark
        let apps = Array(apps)
        let requests = CommandRequests(count: count, run: UUID().uuidString, secret: IntakeServer.secret) {
            "deploy \(LongHistory.app(apps[$0 * 7 % apps.count])) snap\($0 / 7 % 10) main"
        }
        let outcome = try await generator.run(requests)
        acknowledged += outcome.waits.count - outcome.refused
        if let refusal = outcome.refusal {
            throw TestFailure("\(server.name) refused \(outcome.refused) of \(outcome.waits.count) commands:\n\(refusal)")
        }
        return outcome
    }
}
