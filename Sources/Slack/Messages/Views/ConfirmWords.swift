import Deploys

/// What a form that asks again says.
struct ConfirmWords {
    let preview: Preview

    init(_ preview: Preview) { self.preview = preview }

    private var environment: String { EnvironmentWords.name(preview.environment) }
    /// Nil for what a form asked for.
    private var step: NextStep? { if case .step(let step, _) = preview.subject { step } else { nil } }
    private var goesBack: Int? { if case .rollBack(let number) = step { number } else { nil } }

    var title: String {
        switch step {
        case .rollBack: "Roll back \(environment)?"
        case .approve: "Approve for \(environment)?"
        case .decline: "Decline?"
        case .cancel: "Cancel?"
        case .retry, .deploy, nil: "Deploy to \(environment)?"
        }
    }

    var submit: String {
        switch step {
        case .cancel: "Cancel it"
        case .deploy, nil: FormWords.deploy
        case let step?: ControlWords.step(step)
        }
    }

    var question: String {
        let app = Mrkdwn.words(preview.label)
        let place = EnvironmentWords.badge(preview.environment)
        return switch step {
        case .rollBack(let number): "*Roll \(app) on \(place) back to release #\(number)?*"
        case .approve: "*Let \(app) go to \(place)?*"
        case .decline: "*Keep this from \(place)?*"
        case .cancel: "*Cancel what is under way for \(app) on \(place)?*"
        case .retry, .deploy, nil: "*Deploy \(app) to \(place)?*"
        }
    }

    var comparison: [String] {
        let now = preview.current.map { release in
            "*Now:* release #\(release.number)  ·  \(CommitWords.line(release.commit))  ·  "
                + "\(Mrkdwn.ago("deployed", release.since)), \(Mrkdwn.trigger(release.trigger))"
        }
        return [now ?? "*Now:* nothing is live there yet", "*Then:* \(next)"]
    }

    private var next: String {
        switch preview.target {
        case .commit(let commit):
            let name = goesBack.map { "release #\($0)" } ?? asked(commit)
            return (name.map { "\($0)  ·  " } ?? "") + CommitWords.line(commit)
        case .revision(let revision): return newest(of: revision)
        }
    }

    /// What stood in the form, where it says more than the commit does.
    private func asked(_ commit: Commit) -> String? {
        guard case .form(let revision) = preview.subject, !commit.id.sha.hasPrefix(revision.text.lowercased())
        else { return nil }
        return revision.releaseNumber.map { "release #\($0)" } ?? Mrkdwn.code(revision.text)
    }

    private func newest(of revision: Revision) -> String {
        if let number = revision.releaseNumber { return "release #\(number)" }
        let name = Mrkdwn.code(revision.text)
        return revision.couldBeCommit ? name : "the newest commit of \(name), as it is when the deploy runs"
    }

    /// Empty when nothing is known of them.
    var changes: [String] {
        guard let commit = preview.commit else { return [] }
        guard preview.current?.commit.id != commit.id else {
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
    var warnings: [String] { [unknownCommit, approval, replacement].compactMap(\.self) }

    private var unknownCommit: String? {
        guard case .revision = preview.target else { return nil }
        return "⚠️ Which commit that is could not be found out yet, so what would change can't be listed here."
    }

    private var approval: String? {
        preview.needsApproval ? "✋ A second person has to approve it before \(environment) changes." : nil
    }

    private var replacement: String? {
        guard step == .approve, let current = preview.current else { return nil }
        return "⚠️ Release #\(current.number) went live after this was asked for, and would be replaced by it."
    }
}
