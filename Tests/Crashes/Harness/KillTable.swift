import Foundation

/// Kills in scenarios that run side by side, and what came of them.
struct KillTable {
    let shim: FaultShim
    let kills: Int
    let seed: UInt64
    let parallel: Int
    private static let killsPerScenario = 25

    /// - Returns: whether nothing was found.
    func run() async throws -> Bool {
        let count = (kills + Self.killsPerScenario - 1) / Self.killsPerScenario
        let scenarios = (0..<count).map { index in
            // The registration ends with a kill, too.
            let left = min(Self.killsPerScenario, kills - index * Self.killsPerScenario)
            return KillScenario(shim: shim, seed: seed &+ UInt64(index) &* 1_000_003, kills: left - 1)
        }
        let start = ContinuousClock.now
        let outcomes = try await inParallel(scenarios, parallel) { scenario in
            let outcome = try await scenario.run()
            Self.tell(scenario, outcome)
            return outcome
        }
        let took = ContinuousClock.now - start
        let sum = { (value: (KillScenario.Outcome) -> Int) in outcomes.reduce(0) { $0 + value($1) } }
        say("""
            \(sum(\.kills)) kills (\(sum(\.startKills)) during the start, \(sum(\.spoilt)) by a write) in \(count) scenarios, \(Int(took / .seconds(1))) s:
              \(sum(\.acknowledged)) orders acknowledged, \(sum(\.unanswered)) unanswered (\(sum(\.takenUnanswered)) of them taken)
              \(sum(\.operations)) operations, \(sum(\.messages)) messages
              \(outcomes.filter { !$0.violations.isEmpty }.count) scenarios with violations
            """)
        return outcomes.allSatisfy(\.violations.isEmpty)
    }

    private static func tell(_ scenario: KillScenario, _ outcome: KillScenario.Outcome) {
        say("scenario of seed \(scenario.seed): \(outcome.kills) kills, \(outcome.operations) operations, "
            + "\(outcome.messages) messages, \(outcome.violations.isEmpty ? "all kept" : "BROKEN")")
        for violation in outcome.violations { say("    \(violation)") }
    }
}

/// Works on all items, so many at a time.
/// - Returns: the results, in the order in which they came.
func inParallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ width: Int, _ work: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
        var results: [Result] = []
        for (index, item) in items.enumerated() {
            if index >= width, let result = try await group.next() { results.append(result) }
            group.addTask { try await work(item) }
        }
        for try await result in group { results.append(result) }
        return results
    }
}

/// Prints, so that what is found can be read while the run goes on, also in a file.
func say(_ text: String) {
    print(text)
    fflush(nil)
}
