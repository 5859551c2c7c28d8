import JSON

/// What is remembered of one target from one look to the next. Moments are of `HeardTime`.
struct TargetTrack {
    private(set) var wasSeen = false
    /// What stood in the way when it was looked at last; by the end, the pods that knew may be gone.
    private(set) var lastDiagnosis: Diagnosis?
    /// Since when each trouble shows.
    private var troubles: [String: ContinuousClock.Instant] = [:]
    private var lastMove: (counts: [Int], at: ContinuousClock.Instant)?

    mutating func note(
        _ state: TargetState, of target: RollOutTarget, _ object: JSON?, at moment: ContinuousClock.Instant
    ) {
        if object?.at("metadata", "uid")?.string == target.uid { wasSeen = true }
        guard case .waiting(let ready, let diagnosis) = state else {
            troubles = [:]
            return
        }
        if let diagnosis, diagnosis.pods > 0 || diagnosis.first != nil { lastDiagnosis = diagnosis }
        let present = (diagnosis?.findings ?? []).map { Self.key($0.first) }
        troubles = Dictionary(present.map { ($0, troubles[$0] ?? moment) }) { first, _ in first }
        let status = object?["status"]
        let counts = ["updatedReplicas", "availableReplicas", "replicas"].map { status?[$0]?.int ?? 0 } + [ready]
        if lastMove?.counts != counts { lastMove = (counts, moment) }
    }

    /// The deadline is counted anew: after a long silence, the cluster's own parts have to find each other first.
    mutating func forgetMoves() { lastMove = nil }

    func stillFor(at moment: ContinuousClock.Instant) -> Duration { moment - (lastMove?.at ?? moment) }

    /// Whether waiting does not help against this cause any more.
    func isCertain(_ cause: FirstCause, at moment: ContinuousClock.Instant) -> Bool {
        guard let patience = cause.patience else { return false }
        return hasLasted(cause, patience, at: moment)
    }

    func hasLasted(_ cause: FirstCause, _ duration: Duration, at moment: ContinuousClock.Instant) -> Bool {
        troubles[Self.key(cause)].map { moment - $0 >= duration } ?? false
    }

    private static func key(_ cause: FirstCause) -> String {
        "\(cause.cause.identity) in \(cause.container?.name ?? "")"
    }
}
