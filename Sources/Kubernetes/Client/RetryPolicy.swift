/// How often, and how long apart, a request is sent that failed for a passing reason.
package struct RetryPolicy: Sendable, Equatable {
    /// The first one included. With the default delays, seven last about 16 seconds: an API server that
    /// restarts is back by then.
    package var maxAttempts = 7
    package var firstDelay: Duration = .milliseconds(250)
    package var maxDelay: Duration = .seconds(8)
    /// A longer `Retry-After` is cut to this.
    package var maxRetryAfterSeconds = 30

    package init() {}

    /// How long to wait before the next attempt; nil when there is none.
    /// - Parameters:
    ///   - attempt: the one that failed, counted from 1.
    ///   - random: at least 0 and below 1.
    func delay(afterAttempt attempt: Int, _ error: KubernetesError, random: Double) -> Duration? {
        guard error.isTransient, attempt < maxAttempts else { return nil }
        let pause = pause(afterFailures: attempt, random: random)
        guard let seconds = error.retryAfterSeconds else { return pause }
        // Never before the server's time, and not all at the same moment.
        let spread = firstDelay * random
        return max(.seconds(min(max(seconds, 0), maxRetryAfterSeconds)) + spread, pause)
    }

    /// Doubles with every failure in a row, up to `maxDelay`; from half to all of that, so that clients
    /// that failed together do not come back together.
    func pause(afterFailures failures: Int, random: Double) -> Duration {
        var delay = firstDelay
        for _ in 1..<max(failures, 1) where delay < maxDelay { delay *= 2 }
        return min(delay, maxDelay) * (0.5 + random / 2)
    }
}
