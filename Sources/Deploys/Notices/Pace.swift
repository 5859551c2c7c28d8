/// How fast messages may go to one channel: Slack takes about one a second, and allows short bursts
/// (docs.slack.dev, "Rate limits").
package struct Pace: Sendable {
    package var burst: Int
    package var perSecond: Double

    package init(burst: Int = 5, perSecond: Double = 1) {
        self.burst = burst
        self.perSecond = perSecond
    }
}

/// Gives out tokens at a pace.
struct TokenBucket {
    private let pace: Pace
    private var tokens: Double
    private var filled: ContinuousClock.Instant

    init(_ pace: Pace) {
        self.pace = pace
        tokens = Double(pace.burst)
        filled = .now
    }

    /// Waits until there is a token. Throws only when the task is cancelled.
    mutating func take() async throws {
        try Task.checkCancellation()
        refill()
        while tokens < 1 {
            try await Task.sleep(for: .seconds((1 - tokens) / pace.perSecond))
            refill()
        }
        tokens -= 1
    }

    /// For a token that was not used after all.
    mutating func giveBack() { tokens += 1 }

    private mutating func refill() {
        let now = ContinuousClock.now
        let seconds = (now - filled) / .seconds(1)
        tokens = min(Double(pace.burst), tokens + seconds * pace.perSecond)
        filled = now
    }
}
