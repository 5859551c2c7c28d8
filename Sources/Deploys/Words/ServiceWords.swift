/// What people read when not their app, but the service itself has failed.
enum ServiceWords {
    static let unexpected = Failure(
        .service, "Something inside Iterapp went wrong.",
        advice: "Run it again; its log has more for the operator.")
    static let restored = Failure(
        .service, "Iterapp was put back to a backup in which this was still under way, so how it ended is not known.",
        advice: "Look what runs, and run it again if that is not it.")
    static let noBranch = Failure(.service, "The operation names no branch.")
    static let noEnvironment = Failure(.service, "The deploy names no environment.")

    static func missingImage(_ name: String, build: Int) -> Failure {
        Failure(.service, "The image of `\(name)` is missing from build \(build).")
    }

    /// - Parameter number: the release that people reach now.
    static func adding(serving number: Int, to failure: Failure) -> Failure {
        let stop = [".", "?", "!"].contains(failure.sentence.suffix(1)) ? "" : "."
        var longer = Failure(
            failure.stage, "\(failure.sentence)\(stop) Release #\(number) keeps serving.", advice: failure.advice,
            evidence: failure.evidence)
        longer.build = failure.build
        return longer
    }
}

extension Failure {
    static func journalBroken(_ error: JournalError) -> Failure {
        switch error {
        case .diskFull:
            Failure(
                .service, "The disk of the Iterapp service was full, so this could not go on.",
                advice: "Tell the operator; once there is space, run it again.")
        case .stalled:
            Failure(
                .service, "The disk of the Iterapp service did not answer, so this could not go on.",
                advice: "Tell the operator, and run it again later.")
        case .unavailable(let reason):
            Failure(
                .service, "The Iterapp service could not write to its journal: \(reason)",
                advice: "Tell the operator, and run it again later.")
        }
    }
}
