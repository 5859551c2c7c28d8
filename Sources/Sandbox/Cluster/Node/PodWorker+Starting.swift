import Foundation
import JSON

/// One attempt to start a container: image, configuration, creation, start.
extension PodWorker {
    /// Leaves the container running, or waiting with the reason why it is not. Throws only what concerns the
    /// engine as a whole.
    func start(_ index: Int) async throws(EngineError) {
        if let reason = UnsupportedPod.reason(pod) {
            await refuse(index, "CreateContainerConfigError", reason, retryAfter: nil)
            return
        }
        if !isPrepared {
            await report()
            isPrepared = true
            await report()
        }
        guard let image = try await findImage(index) else { return }
        guard let spec = await configure(index, image) else { return }
        guard let id = try await create(index, spec) else { return }
        await tell(.normal, "Created", "Container created", about: index)
        if try await launch(index, id) { try await observeStart(index, id) }
    }

    /// - Parameter retryAfter: seconds; nil is never, because nothing but another pod would help.
    func refuse(_ index: Int, _ reason: String, _ message: String, retryAfter: TimeInterval?) async {
        containers[index].state = .waiting(reason: reason, message: message)
        containers[index].nextAttempt =
            retryAfter.map { context.now().addingTimeInterval($0) } ?? .distantFuture
        await tell(.warning, "Failed", "Error: \(message)", about: index)
    }

    // MARK: - Configuration

    private func configure(_ index: Int, _ image: EngineImage) async -> ContainerSpec? {
        let plan = containers[index].plan
        let retry = context.settings.configurationRetry
        let security = SecuritySettings(pod: pod, container: plan.json)
        if let obstacle = security.obstacle(image: image, pod: pod, container: plan.name) {
            await refuse(index, "CreateContainerConfigError", obstacle, retryAfter: nil)
            return nil
        }
        do throws(EnvironmentResolver.Missing) {
            let environment = try await resolver().environment(of: plan.json)
            let attempt = containers[index].restartCount + (containers[index].isRestart ? 1 : 0)
            let name = ["iterapp", context.settings.cluster.text, pod.name, plan.name, String(uid.prefix(8)),
                "\(attempt)"].joined(separator: ".")
            var spec = plan.spec(pod: pod, containerName: name, image: image.id, environment: environment)
            spec.labels = [
                ContainerLabel.cluster: context.settings.cluster.text, ContainerLabel.podUID: uid,
                ContainerLabel.podName: pod.name, ContainerLabel.namespace: pod.namespace,
                ContainerLabel.container: plan.name, ContainerLabel.attempt: "\(attempt)",
            ]
            if index > 0, let first = containers[0].containerID { spec.network = "container:\(first)" }
            return spec
        } catch {
            await refuse(index, "CreateContainerConfigError", error.message, retryAfter: retry)
            return nil
        }
    }

    private func resolver() async -> EnvironmentResolver {
        let filter = ObjectFilter(namespace: pod.namespace)
        func byName(_ kind: ResourceKind) async -> [String: JSON] {
            Dictionary(await context.store.list(kind, filter).items.map { ($0.name, $0) }) { $1 }
        }
        return EnvironmentResolver(
            pod: pod, secrets: await byName(.secret), configMaps: await byName(.configMap))
    }

    // MARK: - Creation and start

    private func create(_ index: Int, _ spec: ContainerSpec) async throws(EngineError) -> String? {
        do throws(EngineError) {
            return try await createAnew(spec)
        } catch {
            guard let message = error.aboutOneContainer else { throw error }
            await refuse(
                index, "CreateContainerError", message, retryAfter: context.settings.configurationRetry)
            return nil
        }
    }

    private func createAnew(_ spec: ContainerSpec) async throws(EngineError) -> String {
        do {
            return try await context.engine.create(spec)
        } catch {
            guard case .conflict = error else { throw error }
            // Left from an attempt of which we never heard the end.
            try await context.engine.remove(spec.name)
            return try await context.engine.create(spec)
        }
    }

    /// Starts it and takes it as this container's current run, whether it started or not.
    /// - Returns: whether it did.
    private func launch(_ index: Int, _ id: String) async throws(EngineError) -> Bool {
        let engine = context.engine
        var failure: EngineError?
        do throws(EngineError) {
            try await context.starts.run { () throws(EngineError) in try await engine.start(id) }
        } catch { failure = error }
        containers[index].containerID = id
        if containers[index].isRestart { containers[index].restartCount += 1 }
        containers[index].isRestart = false
        guard let failure else {
            await tell(.normal, "Started", "Container started", about: index)
            return true
        }
        guard let message = failure.aboutOneContainer else {
            // Whether it was started is to be seen when the engine answers again.
            containers[index].state = .running(startedAt: context.now())
            containers[index].needsInspection = true
            throw failure
        }
        let name = containers[index].plan.name
        containers[index].state = .waiting(reason: "RunContainerError", message: message)
        await tell(
            .warning, "Failed", "Error: failed to start container \"\(name)\": \(message)", about: index)
        await report()
        try await ended(index, .init(
            exitCode: 128, reason: "StartError", message: message,
            startedAt: Date(timeIntervalSince1970: 0), finishedAt: context.now(), containerID: id))
        return false
    }

    private func observeStart(_ index: Int, _ id: String) async throws(EngineError) {
        let found: ContainerInspection
        do {
            found = try await context.engine.inspect(id)
        } catch {
            // It was started; whether it still runs is to be seen when the engine answers again.
            containers[index].state = .running(startedAt: context.now())
            containers[index].needsInspection = true
            throw error
        }
        if index == 0 { address = found.address ?? address }
        containers[index].imageID = found.imageID
        containers[index].isReady = containers[index].plan.readiness == nil
        switch found.state {
        case .running(let startedAt):
            containers[index].state = .running(startedAt: startedAt)
            await report()
            startProbes(index)
        case .exited(let exit):
            containers[index].isReady = false
            containers[index].state = .running(startedAt: exit.startedAt)
            await report()
            try await ended(index, .init(exit, containerID: id))
        case .created:
            containers[index].state = .terminated(.lost(containerID: id, now: context.now()))
        }
    }
}

extension EngineError {
    /// The message when the request was at fault; nil when the engine is.
    var aboutOneContainer: String? {
        switch self {
        case .notFound(let message), .conflict(let message), .refused(_, let message): message
        case .gone, .timedOut, .unreadable, .cancelled: nil
        }
    }
}
