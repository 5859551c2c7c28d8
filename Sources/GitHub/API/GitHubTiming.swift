import Foundation

/// Time and chance, handed in so that tests decide on them.
package struct GitHubTiming: Sendable {
    /// What this machine takes for the time of day; it may be wrong.
    package var now: @Sendable () -> Date
    /// Throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// At least 0 and below 1, evenly spread.
    package var random: @Sendable () -> Double
    /// For one request with its whole answer; GitHub gives itself 10 seconds.
    package var requestTimeout: Duration

    package init(
        now: @escaping @Sendable () -> Date = { Date.now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        requestTimeout: Duration = .seconds(15)
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
        self.requestTimeout = requestTimeout
    }
}

/// Moments as GitHub writes them.
enum GitHubTime {
    /// `2026-11-21T04:00:13Z`, in bodies.
    static func moment(_ text: String?) -> Date? {
        text.flatMap { try? Date($0, strategy: .iso8601) }
    }

    /// `Sat, 21 Nov 2026 04:00:13 GMT`, in the field `Date` (RFC 9110, section 5.6.7).
    static func field(_ text: String?) -> Date? {
        guard let text else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
