import Foundation

/// How long to wait before the next attempt: nothing before the first repetition, then `initial`, doubling up
/// to `longest`; forgotten after twice that without a failure, as the kubelet does
/// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy).
package struct BackOff: Sendable, Equatable {
    package let initial: TimeInterval
    package let longest: TimeInterval
    private(set) var delay: TimeInterval = 0
    private var lastStep = Date.distantPast

    /// Kubernetes waits 10 s and up to 5 min. In a demo nobody wants to wait that long to see a crash loop,
    /// so it goes ten times as fast.
    package init(initial: TimeInterval = 1, longest: TimeInterval = 30) {
        self.initial = initial
        self.longest = longest
    }

    /// When an attempt after a failure at `failure` may begin; `failure` itself at first.
    func nextAttempt(after failure: Date) -> Date {
        isForgotten(at: failure) ? failure : failure.addingTimeInterval(delay)
    }

    /// To be called with each attempt after the first.
    mutating func step(at now: Date) {
        delay = delay == 0 || isForgotten(at: now) ? initial : min(delay * 2, longest)
        lastStep = now
    }

    private func isForgotten(at now: Date) -> Bool {
        now.timeIntervalSince(lastStep) > 2 * longest
    }

    /// As Go writes durations, which is how the kubelet's messages have them: `10s`, `1m20s`, `500ms`.
    static func text(_ seconds: TimeInterval) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        let fraction = rest % 1000
        var tail = "\(rest / 1000)"
        if fraction > 0 {
            let digits = String(String(fraction + 1000).dropFirst())
            tail += "." + String(digits.reversed().drop { $0 == "0" }.reversed())
        }
        return (minutes > 0 ? "\(minutes)m" : "") + tail + "s"
    }
}
