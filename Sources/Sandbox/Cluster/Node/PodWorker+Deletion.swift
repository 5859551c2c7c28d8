import Foundation
import JSON

/// How a pod ends (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination).
extension PodWorker {
    /// SIGTERM, time to stop, SIGKILL; then the status says how it ended and the pod goes.
    /// - Returns: whether all of that is done.
    func terminate() async throws(EngineError) -> Bool {
        if !isTerminating {
            isTerminating = true
            stopProbes()
            for index in containers.indices where containers[index].isRunning {
                let name = containers[index].plan.name
                await tell(.normal, "Killing", "Stopping container \(name)", about: index)
            }
            await report()
            if containers.contains(where: \.isRunning) {
                let seconds = containers.map(\.plan.preStopSeconds).max() ?? 0
                try? await Task.sleep(for: max(context.settings.drainDelay, .seconds(seconds)))
            }
        }
        try await stopAll(graceSeconds: remainingGrace)
        for index in containers.indices where containers[index].isRunning { try await settle(index) }
        await report()
        try await removeContainers()
        return await confirm()
    }

    /// What is left of the time that the pod was given.
    private var remainingGrace: Int {
        guard let text = pod.at("metadata", "deletionTimestamp")?.string,
            let end = try? Date(text, strategy: .iso8601)
        else { return 0 }
        return max(0, Int(end.timeIntervalSince(context.now()).rounded(.up)))
    }

    private func stopAll(graceSeconds: Int) async throws(EngineError) {
        let engine = context.engine
        let running = containers.filter(\.isRunning).compactMap(\.containerID)
        let failures = await withTaskGroup(of: EngineError?.self) { group in
            for id in running {
                group.addTask {
                    do throws(EngineError) {
                        try await engine.stop(id, graceSeconds: graceSeconds)
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { $0 += [$1].compactMap { $0 } }
        }
        if let failure = failures.first { throw failure }
    }

    private func settle(_ index: Int) async throws(EngineError) {
        guard let id = containers[index].containerID else { return }
        let end: ContainerRecord.Termination
        do throws(EngineError) {
            guard case .exited(let exit) = try await context.engine.inspect(id).state else {
                throw EngineError.timedOut
            }
            end = .init(exit, containerID: id)
        } catch {
            guard case .notFound = error else { throw error }
            end = .lost(containerID: id, now: context.now())
        }
        containers[index].state = .terminated(end)
        containers[index].isReady = false
    }

    private func removeContainers() async throws(EngineError) {
        for record in containers {
            for id in Set([record.containerID, record.last?.containerID].compactMap { $0 }) {
                try await context.engine.remove(id)
            }
        }
    }

    /// Tells the API server that nothing of the pod is left.
    private func confirm() async -> Bool {
        do throws(APIError) {
            try await context.store.delete(
                .pod, namespace: pod.namespace, name: pod.name,
                DeleteOptions(uid: uid, gracePeriodSeconds: 0))
        } catch {
            // Gone already, or another pod by the same name.
            if error.isNotFound || error.isConflict { return true }
            setAlarm(after: context.settings.engineRetry)
            return false
        }
        return true
    }

    /// The pod is gone from the API already: nobody is left to be told.
    func discard() async throws(EngineError) {
        stopProbes()
        try await removeContainers()
    }

    /// The time to stop was cut to nothing while it stops.
    nonisolated func killNow() {
        Task {
            let ids = await containers.compactMap { $0.isRunning ? $0.containerID : nil }
            for id in ids { try? await context.engine.kill(id, signal: "SIGKILL") }
        }
    }
}
