import Foundation
import JSON

/// What comes before a pod's containers: its volumes, the network that they share, the names that they know.
extension PodWorker {
    /// Does nothing when all is there.
    /// - Returns: whether containers may start; the pod's events say what is in the way.
    func prepare() async throws(EngineError) -> Bool {
        if let next = nextPreparation, next > context.now() { return false }
        nextPreparation = nil
        if !isPrepared { await report() }
        guard await mountVolumes(), try await keepNetwork(), await writeHosts() else {
            nextPreparation = context.now().addingTimeInterval(context.settings.configurationRetry)
            return false
        }
        if !isPrepared {
            isPrepared = true
            await report()
        }
        return true
    }

    /// Brings what running containers see up to date.
    func refresh() async {
        guard containers.contains(where: \.isRunning) else { return }
        if !isMounted { _ = await mountVolumes() }
        if hosts.isStale { _ = await writeHosts() }
    }

    // MARK: - Volumes

    private func mountVolumes() async -> Bool {
        if isMounted { return true }
        let configuration = await configuration()
        do throws(NodeFiles.MountFailure) {
            try await context.files.mount(
                pod, secrets: configuration.secrets, configMaps: configuration.configMaps)
            isMounted = true
            return true
        } catch {
            await tell(.warning, "FailedMount", error.message)
            return false
        }
    }

    /// The Secrets and ConfigMaps of the pod's namespace by name.
    func configuration() async -> EnvironmentResolver {
        let filter = ObjectFilter(namespace: pod.namespace)
        func byName(_ kind: ResourceKind) async -> [String: JSON] {
            Dictionary(await context.store.list(kind, filter).items.map { ($0.name, $0) }) { $1 }
        }
        return EnvironmentResolver(
            pod: pod, secrets: await byName(.secret), configMaps: await byName(.configMap))
    }

    // MARK: - The network

    /// Looks after what holds the network, when something may have happened to it.
    func checkNetwork() async throws(EngineError) {
        guard let holder = network, holder.needsInspection else { return }
        do throws(EngineError) {
            if case .running = try await context.engine.inspect(holder.containerID).state {
                network?.needsInspection = false
                return
            }
            try await context.engine.remove(holder.containerID)
        } catch {
            guard case .notFound = error else { throw error }
        }
        network = nil
        guard !progress.isEnding else { return }
        await tell(.normal, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
        for index in containers.indices where containers[index].isRunning {
            containers[index].restartWanted = "has lost its network"
        }
    }

    private func keepNetwork() async throws(EngineError) -> Bool {
        guard containers.count > 1, network == nil else { return true }
        do {
            let id = try await context.engine.createAnew(
                PodNetwork.spec(
                    for: pod, image: try await context.images.tools(), cluster: context.settings.cluster))
            try await context.engine.start(id)
            let found = try await context.engine.inspect(id)
            network = PodNetwork(containerID: id)
            address = found.address
            hosts.isStale = true
            return true
        } catch {
            if let error = error as? EngineError, error.aboutOneContainer == nil { throw error }
            await tell(.warning, "FailedCreatePodSandBox", "Failed to create pod sandbox: \(error)")
            return false
        }
    }

    // MARK: - Names

    private func writeHosts() async -> Bool {
        if !hosts.isStale, hosts.path != nil { return true }
        hosts.isStale = false
        var file = HostsFile(pod: pod, address: address)
        file.services = await context.services.addresses(for: pod) { failure in
            await tell(
                .warning, "FailedServiceName",
                "The Service \(failure.service) cannot be reached from this pod: \(failure.reason)")
        }
        if file == hosts.written { return true }
        do {
            hosts.path = try await context.files.writeHosts(file.text, of: uid)
            hosts.written = file
            return true
        } catch {
            await tell(.warning, "FailedMount", "The pod's hosts file cannot be written: \(error)")
            return false
        }
    }
}

/// The container that holds a pod's network while its other containers come and go, as a kubelet's `pause`
/// does.
struct PodNetwork: Sendable, Equatable {
    let containerID: String
    /// It died, or may have.
    var needsInspection = false

    static func spec(for pod: JSON, image: String, cluster: ClusterID) -> ContainerSpec {
        let name = ["iterapp", cluster.text, pod.name, ContainerLabel.network, String(pod.uid.prefix(8))]
        var spec = ContainerSpec(name: name.joined(separator: "."), image: image)
        // About 68 years; nothing of it is ever asked to stop politely.
        spec.entrypoint = ["/bin/busybox", "sleep", "\(Int32.max)"]
        spec.stopSignal = "SIGKILL"
        spec.hostname = ContainerSpec.hostname(of: pod)
        spec.labels = ContainerLabel.of(pod, cluster: cluster, container: ContainerLabel.network)
        (spec.readOnlyRoot, spec.noNewPrivileges, spec.dropCapabilities) = (true, true, ["ALL"])
        return spec
    }
}

/// A pod's `/etc/hosts`.
struct PodHosts: Sendable, Equatable {
    var path: String?
    var written: HostsFile?
    /// What it says may have changed.
    var isStale = true
}
