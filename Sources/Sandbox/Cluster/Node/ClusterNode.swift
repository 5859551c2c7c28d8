import Foundation
import HTTP
import JSON

/// The embedded cluster's one node: a scheduler that has no choice and a kubelet whose container runtime is
/// the Docker Engine. Each pod has a `PodWorker`; this tells them what happens.
package actor ClusterNode {
    let context: NodeContext
    private var workers: [String: PodWorker] = [:]
    private var tasks: [String: Task<Void, Never>] = [:]
    /// Containers that were there when the node started, until their pod is seen.
    private var found: [String: [ContainerInspection]] = [:]
    private var machine: EngineMachine?
    private var isEngineUp = false

    package init(
        store: ObjectStore, engine: DockerEngineClient, http: HTTPClient, settings: NodeSettings,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        context = NodeContext(store: store, engine: engine, http: http, settings: settings, now: now)
    }

    /// Until the task is cancelled. Containers then go on running; see `shutDown`.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            // The first look at the engine decides which pods already have containers.
            let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
            group.addTask { await self.followEngine(isReady) }
            for await _ in ready { break }
            group.addTask { await self.followPods() }
            for kind in [ResourceKind.secret, .configMap] {
                group.addTask { await self.followConfiguration(kind) }
            }
            for kind in [ResourceKind.service, .endpointSlice] {
                group.addTask { await self.followServices(kind) }
            }
        }
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
        tasks = [:]
        workers = [:]
    }

    // MARK: - Pods

    private func followPods() async {
        while !Task.isCancelled {
            let (pods, version) = await context.store.list(.pod)
            let uids = Set(pods.map(\.uid))
            for (uid, worker) in workers where !uids.contains(uid) { await worker.remove() }
            for pod in pods { await notice(pod) }
            await removeStrangers(known: uids)
            guard let changes = try? await context.store.watch(.pod, after: version) else { continue }
            for await change in changes {
                if change.kind == .deleted {
                    await workers[change.object.uid]?.remove()
                    await retryUnscheduled()
                } else {
                    await notice(change.object)
                    if PodFacts(change.object).isOver { await retryUnscheduled() }
                }
            }
        }
    }

    private func notice(_ pod: JSON) async {
        guard pod.at("spec", "nodeName") != nil else {
            await schedule(pod)
            return
        }
        if let worker = workers[pod.uid] {
            await worker.update(pod)
            return
        }
        let worker = PodWorker(pod: pod, found: found.removeValue(forKey: pod.uid) ?? [], context: context)
        workers[pod.uid] = worker
        tasks[pod.uid] = Task {
            await worker.run()
            forget(worker)
        }
    }

    private func forget(_ worker: PodWorker) {
        workers[worker.uid] = nil
        tasks[worker.uid] = nil
    }

    private func schedule(_ pod: JSON) async {
        guard let machine, !pod.isBeingDeleted else { return }
        let settings = context.settings
        // Those that have ended take no place.
        let running = await context.store.list(.pod).items.filter {
            $0.at("spec", "nodeName") != nil && !PodFacts($0).isOver
        }
        let message = Scheduler(machine: machine).obstacle(to: pod, running: running.count)
        if let message {
            let time = ObjectStore.timestamp(context.now())
            let old = Conditions(pod.at("status", "conditions"))["PodScheduled"]
            guard old?["message"]?.string != message else { return }
            _ = try? await context.store.modify(
                .pod, namespace: pod.namespace, name: pod.name, scope: .status, by: Scheduler.name
            ) { $0.set([PodStatus.unschedulable(message, time: time)], at: "status", "conditions") }
            await context.events.record(
                EventNote(
                    about: pod, .warning, "FailedScheduling", message, component: Scheduler.name))
            return
        }
        guard (try? await context.store.bind(pod, to: settings.name)) == true else { return }
        await context.events.record(
            EventNote(
                about: pod, .normal, "Scheduled",
                "Successfully assigned \(pod.namespace)/\(pod.name) to \(settings.name)",
                component: Scheduler.name))
    }

    private func retryUnscheduled() async {
        for pod in await context.store.list(.pod).items where pod.at("spec", "nodeName") == nil {
            await schedule(pod)
        }
    }

    private func followConfiguration(_ kind: ResourceKind) async {
        while !Task.isCancelled {
            let version = await context.store.resourceVersion
            guard let changes = try? await context.store.watch(kind, after: version) else { continue }
            for await change in changes {
                for worker in workers.values where await worker.pod.namespace == change.object.namespace {
                    await worker.configurationChanged()
                }
            }
        }
    }

    private func followServices(_ kind: ResourceKind) async {
        while !Task.isCancelled {
            let version = await context.store.resourceVersion
            guard let changes = try? await context.store.watch(kind, after: version) else { continue }
            for await change in changes {
                let namespace = change.object.namespace
                await context.services.refresh(namespace)
                await tellNames(in: namespace)
            }
        }
    }

    private func tellNames(in namespace: String) async {
        for worker in workers.values where await worker.pod.namespace == namespace {
            await worker.namesChanged()
        }
    }

    // MARK: - The engine

    private func followEngine(_ isReady: AsyncStream<Void>.Continuation) async {
        let (engine, settings) = (context.engine, context.settings)
        var isFirst = true
        var lastAnswer = ContinuousClock.now
        while !Task.isCancelled {
            do throws(EngineError) {
                let events = try await engine.events(
                    label: ContainerLabel.cluster, value: settings.cluster.text)
                if machine == nil { machine = try await engine.machine() }
                if isFirst {
                    found = try await containers()
                    isFirst = false
                    isReady.finish()
                }
                await engineIs(up: true)
                await passOn(events)
                lastAnswer = .now
            } catch {}
            if Task.isCancelled { break }
            // A stream may end for reasons of its own; only an engine that does not answer is gone.
            if (try? await engine.ping()) != nil {
                lastAnswer = .now
            } else if ContinuousClock.now - lastAnswer >= settings.engineGrace {
                await engineIs(up: false)
            }
            try? await Task.sleep(for: settings.engineRetry)
        }
        isReady.finish()
    }

    private func passOn(_ events: AsyncThrowingStream<EngineEvent, any Error>) async {
        do {
            for try await event in events where event.action == "die" {
                if let uid = event.labels[ContainerLabel.podUID] {
                    await workers[uid]?.containerDied(event.containerID)
                } else {
                    await context.services.died(event.containerID)
                    await tellNames(in: event.labels[ContainerLabel.namespace] ?? "")
                }
            }
        } catch {
            // Told by the ping that follows.
        }
    }

    private func engineIs(up: Bool) async {
        if up, !isEngineUp { await context.services.forget() }
        isEngineUp = up
        for worker in workers.values { await worker.engineChanged(isUp: up) }
    }

    private func containers() async throws(EngineError) -> [String: [ContainerInspection]] {
        var byPod: [String: [ContainerInspection]] = [:]
        let all = try await context.engine.list(
            label: ContainerLabel.cluster, value: context.settings.cluster.text)
        for summary in all {
            do throws(EngineError) {
                let container = try await context.engine.inspect(summary.id)
                byPod[container.labels[ContainerLabel.podUID] ?? "", default: []].append(container)
            } catch {
                // It went in between.
                guard case .notFound = error else { throw error }
            }
        }
        return byPod
    }

    /// Containers of ours whose pod does not exist any more.
    private func removeStrangers(known: Set<String>) async {
        for (uid, containers) in found where !known.contains(uid) {
            for container in containers { try? await context.engine.remove(container.id) }
        }
        found = [:]
        await context.files.keepOnly(known)
    }

    // MARK: - Logs

    func worker(of pod: JSON) -> PodWorker? { workers[pod.uid] }
}
