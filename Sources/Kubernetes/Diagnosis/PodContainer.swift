import JSON

/// One of a pod's containers: what it is there for, and how it is.
struct PodContainer: Equatable {
    enum Role: Equatable {
        /// Runs to its end before the others begin.
        case initial
        case usual
        /// Begins before the others and runs beside them
        /// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
        case sidecar
    }

    let role: Role
    let spec: ContainerSpec
    /// An element of the pod's `containerStatuses` or `initContainerStatuses`.
    let status: JSON

    var name: String { status["name"]?.string ?? "" }
    var restarts: Int { status["restartCount"]?.int ?? 0 }

    /// In the order in which trouble is looked for: init containers first, as they run first; sidecars last,
    /// as they end with what they are beside.
    static func all(of pod: JSON) -> [PodContainer] {
        let initial = pod.at("spec", "initContainers")?.array ?? []
        let usual = pod.at("spec", "containers")?.array ?? []
        let first = (pod.at("status", "initContainerStatuses")?.array ?? []).map { status in
            let spec = initial.first { $0["name"] == status["name"] }
            let isSidecar = spec?["restartPolicy"]?.string == "Always"
            return PodContainer(
                role: isSidecar ? .sidecar : .initial, spec: ContainerSpec(json: spec ?? [:]), status: status)
        }
        let then = (pod.at("status", "containerStatuses")?.array ?? []).map { status in
            let spec = usual.first { $0["name"] == status["name"] }
            return PodContainer(role: .usual, spec: ContainerSpec(json: spec ?? [:]), status: status)
        }
        return first.filter { $0.role == .initial } + then + first.filter { $0.role == .sidecar }
    }
}
