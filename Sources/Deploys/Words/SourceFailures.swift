extension SourceError {
    /// What a step throws: a failure that people are told, or the cancellation.
    func ending(_ stage: Failure.Stage, app: String, revision: Revision?) -> any Error {
        let name = revision.map { quoted($0.text) } ?? "the default branch"
        switch self {
        case .noSuchRepository:
            return Failure(
                stage, "There is no repository `\(app)`, or Iterapp may not read it.",
                advice: "Check the name, and that Iterapp has access to the repository.")
        case .noSuchRevision(let nearest):
            let guess = nearest.map { " Did you mean \(quoted($0))?" } ?? ""
            return Failure(
                stage, "`\(app)` has no branch, tag or commit \(name).\(guess)",
                advice: guess.isEmpty ? "Push it first, or check the spelling." : nil)
        case .ambiguousRevision:
            return Failure(
                stage, "More than one commit of `\(app)` begins with \(name).", advice: "Give more digits.")
        case .empty:
            return Failure(
                stage, "The repository `\(app)` has no commit yet.", advice: "Push a first commit.")
        case .accessDenied(let reason):
            return Failure(
                stage, "Iterapp may not read the repository `\(app)`: \(reason)",
                advice: "Give Iterapp access to it.")
        case .unreachable(let reason):
            return Failure(
                stage, "The source of `\(app)` does not answer: \(reason)", advice: "Try again in a few minutes.")
        case .diskFull(let reason):
            return Failure(
                stage, "The disk of the Iterapp service is full: \(reason)",
                advice: "Tell the operator; once there is space, run it again.")
        case .broken(let reason):
            return Failure(stage, "The repository `\(app)` can't be read: \(reason)")
        case .cancelled: return CancellationError()
        }
    }
}

/// What people read about commits that once were there.
enum SourceWords {
    static func noRelease(_ number: Int, _ label: String) -> Failure {
        Failure(
            .source, "`\(label)` has no release `#\(number)` that went live.",
            advice: "Take a number from a message about a deploy that is live, or name a branch.")
    }

    static func gone(_ commit: CommitID, _ label: String) -> Failure {
        Failure(
            .source, "The commit `\(commit.short)` is gone: no branch or tag of `\(label)` leads to it.",
            advice: "If a forced push replaced it, deploy the branch as it is now.")
    }
}
