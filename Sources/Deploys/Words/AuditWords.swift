import Foundation

/// The record of who did what, as text.
enum AuditWords {
    static let registeredAlready = "It is registered already."
    static let deregistered = "The app was deregistered."
    static let lapsed = "Nobody approved it in time."

    /// Nil for what is not recorded: a command that nobody understood, and a journal that can't write.
    static func reason(_ refusal: Refusal) -> String? {
        switch refusal {
        case .mistake, .journal: nil
        case .wrongChannel(let channel): "Commands that change something are taken in \(channel)."
        case .notRegistered: "It is not registered."
        case .notPossible(let sentence, _), .notAllowed(let sentence): sentence
        }
    }

    /// The page for readers of plain text.
    static func text(_ page: AuditPage) -> String {
        guard !page.entries.isEmpty else { return "Nothing about `\(page.label)` is on record." }
        let lines = page.entries.map { "• \(time($0.date)): \(line($0))" }
        let older = page.olderCount == 0 ? [] : ["… and \(page.olderCount) older ones."]
        return (["*What was done with \(page.label)*, newest first"] + lines + older).joined(separator: "\n")
    }

    /// `<@U1> asked in #general to deploy main to *prod*: refused. Only …`
    static func line(_ entry: AuditEntry) -> String {
        let head = "\(who(entry)): \(what(entry))"
        let reason = entry.reason.map { " " + $0 } ?? ""
        switch entry.decision {
        case .accepted: return head + (entry.reason == nil ? "" : " (\(quoted(reason.trimmed)))")
        case .refused: return "\(head), *refused*.\(reason)"
        }
    }

    /// Who it was, and from where.
    static func who(_ entry: AuditEntry) -> String {
        let place = entry.place.map { " " + Self.place($0) } ?? ""
        switch entry.trigger {
        case .command(let person): return "<@\(person.id)>\(place)"
        case .button(let person): return "<@\(person.id)> with a button\(place)"
        case .push(let name): return "a push of \(quoted(name))"
        case .rerun(let name): return "\(quoted(name)) with *Re-run*"
        case .look: return "a push that was found by looking"
        case .watch: return "Iterapp itself"
        }
    }

    /// What was wanted.
    static func what(_ entry: AuditEntry) -> String {
        var text = entry.deed.kind.rawValue
        if let revision = entry.revision { text += " \(quoted(revision.text))" }
        guard let environment = entry.deed.environment else { return text }
        return text + (entry.deed.kind == .build ? " for *\(environment)*" : " to *\(environment)*")
    }

    private static func place(_ place: Place) -> String {
        switch place {
        case .channel(_, let name?): "in #\(name)"
        case .channel(let id, nil): "in <#\(id)>"
        case .direct: "in a direct message"
        case .home: "from the Home tab"
        }
    }

    /// Readers are in many time zones, and plain text is in none of theirs.
    private static func time(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().dateSeparator(.dash)
        let clock = Date.ISO8601FormatStyle(timeZone: .gmt).time(includingFractionalSeconds: false)
            .timeSeparator(.colon)
        return "\(date.formatted(style)) \(date.formatted(clock).prefix(5)) UTC"
    }
}
