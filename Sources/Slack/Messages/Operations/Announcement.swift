import Deploys
import JSON

/// A new post about an operation's end, which notifies people: the headline, the cause or the address, and what to do.
enum Announcement {
    static func blocks(_ report: Report) -> [JSON] {
        let words = ReportWords(report)
        return [Blocks.section([words.badgedHeadline] + words.status), Blocks.context([words.shortFacts])]
    }

    /// Reads well where nothing else is shown.
    static func text(_ report: Report) -> String {
        let words = ReportWords(report)
        return "\(words.emoji) " + ([words.headline] + words.status.prefix(1)).joined(separator: ": ")
    }
}
