import Deploys
import Foundation

/// People, groups and dates, which Slack shows to each reader in the reader's own way.
extension Mrkdwn {
    /// An answer has no more.
    static let maxNeutralUnits = 12_000

    static func person(_ person: Person) -> String { self.person(id: person.id) }

    /// What is no id is shown as it is, and mentions nobody.
    static func person(id: String) -> String { isIdentifier(id, "UW") ? "<@\(id)>" : code(id) }

    static func group(id: String) -> String { isIdentifier(id, "S") ? "<!subteam^\(id)>" : code(id) }

    static func place(_ place: Place) -> String {
        switch place {
        case .channel(let id, _) where isIdentifier(id, "CG"): "<#\(id)>"
        case .channel(let id, let name): words(name.map { "#\($0)" } ?? id, maxUnits: 80)
        case .direct: "a direct message"
        case .home: "the Home tab"
        }
    }

    static func trigger(_ trigger: Trigger) -> String {
        switch trigger {
        case .command(let person), .button(let person): "by \(self.person(person))"
        case .watch: "noticed by Iterapp"
        case .rerun(let by): "asked for again by \(words(by, maxUnits: 60))"
        case .look: "pushed, and found by looking"
        case .push(let by): "pushed by \(words(by, maxUnits: 60))"
        }
    }

    static func party(_ party: Party) -> String {
        switch party {
        case .anyone: "anybody"
        case .team(let name): "the team \(code(name, maxUnits: 60))"
        case .person(let id): person(id: id)
        case .group(let id): group(id: id)
        }
    }

    /// "started 3 minutes ago", growing by itself. `format` may have Slack's tokens: `{ago}`, `{date_short_pretty}`,
    /// `{time}` (docs.slack.dev, "Date formatting"). The fallback is for who can't show them.
    static func date(_ date: Date, _ format: String, fallback: String) -> String {
        "<!date^\(Int(date.timeIntervalSince1970.rounded(.down)))^\(format)|\(fallback)>"
    }

    /// "started 3 minutes ago", or "3 minutes ago" without a verb; "started 2026-11-21 12:00 UTC" where that can't be
    /// shown.
    static func ago(_ verb: String, _ date: Date) -> String {
        let verb = verb.isEmpty ? "" : "\(verb) "
        return self.date(date, "\(verb){ago}", fallback: "\(verb)\(minute(date))")
    }

    static func moment(_ date: Date) -> String {
        self.date(date, "{date_short_pretty} {time}", fallback: minute(date))
    }

    private static func minute(_ date: Date) -> String {
        let day = date.formatted(.iso8601.year().month().day())
        let minutes = Int((date.timeIntervalSince1970 / 60).rounded(.down))
        let (hour, minute) = (minutes / 60 % 24, minutes % 60)
        return "\(day) \(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute) UTC"
    }

    /// The neutral mark-up of the domain as Slack's: `code` and *bold* are the same, people, groups and channels are
    /// called by their ids, and everything else that Slack would read as mark-up is only text. Nothing in code calls
    /// anybody.
    static func neutral(_ text: String) -> String {
        let text = ForeignText.lines(text, maxUnits: maxNeutralUnits)
        guard hasMarkup(text) else { return text }
        var isCode = false
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        return pieces.map { piece in
            defer { isCode.toggle() }
            return isCode ? escaped(String(piece)) : mentioning(piece)
        }.joined(separator: "`")
    }

    private static func mentioning(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let start = rest.firstIndex(of: "<") {
            result += escaped(String(rest[..<start]))
            rest = rest[start...]
            guard let end = rest.firstIndex(of: ">"), let mention = mention(rest[...end]) else {
                result += "&lt;"
                rest = rest.dropFirst()
                continue
            }
            result += mention
            rest = rest[rest.index(after: end)...]
        }
        return result + escaped(String(rest))
    }

    private static func mention(_ text: Substring) -> String? {
        let inner = text.dropFirst().dropLast()
        if inner.hasPrefix("@"), isIdentifier(String(inner.dropFirst()), "UW") { return String(text) }
        if inner.hasPrefix("#"), isIdentifier(String(inner.dropFirst()), "CG") { return String(text) }
        if inner.hasPrefix("!subteam^"), isIdentifier(String(inner.dropFirst(9)), "S") { return String(text) }
        return nil
    }

    private static func isIdentifier(_ text: String, _ firstLetters: String) -> Bool {
        guard let first = text.first, firstLetters.contains(first), (2...30).contains(text.utf8.count)
        else { return false }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }
}
