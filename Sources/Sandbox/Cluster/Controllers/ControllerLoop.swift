import Foundation
import JSON

/// Runs the controllers: whatever changes in a namespace, all of its objects are looked at again and what the
/// controllers plan is done. It keeps nothing that it could not see again, so it may be stopped anywhere.
package actor ControllerLoop {
    private static let kinds: [ResourceKind] = [
        .deployment, .replicaSet, .pod, .service, .endpointSlice, .certificate, .job, .cronJob,
        .podDisruptionBudget,
    ]
    /// A write that failed for no fault of the object (a full disk) is tried again after this time.
    private static let retryAfter = Duration.seconds(2)

    private let store: ObjectStore
    private let now: @Sendable () -> Date
    private let events: EventRecorder
    private let nameSuffix: @Sendable () -> String
    private let jobBackOff: BackOff
    private var dirty: Set<String> = []
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private var alarms: [String: Task<Void, Never>] = [:]
    /// Why the last pod of a ReplicaSet could not be made, by the ReplicaSet's uid.
    private var createFailures: [String: String] = [:]

    /// - Parameter jobBackOff: between a Job's failed pod and its next one.
    package init(
        store: ObjectStore, now: @escaping @Sendable () -> Date = { Date() },
        nameSuffix: @escaping @Sendable () -> String = RandomName.suffix, jobBackOff: BackOff = BackOff()
    ) {
        self.store = store
        self.now = now
        self.nameSuffix = nameSuffix
        self.jobBackOff = jobBackOff
        events = EventRecorder(store: store, now: now)
        (wake, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Runs until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for kind in Self.kinds {
                group.addTask { await self.follow(kind) }
            }
            group.addTask { await self.work() }
        }
        for alarm in alarms.values { alarm.cancel() }
    }

    private func follow(_ kind: ResourceKind) async {
        while !Task.isCancelled {
            guard let changes = try? await store.watch(kind) else { return }
            for await change in changes { mark(change.object.namespace) }
        }
    }

    private func mark(_ namespace: String) {
        dirty.insert(namespace)
        waker.yield()
    }

    /// For a clock that jumps: nothing else tells that it did.
    package func lookAgain() async {
        for namespace in await store.list(.namespace).items { mark(namespace.name) }
    }

    private func work() async {
        for await _ in wake {
            while !Task.isCancelled, let namespace = dirty.popFirst() { await reconcile(namespace) }
        }
    }

    // MARK: - One look at one namespace

    private func reconcile(_ namespace: String) async {
        alarms.removeValue(forKey: namespace)?.cancel()
        var checkAgain: Date?
        for step in [deployments, replicaSets, cronJobs, jobs, services, budgets, certificates] {
            for plan in await step(namespace) {
                await carryOut(plan.actions)
                if let date = plan.checkAgain { checkAgain = min(checkAgain ?? date, date) }
            }
        }
        if let checkAgain { setAlarm(namespace, after: .seconds(checkAgain.timeIntervalSince(now()))) }
    }

    private func setAlarm(_ namespace: String, after delay: Duration) {
        alarms.removeValue(forKey: namespace)?.cancel()
        alarms[namespace] = Task {
            guard (try? await Task.sleep(for: max(delay, .milliseconds(10)))) != nil else { return }
            mark(namespace)
        }
    }

    private func list(_ kind: ResourceKind, _ namespace: String) async -> [JSON] {
        await store.list(kind, ObjectFilter(namespace: namespace)).items
    }

    private func deployments(_ namespace: String) async -> [ControllerPlan] {
        let sets = await list(.replicaSet, namespace)
        let pods = await list(.pod, namespace)
        let names = Set(sets.map(\.name))
        return await list(.deployment, namespace).map { deployment in
            let own = sets.filter { $0.controllerUID == deployment.uid }
            let controller = DeploymentController(
                deployment: deployment, replicaSets: own, takenNames: names, now: now())
            let old = Set(controller.old.map(\.object.uid))
            return controller.with(oldPodsRun: pods.contains { pod in
                old.contains(pod.controllerUID ?? "") && !PodFacts(pod).isOver
            }).plan()
        }
    }

    private func replicaSets(_ namespace: String) async -> [ControllerPlan] {
        let pods = Dictionary(grouping: await list(.pod, namespace)) { $0.controllerUID ?? "" }
        return await list(.replicaSet, namespace).map { set in
            ReplicaSetController(
                replicaSet: set, pods: pods[set.uid] ?? [], createFailure: createFailures[set.uid], now: now()
            ).plan(nameSuffix: nameSuffix)
        }
    }

    private func jobs(_ namespace: String) async -> [ControllerPlan] {
        let pods = Dictionary(grouping: await list(.pod, namespace)) { $0.controllerUID ?? "" }
        return await list(.job, namespace).map { job in
            JobController(job: job, pods: pods[job.uid] ?? [], backOff: jobBackOff, now: now())
                .plan(nameSuffix: nameSuffix)
        }
    }

    private func cronJobs(_ namespace: String) async -> [ControllerPlan] {
        let jobs = Dictionary(grouping: await list(.job, namespace)) { $0.controllerUID ?? "" }
        return await list(.cronJob, namespace).map {
            CronJobController(cronJob: $0, jobs: jobs[$0.uid] ?? [], now: now()).plan()
        }
    }

    private func budgets(_ namespace: String) async -> [ControllerPlan] {
        let pods = await list(.pod, namespace)
        return await list(.podDisruptionBudget, namespace).map {
            DisruptionController(budget: $0, pods: pods, now: now()).plan()
        }
    }

    private func services(_ namespace: String) async -> [ControllerPlan] {
        let pods = await list(.pod, namespace)
        let slices = Dictionary(grouping: await list(.endpointSlice, namespace)) {
            $0.labels[EndpointsController.serviceLabel] ?? ""
        }
        return await list(.service, namespace).map {
            EndpointsController(service: $0, pods: pods, slices: slices[$0.name] ?? []).plan()
        }
    }

    private func certificates(_ namespace: String) async -> [ControllerPlan] {
        await list(.certificate, namespace).map { CertificateController(certificate: $0, now: now()).plan() }
    }

    // MARK: - Doing it

    private func carryOut(_ actions: [ControllerPlan.Action]) async {
        var isRefused = false
        for action in actions {
            // What was refused is not told as done.
            if isRefused, case .event = action { continue }
            isRefused = false
            do {
                switch action {
                case .create(let kind, let object): try await create(kind, object)
                case .update(let kind, let object):
                    try await store.update(kind, object, by: "kube-controller-manager")
                case .updateStatus(let kind, let object):
                    try await store.updateStatus(kind, object, by: "kube-controller-manager")
                case .delete(let kind, let object):
                    try await store.delete(
                        kind, namespace: object.namespace, name: object.name, DeleteOptions(uid: object.uid))
                case .event(let note): await events.record(note)
                }
            } catch {
                // Another change was faster, and its own event brings the next look; what else can go wrong
                // may pass with time.
                if case .create = action { isRefused = true }
                if error.isConflict || error.isNotFound || error.isAlreadyExists { continue }
                if let namespace = Self.namespace(of: action) { setAlarm(namespace, after: Self.retryAfter) }
            }
        }
    }

    private func create(_ kind: ResourceKind, _ object: JSON) async throws(APIError) {
        let owner = object.controllerUID ?? ""
        do {
            try await store.create(kind, object, by: "kube-controller-manager")
            if kind == .pod { createFailures[owner] = nil }
        } catch {
            if kind == .pod, !error.isAlreadyExists {
                createFailures[owner] = error.message
                await tellFailure(object, error.message)
            }
            throw error
        }
    }

    private func tellFailure(_ pod: JSON, _ message: String) async {
        guard let owner = pod.ownerReferences.first, let kind = owner["kind"]?.string else { return }
        var about = owner
        about["metadata"] = [
            "name": owner["name"] ?? "", "uid": owner["uid"] ?? "", "namespace": .string(pod.namespace),
        ]
        await events.record(EventNote(
            about: about, .warning, "FailedCreate", "Error creating: \(message)",
            component: kind == "Job" ? "job-controller" : ReplicaSetController.name))
    }

    private static func namespace(of action: ControllerPlan.Action) -> String? {
        switch action {
        case .create(_, let object), .update(_, let object), .updateStatus(_, let object),
            .delete(_, let object):
            object.namespace
        case .event: nil
        }
    }
}
