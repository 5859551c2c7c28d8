import JSON

/// Service → the addresses of its pods, as EndpointSlices
/// (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/). A slice has one list of ports
/// for all its addresses, so pods whose named port has different numbers get a slice each.
struct EndpointsController {
    static let serviceLabel = "kubernetes.io/service-name"
    private static let managedBy = "endpointslice.kubernetes.io/managed-by"

    let service: JSON
    /// All pods of the namespace.
    let pods: [JSON]
    /// Those of the Service.
    let slices: [JSON]

    func plan() -> ControllerPlan {
        guard !service.isBeingDeleted, let selector = service.at("spec", "selector")?.object,
            !selector.isEmpty
        else { return .nothing }
        let selected = LabelSelector(labels: selector.compactMapValues(\.string))
        let chosen = pods.filter { selected.matches($0.labels) && !PodFacts($0).isOver }
            .sorted { $0.name < $1.name }
        let byPorts = Dictionary(grouping: chosen, by: ports)
        var actions: [ControllerPlan.Action] = []
        var names: Set<String> = []
        for (ports, pods) in byPorts where !ports.isEmpty {
            let name = name(for: ports)
            names.insert(name)
            let old = slices.first { $0.name == name }
            var wanted = old ?? newSlice(name)
            wanted["addressType"] = "IPv4"
            wanted["endpoints"] = .array(pods.compactMap(endpoint))
            wanted["ports"] = .array(ports)
            if wanted == old { continue }
            actions.append(old == nil ? .create(.endpointSlice, wanted) : .update(.endpointSlice, wanted))
        }
        actions += slices.filter { !names.contains($0.name) }.map { .delete(.endpointSlice, $0) }
        return ControllerPlan(actions: actions)
    }

    private func name(for ports: [JSON]) -> String {
        "\(service.name)-\(PodTemplateHash.text(.array(ports), collisionCount: 0))"
    }

    private func newSlice(_ name: String) -> JSON {
        [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": [
                "name": .string(name), "namespace": .string(service.namespace),
                "labels": [
                    Self.serviceLabel: .string(service.name),
                    Self.managedBy: "endpointslice-controller.k8s.io",
                ],
                "ownerReferences": [OwnerReference.controller(service)],
            ],
        ]
    }

    /// A pod that was asked to go still serves what it has, but gets nothing new.
    private func endpoint(_ pod: JSON) -> JSON? {
        let facts = PodFacts(pod)
        guard let address = facts.address else { return nil }
        return [
            "addresses": [.string(address)],
            "conditions": [
                "ready": .bool(facts.isReady && !pod.isBeingDeleted),
                "serving": .bool(facts.isReady), "terminating": .bool(pod.isBeingDeleted),
            ],
            "nodeName": pod.at("spec", "nodeName") ?? .null,
            "targetRef": [
                "kind": "Pod", "name": .string(pod.name), "namespace": .string(pod.namespace),
                "uid": .string(pod.uid),
            ],
        ]
    }

    /// The Service's ports as numbers on this pod.
    private func ports(_ pod: JSON) -> [JSON] {
        (service.at("spec", "ports")?.array ?? []).compactMap { port in
            guard let target = number(port["targetPort"] ?? port["port"] ?? .null, in: pod)
            else { return nil }
            return [
                "name": port["name"] ?? "", "port": .int(target), "protocol": port["protocol"] ?? "TCP",
            ]
        }
    }

    /// A port may be named after one of the pod's container ports.
    private func number(_ port: JSON, in pod: JSON) -> Int? {
        if let number = port.int { return number }
        let lasting = ContainerPlan.all(of: pod).filter { $0.role != .initial }
        return lasting.flatMap { $0.json["ports"]?.array ?? [] }
            .first { $0["name"] == port }?["containerPort"]?.int
    }
}
