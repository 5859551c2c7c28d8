import Foundation

/// How long ago something was, in the largest unit that fits.
package enum Age {
    private static let units: [(seconds: TimeInterval, name: String)] = [
        (365 * 86_400, "year"), (30 * 86_400, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"),
    ]

    /// `3 days`; nil within a minute, and for what is to come: clocks differ.
    private static func span(from date: Date, to now: Date) -> String? {
        let seconds = now.timeIntervalSince(date)
        guard let unit = units.first(where: { seconds >= $0.seconds }) else { return nil }
        let count = Int(seconds / unit.seconds)
        return "\(count) \(unit.name)\(count == 1 ? "" : "s")"
    }

    /// `3 days ago`, or `just now`.
    package static func ago(from date: Date, to now: Date) -> String {
        span(from: date, to: now).map { "\($0) ago" } ?? "just now"
    }

    /// `for 3 days`, or `since just now`.
    package static func lasting(from date: Date, to now: Date) -> String {
        span(from: date, to: now).map { "for \($0)" } ?? "since just now"
    }
}
