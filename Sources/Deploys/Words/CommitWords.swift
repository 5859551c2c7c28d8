/// What people read on a commit's page. No names of people: the page may be public, and the chat is not.
enum CommitWords {
    // MARK: Builds

    static let queued = "Queued"
    static let building = "Building"
    static let interrupted = "Interrupted"
    static let interruptedSentence = "Iterapp stopped in the middle, and goes on when it runs again."
    static let held = "Built; waits for approval"
    static let overtaken = "Overtaken by a newer push"
    static let branchGone = "Its branch was deleted"
    static let branchGoneSentence = "This commit was not built: before its turn came, its branch was deleted."
    static let cancelled = "Cancelled"
    static let declined = "Its deploy was declined"
    static let lapsed = "Nobody approved its deploy in time"

    static func built(_ number: Int?) -> String { number.map { "Build \($0) succeeded" } ?? "It is built" }

    static func heldSentence(_ environment: EnvironmentName?) -> String {
        "Somebody has to approve its deploy to `\(environment ?? .prod)`, in the chat."
    }

    static func overtakenSentence(_ operation: Operation, _ newer: Commit) -> String {
        let branch = operation.revision.map { " to \(quoted($0.text))" } ?? ""
        let subject = newer.subject.isEmpty ? "" : " (\(newer.subject))"
        let what =
            operation.wasStoppedMidBuild
            ? "The build of this commit was stopped, because there was a newer push\(branch): "
            : "This commit was not built: before its turn came, there was a newer push\(branch): "
        return what + "\(newer.id.sha)\(subject)."
    }

    static func failed(_ failure: Failure) -> String {
        switch failure.stage {
        case .register, .source: "The commit can't be read"
        case .settings: "The settings have to be corrected"
        case .build: failure.build?.isTimedOut == true ? "The build took too long" : "The build failed"
        case .rollOut, .service: "Iterapp could not go on"
        }
    }

    /// - Parameter commit: of the operation.
    static func about(_ commit: Commit, _ operation: Operation) -> String {
        let branch = operation.revision.map { ", \(quoted($0.text))" } ?? ""
        return "Commit `\(commit.id.short)`\(branch): \(commit.subject)"
    }

    // MARK: Deploys

    static let queuedDeploy = "Waits for its turn."
    static let pendingDeploy = "Its images are made ready."
    static let heldDeploy = "Waits for somebody's approval, in the chat."

    static func rollingOut(_ number: Int?) -> String { "\(release(number)) rolls out." }
    static func live(_ number: Int?) -> String { "\(release(number)) is live." }
    static func puttingBack(_ number: Int) -> String { "It failed; release #\(number) is brought back." }
    static func replaced(by number: Int) -> String { "Release #\(number) took its place." }

    private static func release(_ number: Int?) -> String { number.map { "Release #\($0)" } ?? "It" }
}
