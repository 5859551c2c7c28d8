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

    /// Returns when every target is done: with the very change that makes it so.
    func follow(onProgress: @Sendable (RollOutProgress) -> Void) async throws(RollOutError) {
        var judge = RollOutJudge(targets, limits: limits, now: timing.now())
        var reported: RollOutProgress?
        func report(_ progress: RollOutProgress) {
            if progress != reported { onProgress(progress) }
            reported = progress
        }
        let reader = eventReader()
        // Time also moves a roll-out: patience ends, and deadlines.
        let ticker = Task { [timing, limits, changes] in
            while (try? await timing.sleep(limits.lookAgainEvery)) != nil { changes.nudge() }
        }
        defer {
            ticker.cancel()
            reader.stop()
        }
        changes.nudge()
        for await _ in changes.stream {
            if Task.isCancelled { break }
            let snapshot = await watches.snapshot(for: changes)
            switch judge.look(at: snapshot, events: reader.events, now: timing.now()) {
            case .going(let progress, let needsEvents):
                report(progress)
                if needsEvents { reader.readIfDue(at: timing.now()) }
            case .done(let progress): return report(progress)
            case .failed(let failures): throw await evidence.error(for: failures, snapshot: snapshot)
            case .unheard(let sentence):
                throw .unreachable("The roll-out was begun and cannot be followed. \(sentence)")
            }
        }
        throw .cancelled
    }

    private func eventReader() -> EventReader {
        EventReader(
            limits: limits, now: timing.now(),
            read: { [evidence, changes] in await evidence.events(in: changes.namespace) },
            onNews: { [changes] in changes.nudge() })
    }
}
