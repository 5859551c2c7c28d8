import Foundation
import Synchronization

/// Keeps what we write apart: GitHub asks for a second between requests that change something (docs.github.com, "Best
/// practices for using the REST API", "Pause between mutative requests"). A few may come at once.
final class WritePace: Sendable {
    static let secondsBetweenWrites: TimeInterval = 1
    static let maxWritesAtOnce = 10
    /// Whoever would have to wait for longer is told when to come again.
    static let maxWaitSeconds: TimeInterval = 30

    /// By account: when its writes will have been evenly spread.
    private let spread = Mutex<[String: Date]>([:])

    enum Turn: Equatable {
        case now
        case after(seconds: TimeInterval)
        case notBefore(Date)
    }

    /// Takes a turn, which is over at once when it must be waited for too long.
    func turn(of account: String, now: Date) -> Turn {
        spread.withLock { spread in
            if spread.count >= RateLimits.maxAccounts { spread = spread.filter { $0.value > now } }
            let end = max(spread[account] ?? now, now).addingTimeInterval(Self.secondsBetweenWrites)
            let ahead = TimeInterval(Self.maxWritesAtOnce) * Self.secondsBetweenWrites
            let wait = end.timeIntervalSince(now) - ahead
            guard wait <= Self.maxWaitSeconds else { return .notBefore(now.addingTimeInterval(wait)) }
            spread[account] = end
            return wait > 0 ? .after(seconds: wait) : .now
        }
    }
}
