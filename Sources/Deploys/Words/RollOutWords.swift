/// What people read about a roll-out that failed.
enum RollOutWords {
    /// With a space before it; nothing when nothing serves.
    static func serving(_ release: Int?) -> String { release.map { " Release #\($0) keeps serving." } ?? "" }

    /// With a space before it.
    static func leftInPlace(_ before: Int) -> String {
        " It was left in place, as ITERAPP_PUT_BACK asks for; pods of release #\(before) that are left "
            + "keep serving."
    }

    static func notPutBack(_ reason: JournalError) -> String {
        "It was not put back, because the journal can't be read: \(reason)."
    }

    static func notPutRight(_ error: RollOutError) -> Failure {
        Failure(
            .rollOut, "Somebody changed what runs, and it can't be put right. \(error.sentence)",
            advice: "It stays as it is until the next deploy.")
    }
}

extension RollOutError {
    /// - Parameter aftermath: what became of the environment, with a space before it.
    func failure(of release: Release, _ aftermath: String) -> Failure {
        switch self {
        case .failed(let appling, _, let advice, let evidence):
            let subject = release.applings.count == 1 ? "" : "`\(appling)`: "
            return Failure(.rollOut, subject + sentence + aftermath, advice: advice, evidence: evidence)
        case .unmet(_, let advice):
            return Failure(.rollOut, sentence + aftermath, advice: advice)
        case .unreachable:
            return Failure(.rollOut, sentence, advice: "Deploy again once it does. What runs there keeps running.")
        case .unrecorded:
            return Failure(.service, sentence + aftermath)
        case .rejected, .refusedMidway, .cancelled:
            return Failure(.rollOut, sentence + aftermath)
        }
    }

    /// What went wrong.
    package var sentence: String {
        switch self {
        case .failed(_, let cause, _, _): cause
        case .unmet(let sentence, _): "\(sentence) Nothing that runs was changed."
        case .rejected(let sentence): "The cluster refused the app's objects: \(sentence) Nothing was changed."
        case .refusedMidway(let sentence):
            "The cluster refused some of the app's objects, after it had taken others: \(sentence)"
        case .unreachable(let sentence): "The cluster does not answer: \(sentence)"
        case .unrecorded(let sentence): sentence
        case .cancelled: "It was cancelled."
        }
    }
}
