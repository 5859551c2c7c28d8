import JSON

/// One container of a pod's spec, as the node runs it
/// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container).
struct ContainerPlan: Sendable, Equatable {
    let json: JSON

    init(_ json: JSON) { self.json = json }

    var name: String { json["name"]?.string ?? "" }
    var image: String { json["image"]?.string ?? "" }
    var command: [String]? { strings("command") }
    var arguments: [String]? { strings("args") }
    var neverPulls: Bool { json["imagePullPolicy"]?.string == "Never" }
    var alwaysPulls: Bool { json["imagePullPolicy"]?.string == "Always" }
    var fieldPath: String { "spec.containers{\(name)}" }
    var resources: JSON { json["resources"] ?? [:] }
    var readiness: ProbePlan? { json["readinessProbe"].flatMap { ProbePlan($0, container: json) } }
    var liveness: ProbePlan? { json["livenessProbe"].flatMap { ProbePlan($0, container: json) } }

    /// `lifecycle.preStop.sleep`.
    var preStopSeconds: Int { json.at("lifecycle", "preStop", "sleep", "seconds")?.int ?? 0 }

    private func strings(_ key: String) -> [String]? {
        guard let array = json[key]?.array, !array.isEmpty else { return nil }
        return array.compactMap(\.string)
    }

    var memoryLimitBytes: Int? {
        resources.at("limits", "memory").flatMap(Scheduler.quantity)?.units
    }

    /// The engine's form of it, with a resolved environment.
    func spec(
        pod: JSON, containerName: String, image: String, environment: [(name: String, value: String)]
    ) -> ContainerSpec {
        let values = Dictionary(environment.map { ($0.name, $0.value) }) { $1 }
        func expanded(_ words: [String]?) -> [String]? {
            words?.map { VariableExpansion.expand($0) { values[$0] } }
        }
        let security = SecuritySettings(pod: pod, container: json)
        var spec = ContainerSpec(name: containerName, image: image)
        spec.entrypoint = expanded(command)
        spec.arguments = expanded(arguments)
        spec.environment = environment.map { "\($0.name)=\($0.value)" }
        // A host's name has at most 63 octets (RFC 1035, section 2.3.4).
        spec.hostname = String((pod.at("spec", "hostname")?.string ?? pod.name).prefix(63))
        spec.workingDirectory = json["workingDir"]?.string
        spec.user = security.user
        spec.memoryLimitBytes = memoryLimitBytes
        spec.readOnlyRoot = security.readOnlyRoot
        spec.noNewPrivileges = security.noNewPrivileges
        spec.dropCapabilities = security.dropCapabilities
        spec.addCapabilities = security.addCapabilities
        spec.temporaryDirectories = (json["volumeMounts"]?.array ?? []).compactMap { $0["mountPath"]?.string }
        return spec
    }
}

/// What of the security contexts an engine can hold a container to; the container's own go before the pod's.
struct SecuritySettings: Equatable {
    var user: String?
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

/// What the demo's node cannot do. Saying so is better than running something else than what was asked for.
enum UnsupportedPod {
    static func reason(_ pod: JSON) -> String? {
        let spec = pod["spec"] ?? [:]
        let prefix = "the demo's node cannot run this pod: "
        if !(spec["initContainers"]?.array ?? []).isEmpty { return prefix + "it has init containers" }
        if spec["hostNetwork"]?.bool == true { return prefix + "it asks for the host's network" }
        for volume in spec["volumes"]?.array ?? [] where volume["emptyDir"] == nil {
            return prefix + "the volume \"\(volume["name"]?.string ?? "")\" is not an emptyDir"
        }
        for container in spec["containers"]?.array ?? [] {
            let name = container["name"]?.string ?? ""
            if container["startupProbe"] != nil {
                return prefix + "container \"\(name)\" has a startup probe"
            }
            for key in ["readinessProbe", "livenessProbe"] {
                guard let probe = container[key] else { continue }
                guard probe["httpGet"] != nil else {
                    return prefix + "the \(key) of container \"\(name)\" is not an httpGet"
                }
                guard ProbePlan(probe, container: container) != nil else {
                    return prefix
                        + "the \(key) of container \"\(name)\" names no port of it, or asks for HTTPS"
                }
            }
            let hooks = container["lifecycle"]
            if hooks?["postStart"] != nil || hooks?["preStop"].map({ $0["sleep"] == nil }) ?? false {
                return prefix + "container \"\(name)\" has lifecycle hooks"
            }
        }
        return nil
    }
}
