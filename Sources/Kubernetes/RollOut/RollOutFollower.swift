import Deploys
import JSON

/// Follows one release's Deployments, or a release command, to the end.
struct RollOutFollower {
    let watches: ClusterWatches
    let changes: ClusterWatches.Changes
    let evidence: RollOutEvidence
    let limits: RollOutLimits
    let timing: Timing
    let targets: [RollOutTarget]

    /// What is remembered from one look to the next.
    private struct Memory {
        let startedAt: ContinuousClock.Instant
        var seen: Set<String> = []
        var reported: Int?
        /// Since when each target shows the same trouble.
        var troubles: [String: (identity: String, since: ContinuousClock.Instant)] = [:]
        /// When each target looked different last.
        var lastMoves: [String: (state: String, at: ContinuousClock.Instant)] = [:]
        /// What stood in the way of each target when it was looked at last.
        var lastCauses: [String: RollOutCause] = [:]
        var silentSince: ContinuousClock.Instant?
        var events: (items: [JSON], at: ContinuousClock.Instant)
    }

    /// Returns when every target is done.
    func follow(
        onProgress: @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError) {
        let now = timing.now()
        var memory = Memory(startedAt: now, events: ([], now))
        let ticker = Task { [timing, limits, changes] in
            while (try? await timing.sleep(limits.lookAgainEvery)) != nil { changes.nudge() }
        }
        defer { ticker.cancel() }
        changes.nudge()
        for await _ in changes.stream {
            if Task.isCancelled { break }
            let snapshot = await watches.snapshot(for: changes)
            try checkNews(snapshot, &memory)
            let states = await states(snapshot, &memory)
            report(states, &memory, onProgress)
            for (target, state) in zip(targets, states) {
                if let failure = failure(of: target, state, snapshot, &memory) {
                    throw await evidence.error(for: target, failure, snapshot: snapshot)
                }
            }
            if states.allSatisfy(\.isDone) { return }
        }
        throw .cancelled
    }

    private func states(_ snapshot: ClusterWatches.Snapshot, _ memory: inout Memory) async -> [TargetState] {
        await lookAtEvents(snapshot, &memory)
        return targets.map { target in
            let object = snapshot.object(of: target)
            let state = TargetState.judge(
                target, object: object, pods: snapshot.pods, events: memory.events.items,
                wasSeen: memory.seen.contains(target.name))
            if object?.at("metadata", "uid")?.string == target.uid { memory.seen.insert(target.name) }
            return state
        }
    }

    /// Only events know why a pod does not begin to start, such as a Secret that is mounted and does not
    /// exist. They are many and are not watched, so they are asked for now and then, and only while something
    /// stands like that.
    private func lookAtEvents(_ snapshot: ClusterWatches.Snapshot, _ memory: inout Memory) async {
        let now = timing.now()
        guard now - memory.events.at >= limits.lookAtEventsEvery else { return }
        let isStuck = targets.contains { target in
            guard let object = snapshot.object(of: target) else { return false }
            let pods = target.pods(of: object, among: snapshot.pods)
            return pods.isEmpty || pods.contains { !Pods.hasStarted($0) }
        }
        memory.events = (isStuck ? await evidence.events(in: changes.namespace) : [], now)
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
        case .failed: return .cause
        case .deadlineExceeded: return .deadline(lastCause: memory.lastCauses[target.name])
        case .waiting(let ready, let cause):
            if let cause, isCertain(cause, of: target, at: now, &memory) { return .cause }
            if cause == nil { memory.troubles[target.name] = nil }
            let object = snapshot.object(of: target) ?? [:]
            let hasPods = !target.pods(of: object, among: snapshot.pods).isEmpty
            if hasPods || cause != nil { memory.lastCauses[target.name] = cause }
            let status = object["status"]
            let look =
                "\(ready) \(status?["updatedReplicas"]?.int ?? 0) \(status?["availableReplicas"]?.int ?? 0) "
                + "\(status?["replicas"]?.int ?? 0)"
            if memory.lastMoves[target.name]?.state != look { memory.lastMoves[target.name] = (look, now) }
            let still = now - (memory.lastMoves[target.name]?.at ?? now)
            let deadline = Duration.seconds(target.deadlineSeconds) + limits.graceAfterDeadline
            let isOver = still >= deadline || now - memory.startedAt >= limits.maxRollOut
            return isOver ? .deadline(lastCause: memory.lastCauses[target.name]) : nil
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
