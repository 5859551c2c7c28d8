import Deploys

/// What a form that asks again says.
struct ConfirmWords {
    let preview: Preview

    init(_ preview: Preview) { self.preview = preview }

    private var environment: String { EnvironmentWords.name(preview.environment) }
    private var goesBack: Int? { if case .rollBack(let number) = preview.step { number } else { nil } }

    var title: String {
        switch preview.step {
        case .rollBack: "Roll back \(environment)?"
        case .approve: "Approve for \(environment)?"
        case .decline: "Decline?"
        case .cancel: "Cancel?"
        case .retry, .deploy: "Deploy to \(environment)?"
        }
    }

    var submit: String {
        switch preview.step {
        case .cancel: "Cancel it"
        case .deploy: FormWords.deploy
        default: ControlWords.step(preview.step)
        }
    }

    var question: String {
        let app = Mrkdwn.words(preview.label)
        let place = EnvironmentWords.badge(preview.environment)
        return switch preview.step {
        case .rollBack(let number): "*Roll \(app) on \(place) back to release #\(number)?*"
        case .approve: "*Let \(app) go to \(place)?*"
        case .decline: "*Keep this from \(place)?*"
        case .cancel: "*Cancel what is under way for \(app) on \(place)?*"
        case .retry, .deploy: "*Deploy \(app) to \(place)?*"
        }
    }

    var comparison: [String] {
        let now = preview.current.map { release in
            "*Now:* release #\(release.number)  ·  \(CommitWords.line(release.commit))  ·  "
                + "\(Mrkdwn.ago("deployed", release.since)), \(Mrkdwn.trigger(release.trigger))"
        }
        let next = goesBack.map { "*Then:* release #\($0)  ·  " } ?? "*Then:* "
        return [now ?? "*Now:* nothing is live there yet", next + CommitWords.line(preview.commit)]
    }

    /// Empty when nothing is known of them.
    var changes: [String] {
        guard preview.current?.commit.id != preview.commit.id else {
            return ["It is the commit that runs there already."]
        }
        let shown = preview.changes.prefix(ConfirmModal.maxListedCommits)
        let count = preview.changeCount ?? (preview.changes.isEmpty ? nil : preview.changes.count)
        guard let count, count > 0 else { return [] }
        let commits = "\(count) \(count == 1 ? "commit" : "commits")"
        let title = goesBack == nil ? "*\(commits) would come in*" : "*\(commits) would go*"
        let rest = count - shown.count
        return [title] + shown.map { "• \(CommitWords.line($0))" }
            + (rest > 0 && !shown.isEmpty ? ["and \(rest) more"] : [])
    }

    /// What is easily overlooked.
    var warning: String? {
        if preview.needsApproval { return "✋ A second person has to approve it before \(environment) changes." }
        guard preview.step == .approve, let current = preview.current else { return nil }
        return "⚠️ Release #\(current.number) went live after this was asked for, and would be replaced by it."
    }
}
