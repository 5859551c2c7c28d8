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
        guard try await prepare() else { return }
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
        do {
            let environment = try await configuration().environment(of: plan.json)
            var spec = plan.spec(
                pod: pod, containerName: containerName(index), image: image.id, environment: environment)
            spec.labels = ContainerLabel.of(pod, cluster: context.settings.cluster, container: plan.name)
            spec.labels[ContainerLabel.attempt] = "\(attempt(index))"
            spec.mounts = try await context.files.mounts(of: plan.json, in: pod)
            // An app that brings a file of its own has its reasons.
            if let path = hosts.path, !spec.mounts.contains(where: { $0.target == "/etc/hosts" }) {
                spec.mounts.append(.init(source: path, target: "/etc/hosts", isReadOnly: false))
            }
            if let network { spec.network = "container:\(network.containerID)" }
            return spec
        } catch {
            let message =
                (error as? EnvironmentResolver.Missing)?.message
                ?? (error as? NodeFiles.MountFailure)?.message ?? "\(error)"
            await refuse(index, "CreateContainerConfigError", message, retryAfter: retry)
            return nil
        }
    }

    /// The restart count of the run that begins.
    private func attempt(_ index: Int) -> Int {
        containers[index].restartCount + (containers[index].isRestart ? 1 : 0)
    }

    private func containerName(_ index: Int) -> String {
        [
            "iterapp", context.settings.cluster.text, pod.name, containers[index].plan.name,
            String(uid.prefix(8)),
            "\(attempt(index))",
        ].joined(separator: ".")
    }

    // MARK: - Creation and start

    private func create(_ index: Int, _ spec: ContainerSpec) async throws(EngineError) -> String? {
        do throws(EngineError) {
            return try await context.engine.createAnew(spec)
        } catch {
            guard let message = error.aboutOneContainer else { throw error }
            await refuse(
                index, "CreateContainerError", message, retryAfter: context.settings.configurationRetry)
            return nil
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
        try await ended(
            index,
            .init(
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
        if network == nil, let own = found.address, own != address {
            address = own
            hosts.isStale = true
        }
        containers[index].imageID = found.imageID
        containers[index].isStarted = containers[index].plan.startup == nil
        containers[index].isReady = containers[index].isStarted && containers[index].plan.readiness == nil
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
