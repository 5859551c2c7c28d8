/// How fast messages may go to the workspace.
package struct Pace: Sendable {
    package struct Rate: Sendable {
        package var burst: Int
        package var perSecond: Double
        /// In any 60 seconds, bursts included; nil for any number.
        package var perMinute: Int?

        package init(burst: Int, perSecond: Double, perMinute: Int? = nil) {
            self.burst = burst
            self.perSecond = perSecond
            self.perMinute = perMinute
        }
    }

    /// What is posted, in each channel.
    package var posts: Rate
    /// Edits, over all channels.
    package var edits: Rate

    /// Slack's: about one message a second in each channel, and 50 calls of `chat.update` a minute (tier 3), both with
    /// room for bursts (docs.slack.dev, "Rate limits").
    package init() {
        posts = Rate(burst: 3, perSecond: 1)
        edits = Rate(burst: 25, perSecond: 50.0 / 60, perMinute: 50)
    }

    /// The same for both.
    package init(burst: Int, perSecond: Double) {
        posts = Rate(burst: burst, perSecond: perSecond)
        edits = posts
    }
}

/// Gives out tokens at a pace.
struct TokenBucket {
    private let rate: Pace.Rate
    private var tokens: Double
    private var filled: ContinuousClock.Instant
    /// When the tokens of the last minute were taken.
    private var taken: [ContinuousClock.Instant] = []

    init(_ rate: Pace.Rate) {
        self.rate = rate
        tokens = Double(rate.burst)
        filled = .now
    }

    /// Waits until there is a token. Throws only when the task is cancelled.
    mutating func take() async throws {
        try Task.checkCancellation()
        while let pause = takeOrWait(at: .now) { try await Task.sleep(for: pause) }
    }

    /// For a token that was not used after all.
    mutating func giveBack() {
        tokens += 1
        _ = taken.popLast()
    }

    /// Takes a token.
    ///
    /// - Returns: how long there is none; nil when one was taken.
    mutating func takeOrWait(at now: ContinuousClock.Instant) -> Duration? {
        refill(at: now)
        if tokens < 1 { return .seconds((1 - tokens) / rate.perSecond) }
        if let most = rate.perMinute {
            taken.removeAll { $0 <= now - .seconds(60) }
            if taken.count >= most, let first = taken.first { return first + .seconds(60) - now }
            taken.append(now)
        }
        tokens -= 1
        return nil
    }

    private mutating func refill(at now: ContinuousClock.Instant) {
        let seconds = (now - filled) / .seconds(1)
        tokens = min(Double(rate.burst), tokens + seconds * rate.perSecond)
        filled = now
    }
}
