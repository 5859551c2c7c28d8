import Foundation
import JSON

/// From one run of a container to the next.
extension PodWorker {
    /// Looks whether it still runs; what the engine does not know any more was taken away.
    func inspect(_ index: Int) async throws(EngineError) {
        guard let id = containers[index].containerID else { return }
        containers[index].needsInspection = false
        do {
            let found = try await context.engine.inspect(id)
            switch found.state {
            case .running: if network == nil { address = found.address ?? address }
            case .exited(let exit): try await ended(index, .init(exit, containerID: id))
            case .created: try await ended(index, .lost(containerID: id, now: context.now()))
            }
        } catch EngineError.notFound {
            try await ended(index, .lost(containerID: id, now: context.now()))
        } catch {
            containers[index].needsInspection = true
            throw error
        }
    }

    func stopForRestart(_ index: Int, reason: String) async throws(EngineError) {
        guard let id = containers[index].containerID else { return }
        let name = containers[index].plan.name
        await tell(.normal, "Killing", "Container \(name) \(reason), will be restarted", about: index)
        try await context.engine.stop(id, graceSeconds: gracePeriod)
        containers[index].restartWanted = nil
        try await inspect(index)
    }

    func ended(_ index: Int, _ end: ContainerRecord.Termination) async throws(EngineError) {
        stopProbes(containers[index].plan.name)
        containers[index].state = .terminated(end)
        containers[index].endNoticed = context.now()
        containers[index].isReady = false
        containers[index].isStarted = false
        containers[index].restartWanted = nil
        containers[index].needsInspection = false
        // What comes after an end is the next step's matter.
        poke()
        await report()
        // One dead container is kept for its log: this one now.
        if let older = containers[index].last?.containerID, older != end.containerID {
            try await context.engine.remove(older)
        }
    }

    /// Starts a container that does not run: at once, later or never, by what happened before.
    func startIfDue(_ index: Int) async throws(EngineError) {
        let record = containers[index]
        if case .terminated(let end) = record.state {
            guard progress.startsAgain(record, after: end) else { return }
            containers[index].last = end
            containers[index].isRestart = true
            let next = record.restartBackOff.nextAttempt(after: record.endNoticed ?? context.now())
            if next > context.now() {
                await backOff(index, until: next)
                return
            }
        } else if let next = record.nextAttempt, next > context.now() {
            return
        } else if await noteImageBackOff(index) {
            return
        }
        containers[index].nextAttempt = nil
        if containers[index].isRestart { containers[index].restartBackOff.step(at: context.now()) }
        try await start(index)
    }

    private func backOff(_ index: Int, until next: Date) async {
        let record = containers[index]
        let place = "\(pod.name)_\(pod.namespace)(\(pod.uid))"
        containers[index].nextAttempt = next
        containers[index].state = .waiting(
            reason: "CrashLoopBackOff",
            message: "back-off \(BackOff.text(record.restartBackOff.delay)) restarting failed "
                + "container=\(record.plan.name) pod=\(place)")
        await tell(
            .warning, "BackOff",
            "Back-off restarting failed container \(record.plan.name) in pod \(place)", about: index)
    }
}
