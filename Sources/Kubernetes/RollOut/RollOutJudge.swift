import Deploys

/// Concludes from one look at the cluster after the other how a roll-out goes. All that it knows is handed in, the
/// time too.
struct RollOutJudge {
    enum Conclusion {
        case going(RollOutProgress, needsEvents: Bool)
        case done(RollOutProgress)
        /// At least one; those that ended the roll-out come first.
        case failed([RollOutFailure])
        /// - Parameter sentence: why the cluster cannot be heard.
        case unheard(sentence: String)
    }

    private let targets: [RollOutTarget]
    private let limits: RollOutLimits
    private let startedAt: ContinuousClock.Instant
    private var heard = HeardTime()
    private var tracks: [TargetTrack]
    private var heedsDeadline = true

    init(_ targets: [RollOutTarget], limits: RollOutLimits, now: ContinuousClock.Instant) {
        self.targets = targets
        self.limits = limits
        startedAt = now
        tracks = targets.map { _ in TargetTrack() }
    }

    mutating func look(
        at snapshot: ClusterWatches.Snapshot, events: EventIndex, now: ContinuousClock.Instant
    ) -> Conclusion {
        let trouble = snapshot.health.trouble
        if let silence = heard.look(isSilent: trouble != nil, at: now), silence >= limits.graceAfterDeadline {
            heedsDeadline = false
            for index in tracks.indices { tracks[index].forgetMoves() }
        }
        let moment = heard.moment(at: now)
        let states = states(snapshot, events, at: moment)
        let progress = progress(states, snapshot, at: moment, now: now)
        if states.allSatisfy(\.isDone) { return .done(progress) }
        if let trouble {
            // What was seen last may not be so any more.
            let silence = now - (heard.silentSince ?? now)
            return silence >= limits.maxSilence
                ? .unheard(sentence: trouble.sentence) : .going(progress, needsEvents: false)
        }
        let failures = failures(states, at: moment)
        if !failures.isEmpty { return .failed(failures) }
        return .going(progress, needsEvents: states.contains(where: \.needsEvents))
    }

    private mutating func states(
        _ snapshot: ClusterWatches.Snapshot, _ events: EventIndex, at moment: ContinuousClock.Instant
    ) -> [TargetState] {
        targets.indices.map { index in
            let target = targets[index]
            let object = snapshot.object(of: target)
            let state = TargetState.judge(
                target, object: object, pods: snapshot.pods, events: events, wasSeen: tracks[index].wasSeen,
                heedsDeadline: heedsDeadline)
            tracks[index].note(state, of: target, object, at: moment)
            return state
        }
    }

    private func progress(
        _ states: [TargetState], _ snapshot: ClusterWatches.Snapshot, at moment: ContinuousClock.Instant,
        now: ContinuousClock.Instant
    ) -> RollOutProgress {
        RollOutProgress(
            ready: states.reduce(0) { $0 + $1.ready },
            wanted: targets.reduce(0) { $0 + $1.wanted(by: snapshot.object(of: $1)) },
            holdUp: silence(snapshot, now: now) ?? holdUp(states, at: moment))
    }

    private func silence(_ snapshot: ClusterWatches.Snapshot, now: ContinuousClock.Instant) -> String? {
        guard let trouble = snapshot.health.trouble, let since = heard.silentSince,
            now - since >= limits.holdUpShownAfter
        else { return nil }
        return "The cluster cannot be watched at the moment; it goes on by itself, and is followed again as soon as it "
            + "answers. \(trouble.sentence)"
    }

    private func holdUp(_ states: [TargetState], at moment: ContinuousClock.Instant) -> String? {
        var found: (rank: Int, sentence: String?)?
        for (index, state) in states.enumerated() {
            guard case .waiting(_, let diagnosis?) = state else { continue }
            let holdUps = diagnosis.keeping {
                $0.cause.isHoldUp && tracks[index].hasLasted($0, limits.holdUpShownAfter, at: moment)
            }
            guard let cause = holdUps.first?.cause, cause.rank < found?.rank ?? .max else { continue }
            found = (cause.rank, targets[index].words.sentence(holdUps))
        }
        return found?.sentence
    }

    private func failures(_ states: [TargetState], at moment: ContinuousClock.Instant) -> [RollOutFailure] {
        let reasons = states.indices.map { reason(states[$0], index: $0, at: moment) }
        guard reasons.contains(where: { $0 != nil }) else { return [] }
        let ended = zip(targets, reasons).compactMap { target, reason in
            reason.map { RollOutFailure(target: target, reason: $0) }
        }
        // What fails side by side often has the same root, or one is the other's.
        let beside = states.indices.compactMap { index -> RollOutFailure? in
            guard reasons[index] == nil, case .waiting(_, let diagnosis?) = states[index],
                let cause = diagnosis.first?.cause, cause.isHoldUp, cause.rank <= RollOutFailure.maxRankBeside
            else { return nil }
            return RollOutFailure(target: targets[index], reason: .beside)
        }
        return ended + beside
    }

    /// Why the roll-out of one target is over; nil while it is not.
    private func reason(
        _ state: TargetState, index: Int, at moment: ContinuousClock.Instant
    ) -> RollOutFailure.Reason? {
        let (target, track) = (targets[index], tracks[index])
        switch state {
        case .done: return nil
        case .takenAway(let sentence): return .sentence(sentence)
        case .failed: return .cause(certain: [])
        case .deadlineExceeded: return .deadline(last: track.lastDiagnosis)
        case .waiting(_, let diagnosis):
            let certain = (diagnosis?.findings ?? []).map(\.first).filter { track.isCertain($0, at: moment) }
            if !certain.isEmpty { return .cause(certain: Set(certain.map(\.cause.identity))) }
            let deadline = Duration.seconds(target.deadlineSeconds) + limits.graceAfterDeadline
            let isOver =
                track.stillFor(at: moment) >= deadline || moment - startedAt >= limits.maxRollOut
            return isOver ? .deadline(last: track.lastDiagnosis) : nil
        }
    }
}
