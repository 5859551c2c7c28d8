import JSON

/// One container of a pod's spec, as the node runs it
/// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container).
struct ContainerPlan: Sendable, Equatable {
    enum Role: Sendable, Equatable {
        /// Runs to its end before those behind it begin.
        case initial
        /// Begins in its turn, stays, and ends after the main ones
        /// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
        case sidecar
        case main
    }

    let json: JSON
    let role: Role

    init(_ json: JSON, _ role: Role = .main) {
        self.json = json
        self.role = role
    }

    /// In the order in which they begin.
    static func all(of pod: JSON) -> [ContainerPlan] {
        (pod.at("spec", "initContainers")?.array ?? []).map {
            ContainerPlan($0, $0["restartPolicy"] == "Always" ? .sidecar : .initial)
        } + (pod.at("spec", "containers")?.array ?? []).map { ContainerPlan($0) }
    }

    var name: String { json["name"]?.string ?? "" }
    var image: String { json["image"]?.string ?? "" }
    var command: [String]? { strings("command") }
    var arguments: [String]? { strings("args") }
    var neverPulls: Bool { json["imagePullPolicy"]?.string == "Never" }
    var alwaysPulls: Bool { json["imagePullPolicy"]?.string == "Always" }
    var fieldPath: String { (role == .main ? "spec.containers" : "spec.initContainers") + "{\(name)}" }
    var resources: JSON { json["resources"] ?? [:] }
    var startup: ProbePlan? { json["startupProbe"].flatMap { ProbePlan($0, container: json) } }
    var readiness: ProbePlan? { json["readinessProbe"].flatMap { ProbePlan($0, container: json) } }
    var liveness: ProbePlan? { json["livenessProbe"].flatMap { ProbePlan($0, container: json) } }

    /// What comes before SIGTERM.
    var preStop: Hook? { json.at("lifecycle", "preStop").flatMap(Hook.init) }

    /// https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
    enum Hook: Sendable, Equatable {
        case sleep(seconds: Int)
        case exec([String])

        /// Nil for what the node cannot do.
        init?(_ json: JSON) {
            if let seconds = json.at("sleep", "seconds")?.int {
                self = .sleep(seconds: seconds)
            } else if let command = json.at("exec", "command")?.array?.compactMap(\.string) {
                self = .exec(command)
            } else {
                return nil
            }
        }
    }

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
        spec.hostname = ContainerSpec.hostname(of: pod)
        spec.workingDirectory = json["workingDir"]?.string
        spec.user = security.user
        spec.groups = security.groups
        spec.memoryLimitBytes = memoryLimitBytes
        spec.readOnlyRoot = security.readOnlyRoot
        spec.noNewPrivileges = security.noNewPrivileges
        spec.dropCapabilities = security.dropCapabilities
        spec.addCapabilities = security.addCapabilities
        return spec
    }
}

extension ContainerSpec {
    /// A host's name has at most 63 octets (RFC 1035, section 2.3.4).
    static func hostname(of pod: JSON) -> String {
        String((pod.at("spec", "hostname")?.string ?? pod.name).prefix(63))
    }
}
