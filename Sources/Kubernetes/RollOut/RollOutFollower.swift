import Deploys
import JSON

/// Follows the roll-out of one release's Deployments to its end.
struct RollOutFollower {
    let watches: ClusterWatches
    let changes: ClusterWatches.Changes
    let evidence: RollOutEvidence
    let limits: RollOutLimits
    let timing: Timing
    let targets: [RollOutTarget]
    let namespace: String

    /// What is remembered from one look to the next.
    private struct Memory {
        let startedAt: ContinuousClock.Instant
        var seen: Set<String> = []
        var reported: Int?
        /// Since when each target shows the same trouble.
        var troubles: [String: (identity: String, since: ContinuousClock.Instant)] = [:]
        /// When each target looked different last.
        var lastMoves: [String: (state: String, at: ContinuousClock.Instant)] = [:]
        var silentSince: ContinuousClock.Instant?
    }

    /// Returns when every target is done.
    func follow(
        onProgress: @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError) {
        var memory = Memory(startedAt: timing.now())
        let ticker = Task { [timing, limits, changes] in
            while (try? await timing.sleep(limits.lookAgainEvery)) != nil { changes.nudge() }
        }
        defer { ticker.cancel() }
        changes.nudge()
        for await _ in changes.stream {
            if Task.isCancelled { break }
            let snapshot = await watches.snapshot(of: namespace)
            try checkNews(snapshot, &memory)
            let states = targets.map { target in
                let deployment = snapshot.deployments[target.name]
                let state = TargetState.judge(
                    target, deployment: deployment, pods: snapshot.pods,
                    wasSeen: memory.seen.contains(target.name))
                if deployment?.at("metadata", "uid")?.string == target.uid { memory.seen.insert(target.name) }
                return (target: target, state: state)
            }
            report(states.map(\.state), &memory, onProgress)
            for (target, state) in states {
                if let failure = failure(of: target, state, snapshot, &memory) {
                    throw await evidence.error(for: target, failure, snapshot: snapshot)
                }
            }
            if states.allSatisfy({ $0.state.isDone }) { return }
        }
        throw .cancelled
    }

    /// Why the roll-out of one target is over; nil while it is not.
    private func failure(
        of target: RollOutTarget, _ state: TargetState, _ snapshot: ClusterWatches.Snapshot,
        _ memory: inout Memory
    ) -> RollOutEvidence.Failure? {
        let now = timing.now()
        switch state {
        case .done:
            memory.troubles[target.name] = nil
            return nil
        case .takenAway(let sentence): return .sentence(sentence)
        case .deadlineExceeded: return .deadline
        case .waiting(let ready, let cause):
            if let cause, isCertain(cause, of: target, at: now, &memory) { return .cause }
            if cause == nil { memory.troubles[target.name] = nil }
            let status = snapshot.deployments[target.name]?["status"]
            let look =
                "\(ready) \(status?["updatedReplicas"]?.int ?? 0) \(status?["availableReplicas"]?.int ?? 0) "
                + "\(status?["replicas"]?.int ?? 0)"
            if memory.lastMoves[target.name]?.state != look { memory.lastMoves[target.name] = (look, now) }
            let still = now - (memory.lastMoves[target.name]?.at ?? now)
            let deadline = Duration.seconds(target.progressDeadlineSeconds) + limits.graceAfterDeadline
            return still >= deadline || now - memory.startedAt >= limits.maxRollOut ? .deadline : nil
        }
    }

    private func isCertain(
        _ cause: RollOutCause, of target: RollOutTarget, at now: ContinuousClock.Instant,
        _ memory: inout Memory
    ) -> Bool {
        if memory.troubles[target.name]?.identity != cause.identity {
            memory.troubles[target.name] = (cause.identity, now)
        }
        guard let patience = cause.patience, let trouble = memory.troubles[target.name] else { return false }
        return now - trouble.since >= patience
    }

    private func report(
        _ states: [TargetState], _ memory: inout Memory,
        _ onProgress: @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) {
        let ready = states.reduce(0) { $0 + $1.ready }
        guard ready != memory.reported else { return }
        memory.reported = ready
        onProgress(ready, targets.reduce(0) { $0 + $1.wanted })
    }

    /// A watch that is cut off has its time to come back: the roll-out goes on without us.
    private func checkNews(
        _ snapshot: ClusterWatches.Snapshot, _ memory: inout Memory
    ) throws(RollOutError) {
        guard let trouble = snapshot.health.trouble else {
            memory.silentSince = nil
            return
        }
        let now = timing.now()
        let since = memory.silentSince ?? now
        memory.silentSince = since
        guard now - since >= limits.maxSilence else { return }
        throw .unreachable("The roll-out was begun and cannot be followed. \(trouble.sentence)")
    }
}

extension TargetState {
    fileprivate var isDone: Bool { if case .done = self { true } else { false } }

    fileprivate var ready: Int {
        switch self {
        case .waiting(let ready, _), .done(let ready): ready
        case .deadlineExceeded, .takenAway: 0
        }
    }
}
