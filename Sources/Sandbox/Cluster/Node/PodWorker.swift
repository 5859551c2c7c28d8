import Foundation
import JSON

/// Runs one pod: makes its containers be what its spec says, and says in its status how they are.
///
/// It works in steps. Each looks at everything that is known, does what is due and ends; whatever happens
/// (the pod changed, a container died, a probe's verdict, time) brings the next step.
actor PodWorker {
    nonisolated let uid: String
    let context: NodeContext
    var pod: JSON
    var containers: [ContainerRecord]
    var address: String?
    var isPrepared = false
    var isTerminating = false
    var terminationBegin: Date?
    /// What holds the network that several containers share; nil for a pod of one, whose network is its own.
    var network: PodNetwork?
    /// Volumes are there.
    var isMounted = false
    /// When what comes before any container is tried again.
    var nextPreparation: Date?
    var hosts = PodHosts()
    /// It is over, and nothing but its dead containers is left of it.
    var isTornDown = false
    var probes: [String: [Task<Void, Never>]] = [:]

    private var isEngineUp = true
    private var isRemoved = false
    private var pull: Task<Result<Void, EngineError>, Never>?
    private var alarm: Task<Void, Never>?
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    /// A full disk, say, may have kept the last status from being written.
    private static let statusRetry: TimeInterval = 2

    /// - Parameter found: the pod's containers from before the node was started again.
    init(pod: JSON, found: [ContainerInspection] = [], context: NodeContext) {
        uid = pod.uid
        self.pod = pod
        self.context = context
        let adoption = PodAdoption(
            pod: pod, found: found, backOff: context.settings.backOff, now: context.now())
        containers = adoption.containers
        address = adoption.address
        isPrepared = adoption.isPrepared
        network = adoption.network
        (wake, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        waker.yield()
    }

    /// Until the pod is gone, or the task is cancelled: then the containers go on.
    func run() async {
        resumeProbes()
        for await _ in wake {
            guard await step() else { break }
        }
        stopProbes()
        alarm?.cancel()
    }

    // MARK: - What happens to it

    func poke() { waker.yield() }

    /// The pod changed.
    func update(_ newer: JSON) {
        guard newer.resourceVersion > pod.resourceVersion else { return }
        pod = newer
        if pod.isBeingDeleted {
            pull?.cancel()
            if isTerminating, pod.at("metadata", "deletionGracePeriodSeconds")?.int ?? 0 == 0 { killNow() }
        }
        poke()
    }

    /// The pod is gone without having been asked to stop first.
    func remove() {
        isRemoved = true
        pull?.cancel()
        if isTerminating { killNow() }
        poke()
    }

    func containerDied(_ id: String) {
        if network?.containerID == id {
            network?.needsInspection = true
            poke()
        }
        guard let index = containers.firstIndex(where: { $0.containerID == id }) else { return }
        containers[index].needsInspection = true
        poke()
    }

    /// A Secret or a ConfigMap of its namespace changed.
    func configurationChanged() {
        for index in containers.indices
        where containers[index].waitingReason == "CreateContainerConfigError" {
            containers[index].nextAttempt = nil
        }
        isMounted = false
        nextPreparation = nil
        poke()
    }

    /// Services of its namespace changed.
    func namesChanged() {
        hosts.isStale = true
        poke()
    }

    func engineChanged(isUp: Bool) async {
        if isEngineUp, !isUp {
            await tell(.warning, "NodeNotReady", "Node is not ready")
        }
        isEngineUp = isUp
        if isUp {
            for index in containers.indices { containers[index].needsInspection = true }
            network?.needsInspection = true
            hosts.isStale = true
        }
        poke()
    }

    // MARK: - Steps

    /// - Returns: whether there is more to come.
    private func step() async -> Bool {
        do throws(EngineError) {
            if isRemoved {
                try await discard()
                return false
            }
            if pod.isBeingDeleted {
                return try await !terminate()
            }
            if isEngineUp { try await advance() }
        } catch {
            if error == .cancelled, Task.isCancelled { return false }
            await report()
            setAlarm(after: context.settings.engineRetry)
            return true
        }
        await report()
        let attempts = containers.compactMap { $0.isRunning ? nil : $0.nextAttempt }
            + [nextPreparation].compactMap { $0 }
        if let next = attempts.min(), next < .distantFuture {
            setAlarm(after: .seconds(max(0.01, next.timeIntervalSince(context.now()))))
        }
        return true
    }

    private func advance() async throws(EngineError) {
        try await checkNetwork()
        for index in containers.indices where containers[index].isRunning {
            if containers[index].needsInspection { try await inspect(index) }
            if containers[index].isRunning, let reason = containers[index].restartWanted {
                try await stopForRestart(index, reason: reason)
            }
        }
        if progress.isEnding {
            try await finish()
            return
        }
        for index in containers.indices where !containers[index].isRunning && progress.mayStart(index) {
            try await startIfDue(index)
        }
        await refresh()
    }

    var progress: PodProgress { PodProgress(pod, containers) }

    func setAlarm(after delay: Duration) {
        alarm?.cancel()
        alarm = Task {
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            poke()
        }
    }

    /// Fetches the image; a deletion of the pod cuts it short.
    func fetch(_ image: ImageReference) async throws(EngineError) {
        let engine = context.engine
        let task = Task { () -> Result<Void, EngineError> in
            do throws(EngineError) {
                return .success(try await engine.pull(image.tagged))
            } catch { return .failure(error) }
        }
        pull = task
        defer { pull = nil }
        try await withTaskCancellationHandler { await task.value } onCancel: { task.cancel() }.get()
    }

    // MARK: - What it says

    /// Writes the status, if it changed.
    func report() async {
        let status = PodStatus(
            pod: pod, containers: containers, address: address, isPrepared: isPrepared,
            isNodeReady: isEngineUp, now: context.now()
        ).json
        guard status != pod["status"] else { return }
        let uid = uid
        do throws(APIError) {
            let written = try await context.store.modify(
                .pod, namespace: pod.namespace, name: pod.name, scope: .status, by: Kubelet.name
            ) { object in
                if object.uid == uid { object["status"] = status }
            }
            if written.uid == uid, written.resourceVersion > pod.resourceVersion { pod = written }
        } catch {
            if !error.isNotFound { setAlarm(after: .seconds(Self.statusRetry)) }
        }
    }

    func tell(
        _ severity: EventNote.Severity, _ reason: String, _ message: String, about index: Int? = nil
    ) async {
        await context.events.record(EventNote(
            about: pod, severity, reason, message, component: Kubelet.name,
            fieldPath: index.map { containers[$0].plan.fieldPath }))
    }
}
