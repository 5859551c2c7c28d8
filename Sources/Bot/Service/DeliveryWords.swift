import Deploys
import Foundation

/// What an operator reads about messages that do not get through. Pure.
struct DeliveryWords {
    let journal: JournalStatistics
    let now: Date

    /// One that passes within a few tries is nobody's concern.
    static let minFailures = 3
    /// Younger ones are on their way.
    static let minAgeSeconds = 60.0

    /// Lines for `/readyz`; empty when all is well. A chat that is away is no reason to be away oneself: requests are
    /// taken and deploys go on.
    var lines: [String] {
        var lines: [String] = []
        let waiting = journal.outbox.posts + journal.outbox.edits
        let troubles = journal.outbox.troubles.filter { trouble in
            switch trouble.obstacle.kind {
            case .refusal: true
            case .outage: trouble.failures >= Self.minFailures
            case .limit: false
            }
        }
        if waiting > 0, let first = troubles.min(by: { $0.since < $1.since }) {
            let time = first.since.formatted(.iso8601)
            lines.append("\(Self.notices(waiting)) for Slack since \(time): \(first.obstacle.reason)")
        } else if waiting > 0, journal.outbox.parked == 0, // What was put aside would be the oldest.
            let age = journal.oldestUndelivered.map({ now.timeIntervalSince($0) }),
            age > Self.minAgeSeconds {
            lines.append("\(Self.notices(waiting)) for Slack, the oldest for \(Int(age)) s")
        }
        if journal.outbox.parked > 0 {
            lines.append("\(journal.outbox.parked) put aside, for Slack would not take them; see the log")
        }
        return lines
    }

    private static func notices(_ count: Int) -> String { count == 1 ? "1 notice waits" : "\(count) notices wait" }
}
