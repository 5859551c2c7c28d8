/// What pressing a button would change: shown to whoever pressed it, before anything is done.
package struct Preview: Hashable, Sendable {
    package let step: NextStep
    /// The one whose message has the button.
    package let operation: Operation
    /// `cats`, or `org/cats`.
    package let label: String
    package let environment: EnvironmentName
    /// What serves there now; nil before the first deploy.
    package let current: LiveRelease?
    package let commit: Commit
    /// The commits that come in (for a roll back: go), newest first, as far as they could be found out at once.
    package let changes: [Commit]
    /// How many there are; nil when that is not known.
    package let changeCount: Int?
    package let needsApproval: Bool

    package init(
        step: NextStep, operation: Operation, label: String, environment: EnvironmentName, current: LiveRelease?,
        commit: Commit, changes: [Commit], changeCount: Int?, needsApproval: Bool
    ) {
        self.step = step
        self.operation = operation
        self.label = label
        self.environment = environment
        self.current = current
        self.commit = commit
        self.changes = changes
        self.changeCount = changeCount
        self.needsApproval = needsApproval
    }
}
