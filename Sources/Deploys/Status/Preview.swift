/// What would change, shown to whoever asks for it before anything is done.
package struct Preview: Hashable, Sendable {
    /// What was asked for.
    package enum Subject: Hashable, Sendable {
        /// A button of an operation's message.
        case step(NextStep, on: OperationID)
        /// A form, and what stood in its field.
        case form(Revision)
    }

    /// What would run then.
    package enum Target: Hashable, Sendable {
        case commit(Commit)
        /// What this leads to when its turn comes: which commit that is could not be found out.
        case revision(Revision)
    }

    package let subject: Subject
    /// `cats`, or `org/cats`.
    package let label: String
    package let environment: EnvironmentName
    package let target: Target
    /// What serves there now; nil before the first deploy.
    package let current: LiveRelease?
    /// The commits that come in (for a roll back: go), newest first, as far as they could be found out at once.
    package let changes: [Commit]
    /// How many there are; nil when that is not known.
    package let changeCount: Int?
    package let needsApproval: Bool

    package init(
        subject: Subject, label: String, environment: EnvironmentName, target: Target, current: LiveRelease?,
        changes: [Commit], changeCount: Int?, needsApproval: Bool
    ) {
        self.subject = subject
        self.label = label
        self.environment = environment
        self.target = target
        self.current = current
        self.changes = changes
        self.changeCount = changeCount
        self.needsApproval = needsApproval
    }

    package var commit: Commit? { if case .commit(let commit) = target { commit } else { nil } }

    /// What a form asks for, once it was shown; nil for a step.
    package var wish: DeployWish? {
        guard case .form(let revision) = subject else { return nil }
        return DeployWish(label: label, environment: environment, revision: revision, commit: commit)
    }
}

/// A deploy that somebody filled a form in for and was shown: what was shown is what goes.
package struct DeployWish: Hashable, Sendable {
    /// `cats`, or `org/cats`.
    package let label: String
    package let environment: EnvironmentName
    package let revision: Revision
    /// Nil when it could not be found out in time: the revision is looked up when its turn comes.
    package let commit: Commit?

    package init(label: String, environment: EnvironmentName, revision: Revision, commit: Commit?) {
        self.label = label
        self.environment = environment
        self.revision = revision
        self.commit = commit
    }
}
