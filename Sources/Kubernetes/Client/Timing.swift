import Foundation

/// Time and chance, handed in so that tests decide on them.
package struct Timing: Sendable {
    /// Throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// At least 0 and below 1, evenly spread.
    package var random: @Sendable () -> Double
    package var now: @Sendable () -> ContinuousClock.Instant
    /// What this machine takes for the time of day; it may be wrong.
    package var wallClock: @Sendable () -> Date

    package init(
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double,
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        wallClock: @escaping @Sendable () -> Date = { Date.now }
    ) {
        self.sleep = sleep
        self.random = random
        self.now = now
        self.wallClock = wallClock
    }

    package static let system = Timing(
        sleep: { try await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) },
        now: { ContinuousClock.now })
}
