import Foundation
import JSON

/// How a pod ends (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination).
extension PodWorker {
    /// SIGTERM, time to stop, SIGKILL; then the status says how it ended and the pod goes.
    /// - Returns: whether all of that is done.
    func terminate() async throws(EngineError) -> Bool {
        if !isTerminating {
            isTerminating = true
            terminationBegin = context.now()
            stopProbes()
            for index in containers.indices where containers[index].isRunning {
                let name = containers[index].plan.name
                await tell(.normal, "Killing", "Stopping container \(name)", about: index)
            }
            await report()
            if containers.contains(where: \.isRunning) { await drain() }
        }
        try await stop(containers.indices.filter { containers[$0].plan.role != .sidecar })
        for index in containers.indices.reversed() { try await stop([index]) }
        await report()
        try await removeContainers()
        return await confirm()
    }

    /// What is left of the time that the pod was given, counted from when its end began: its deletion's time
    /// is written down in whole seconds.
    private var remainingGrace: Int {
        let given = TimeInterval(pod.at("metadata", "deletionGracePeriodSeconds")?.int ?? 0)
        let spent = context.now().timeIntervalSince(terminationBegin ?? context.now())
        return max(0, Int((given - spent).rounded(.up)))
    }

    /// Hooks of all containers at once, and a moment for requests that are on their way.
    private func drain() async {
        let (engine, drainDelay) = (context.engine, context.settings.drainDelay)
        let limit = Duration.seconds(remainingGrace)
        let hooks = containers.compactMap { record -> (ContainerPlan.Hook, String)? in
            guard record.isRunning, let hook = record.plan.preStop, let id = record.containerID else {
                return nil
            }
            return (hook, id)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: drainDelay) }
            for (hook, id) in hooks {
                group.addTask {
                    switch hook {
                    case .sleep(let seconds): try? await Task.sleep(for: min(limit, .seconds(seconds)))
                    // Whatever becomes of it, the container stops.
                    case .exec(let command): _ = try? await engine.execute(command, in: id, timeout: limit)
                    }
                }
            }
        }
    }

    /// Those of them that run, side by side.
    private func stop(_ indices: [Int]) async throws(EngineError) {
        let running = indices.filter { containers[$0].isRunning }
        let ids = running.compactMap { containers[$0].containerID }
        let (engine, graceSeconds) = (context.engine, remainingGrace)
        let failures = await withTaskGroup(of: EngineError?.self) { group in
            for id in ids {
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
        for index in running { try await settle(index) }
    }

    func settle(_ index: Int) async throws(EngineError) {
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
        containers[index].isStarted = false
    }

    private func removeContainers() async throws(EngineError) {
        for record in containers {
            for id in Set([record.containerID, record.last?.containerID].compactMap { $0 }) {
                try await context.engine.remove(id)
            }
        }
        if let holder = network { try await context.engine.remove(holder.containerID) }
        network = nil
        await context.files.remove(uid)
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
