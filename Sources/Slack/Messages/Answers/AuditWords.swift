import Deploys

/// Lines of the record.
enum AuditWords {
    static func none(_ label: String) -> String { "Nobody has done anything with \(Mrkdwn.code(label)) yet." }

    static func title(_ label: String) -> String { "*Who did what with \(Mrkdwn.words(label))*" }

    static func older(_ count: Int) -> String { "\(count) older \(count == 1 ? "line is" : "lines are") not shown." }

    /// When, who, what, from where, and why.
    static func line(_ entry: AuditEntry) -> String {
        let isRefused = entry.decision == .refused
        var line = "\(isRefused ? "⛔" : "✓") \(Mrkdwn.moment(entry.date))  \(who(entry.trigger)) "
            + (isRefused ? "was not allowed to \(deed(entry, isDone: false))" : deed(entry, isDone: true))
        if let place = entry.place { line += " in \(Mrkdwn.place(place))" }
        if let operation = entry.operation { line += " (operation \(operation))" }
        if let reason = entry.reason {
            line += isRefused ? ": \(reasonOf(reason))" : ": “\(Mrkdwn.words(reason, maxUnits: 200))”"
        }
        return Mrkdwn.cutMarkup(line, to: 800)
    }

    private static func reasonOf(_ refusal: String) -> String {
        Mrkdwn.cutMarkup(Mrkdwn.neutral(ForeignText.line(refusal, maxUnits: 300)), to: 400)
    }

    private static func who(_ trigger: Trigger) -> String {
        switch trigger {
        case .command(let person), .button(let person): Mrkdwn.person(person)
        case .push(let by): "A push by \(Mrkdwn.words(by, maxUnits: 60))"
        case .rerun(let by): "\(Mrkdwn.words(by, maxUnits: 60)) with Re-run"
        case .look: "A push that was found by looking"
        case .watch: "Iterapp itself"
        }
    }

    private static func deed(_ entry: AuditEntry, isDone: Bool) -> String {
        let verb =
            switch entry.deed.kind {
            case .register: isDone ? "registered it" : "register it"
            case .deregister: isDone ? "deregistered it" : "deregister it"
            case .build: isDone ? "built" : "build"
            case .deploy: isDone ? "deployed" : "deploy"
            case .approve: isDone ? "approved" : "approve"
            case .decline: isDone ? "declined" : "decline"
            case .cancel: isDone ? "cancelled" : "cancel"
            }
        let revision = entry.revision.map { Mrkdwn.code($0.text, maxUnits: 60) }
        let preposition = entry.deed.kind == .deploy ? "to" : "for"
        let environment = entry.deed.environment.map { "\(preposition) \(EnvironmentWords.name($0))" }
        return [verb, revision, environment].compactMap(\.self).joined(separator: " ")
    }
}
