/// How soon a namespace is told again that is changed over and over: two controllers that fight for a field must not
/// keep the service busy.
struct DriftPace {
    /// After the first time.
    static let firstPause: Duration = .seconds(60)
    static let maxPause: Duration = .seconds(3600)

    private var histories: [String: (times: Int, last: ContinuousClock.Instant)] = [:]

    /// Whether a namespace may be told now.
    func isDue(_ namespace: String, at now: ContinuousClock.Instant) -> Bool {
        guard let history = histories[namespace] else { return true }
        return now - history.last >= pause(history.times)
    }

    mutating func note(_ namespace: String, at now: ContinuousClock.Instant) {
        // Calm for a good while: it begins anew.
        histories = histories.filter { now - $0.value.last < Self.maxPause * 2 }
        histories[namespace] = ((histories[namespace]?.times ?? 0) + 1, now)
    }

    private func pause(_ times: Int) -> Duration {
        var pause = Self.firstPause
        for _ in 1..<max(times, 1) where pause < Self.maxPause { pause *= 2 }
        return min(pause, Self.maxPause)
    }
}
