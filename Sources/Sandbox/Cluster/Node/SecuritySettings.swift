import JSON

/// What of the security contexts an engine can hold a container to; the container's own go before the pod's.
struct SecuritySettings: Equatable {
    var user: String?
    /// Those that its processes belong to besides the user's own.
    var groups: [String] = []
    var runAsNonRoot = false
    var readOnlyRoot = false
    var noNewPrivileges = false
    var dropCapabilities: [String] = []
    var addCapabilities: [String] = []

    init(pod: JSON, container: JSON) {
        let outer = pod.at("spec", "securityContext") ?? [:]
        let inner = container["securityContext"] ?? [:]
        func value(_ key: String) -> JSON? { inner[key] ?? outer[key] }
        if let id = value("runAsUser")?.int {
            user = value("runAsGroup")?.int.map { "\(id):\($0)" } ?? "\(id)"
        }
        let numbers = (outer["supplementalGroups"]?.array ?? []) + [outer["fsGroup"]].compactMap { $0 }
        groups = numbers.compactMap(\.int).map(String.init)
        runAsNonRoot = value("runAsNonRoot")?.bool ?? false
        readOnlyRoot = inner["readOnlyRootFilesystem"]?.bool ?? false
        noNewPrivileges = inner["allowPrivilegeEscalation"]?.bool == false
        dropCapabilities = inner.at("capabilities", "drop")?.array?.compactMap(\.string) ?? []
        addCapabilities = inner.at("capabilities", "add")?.array?.compactMap(\.string) ?? []
    }

    /// The kubelet's message for a container that would run as root though it must not; nil when all is well.
    func obstacle(image: EngineImage, pod: JSON, container: String) -> String? {
        guard runAsNonRoot else { return nil }
        let effective = (user ?? image.user).prefix { $0 != ":" }
        let place = "(pod: \"\(pod.name)_\(pod.namespace)(\(pod.uid))\", container: \(container))"
        if effective.isEmpty || effective == "root" || effective == "0" {
            return user == nil
                ? "container has runAsNonRoot and image will run as root \(place)"
                : "container's runAsUser breaks non-root policy \(place)"
        }
        guard effective.allSatisfy(\.isNumber) else {
            return "container has runAsNonRoot and image has non-numeric user (\(effective)), cannot verify "
                + "user is non-root \(place)"
        }
        return nil
    }
}
