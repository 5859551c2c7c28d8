import Foundation
import Synchronization

/// How many calls Slack takes (docs.slack.dev, "Rate limits").
package struct SlackLimits: Sendable {
    /// Methods of a tier: within any minute. Nil does not limit them.
    package var countsTiers: Bool
    /// Messages a second and channel, over time.
    package var postsPerSecond: Double
    /// Messages that a channel takes at once after a silence.
    package var postBurst: Int
    /// Messages a minute over all channels.
    package var postsPerMinute: Int

    /// Slack's own.
    package static let real = SlackLimits(
        countsTiers: true, postsPerSecond: 1, postBurst: 3, postsPerMinute: 300)
    /// So wide that nobody in front of a demo meets them.
    package static let generous = SlackLimits(
        countsTiers: false, postsPerSecond: 100_000, postBurst: 100_000, postsPerMinute: .max)

    package init(countsTiers: Bool, postsPerSecond: Double, postBurst: Int, postsPerMinute: Int) {
        self.countsTiers = countsTiers
        self.postsPerSecond = postsPerSecond
        self.postBurst = postBurst
        self.postsPerMinute = postsPerMinute
    }
}

/// Counts calls on a clock that is handed in.
final class SlackLimiter: Sendable {
    private struct State {
        /// Times of the last minute's calls.
        var calls: [SlackMethod: [Date]] = [:]
        /// By channel: messages that it would still take, and when that was so.
        var posts: [String: (left: Double, at: Date)] = [:]
    }

    private let limits: SlackLimits
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    init(_ limits: SlackLimits, now: @escaping @Sendable () -> Date) {
        self.limits = limits
        self.now = now
    }

    /// Counts a call.
    /// - Parameter channel: where a message is to go.
    /// - Returns: nil when it may go on; else the whole seconds after which it may.
    func refuse(_ method: SlackMethod, channel: String?) -> Int? {
        let time = now()
        return state.withLock { state in
            if method == .postMessage, let channel, let wait = post(in: channel, at: time, &state) { return wait }
            guard let most = method == .postMessage ? limits.postsPerMinute : perMinute(method) else { return nil }
            return count(method, most, at: time, &state)
        }
    }

    private func perMinute(_ method: SlackMethod) -> Int? { limits.countsTiers ? method.callsPerMinute : nil }

    private func count(_ method: SlackMethod, _ most: Int, at time: Date, _ state: inout State) -> Int? {
        guard most < .max else { return nil }
        var times = state.calls[method] ?? []
        times.removeAll { time.timeIntervalSince($0) >= 60 }
        if times.count >= most, let oldest = times.first {
            state.calls[method] = times
            return wholeSeconds(60 - time.timeIntervalSince(oldest))
        }
        state.calls[method] = times + [time]
        return nil
    }

    private func post(in channel: String, at time: Date, _ state: inout State) -> Int? {
        let burst = Double(limits.postBurst)
        var (left, since) = state.posts[channel] ?? (burst, time)
        left = min(burst, left + max(0, time.timeIntervalSince(since)) * limits.postsPerSecond)
        if left < 1 {
            state.posts[channel] = (left, time)
            return wholeSeconds((1 - left) / limits.postsPerSecond)
        }
        state.posts[channel] = (left - 1, time)
        return nil
    }

    private func wholeSeconds(_ seconds: TimeInterval) -> Int { max(1, Int(seconds.rounded(.up))) }
}
