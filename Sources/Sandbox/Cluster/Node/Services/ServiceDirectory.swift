import Foundation
import JSON

/// Makes Services reachable for pods. For each that a pod may call there is one small container, whose
/// address stands for the Service: it passes connections on to the pods that are ready. Names come from
/// `HostsFile`.
///
/// A Service that nobody but its own pods could call gets none, so that an app alone costs nothing.
actor ServiceDirectory {
    private struct Forwarder: Sendable {
        let container: String
        let address: String
    }

    private let store: ObjectStore
    private let engine: DockerEngineClient
    private let images: OwnImages
    private let files: NodeFiles
    private let cluster: ClusterID
    private var forwarders: [ServiceForwarding: Task<Result<Forwarder, ServiceFailure>, Never>] = [:]
    /// By container.
    private var running: [String: ServiceForwarding] = [:]

    init(
        store: ObjectStore, engine: DockerEngineClient, images: OwnImages, files: NodeFiles,
        cluster: ClusterID
    ) {
        self.store = store
        self.engine = engine
        self.images = images
        self.files = files
        self.cluster = cluster
    }

    /// What the pod may call, with addresses; starts what is missing for that.
    /// - Parameter onFailure: why one of them cannot be called.
    func addresses(
        for pod: JSON, onFailure: @Sendable (ServiceFailure) async -> Void
    ) async -> [HostsFile.ServiceAddress] {
        let services = await services(pod.namespace)
        // All at once: a pod's start waits for them.
        for service in services {
            guard let forwarding = ServiceForwarding(service), !forwarding.selects(pod) else { continue }
            start(forwarding, for: service)
        }
        var found: [HostsFile.ServiceAddress] = []
        for service in services {
            if ServiceForwarding.isHeadless(service) {
                let addresses = await slices(of: service).flatMap(ServiceForwarding.readyAddresses)
                found += addresses.map { .init(name: service.name, address: $0) }
                continue
            }
            guard let forwarding = ServiceForwarding(service), let task = forwarders[forwarding] else {
                continue
            }
            switch await task.value {
            case .success(let forwarder): found.append(.init(name: service.name, address: forwarder.address))
            case .failure(let failure): await onFailure(failure)
            }
        }
        return found
    }

    private func services(_ namespace: String) async -> [JSON] {
        await store.list(.service, ObjectFilter(namespace: namespace)).items
    }

    private func slices(of service: JSON) async -> [JSON] {
        let labels = LabelSelector(labels: [EndpointsController.serviceLabel: service.name])
        let filter = ObjectFilter(namespace: service.namespace, labels: labels)
        return await store.list(.endpointSlice, filter).items
    }

    // MARK: - Forwarders

    private func start(_ forwarding: ServiceForwarding, for service: JSON) {
        guard forwarders[forwarding] == nil else { return }
        forwarders[forwarding] = Task {
            do {
                let forwarder = try await run(forwarding, for: service)
                running[forwarder.container] = forwarding
                return .success(forwarder)
            } catch {
                // The next pod that needs it tries again.
                forwarders[forwarding] = nil
                return .failure(ServiceFailure(service: service.name, reason: "\(error)"))
            }
        }
    }

    private func run(_ forwarding: ServiceForwarding, for service: JSON) async throws -> Forwarder {
        let folder = try await files.writeTargets(
            forwarding.targets(await slices(of: service)), of: forwarding.id)
        let image = try await images.tools()
        let name = "iterapp.\(cluster.text).service.\(service.name).\(forwarding.id)"
        var spec = ContainerSpec(name: name, image: image)
        spec.entrypoint = forwarding.command
        spec.labels = [
            ContainerLabel.cluster: cluster.text, ContainerLabel.service: forwarding.id,
            ContainerLabel.namespace: forwarding.namespace,
        ]
        spec.mounts = [.init(source: folder, target: "/service", isReadOnly: true)]
        (spec.readOnlyRoot, spec.noNewPrivileges, spec.stopSignal) = (true, true, "SIGKILL")
        (spec.dropCapabilities, spec.addCapabilities) = (["ALL"], ["NET_BIND_SERVICE"])
        let id = try await engine.createAnew(spec)
        try await engine.start(id)
        guard let address = try await engine.inspect(id).address else {
            throw EngineError.unreadable(reason: "a container without an address")
        }
        return Forwarder(container: id, address: address)
    }

    // MARK: - Changes

    /// Services or endpoints changed.
    func refresh(_ namespace: String) async {
        let services = await services(namespace)
        let wanted = Dictionary(
            services.compactMap { service in ServiceForwarding(service).map { ($0, service) } }
        ) { first, _ in first }
        for (forwarding, task) in forwarders where forwarding.namespace == namespace {
            if let service = wanted[forwarding] {
                _ = try? await files.writeTargets(
                    forwarding.targets(await slices(of: service)), of: forwarding.id)
            } else {
                forwarders[forwarding] = nil
                if case .success(let forwarder) = await task.value {
                    running[forwarder.container] = nil
                    try? await engine.remove(forwarder.container)
                }
                await files.removeTargets(of: forwarding.id)
            }
        }
    }

    /// Whoever needs its Service starts another.
    func died(_ container: String) {
        if let forwarding = running.removeValue(forKey: container) { forwarders[forwarding] = nil }
    }

    /// The engine was away, and may have taken them with it.
    func forget() {
        forwarders = [:]
        running = [:]
    }
}

/// Why a Service cannot be called.
struct ServiceFailure: Error, Equatable {
    let service: String
    let reason: String
}
