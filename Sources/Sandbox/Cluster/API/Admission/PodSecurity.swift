import JSON

/// Pod Security admission: what a namespace's level forbids pods, in the words of Kubernetes. The checks that
/// the pods of apps can fail are here, not those of Windows and of sysctls
/// (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
struct PodSecurity {
    private static let label = "pod-security.kubernetes.io/enforce"

    private let spec: JSON
    private let containers: [JSON]

    private init(_ pod: JSON) {
        spec = pod["spec"] ?? [:]
        containers = ["initContainers", "containers", "ephemeralContainers"].flatMap { [spec] in
            spec[$0]?.array ?? []
        }
    }

    /// Why the namespace refuses the pod; nil when it does not.
    static func violation(of pod: JSON, in namespace: JSON) -> String? {
        let level = namespace.labels[label] ?? "privileged"
        let rules = PodSecurity(pod)
        let found: [String]
        switch level {
        case "baseline": found = rules.baseline
        // What the stricter check of the same thing finds, the laxer one does not repeat.
        case "restricted": found = rules.baselineOnly + rules.hostPorts + rules.restricted
        default: return nil
        }
        let version = namespace.labels["\(label)-version"] ?? "latest"
        return found.isEmpty
            ? nil : "violates PodSecurity \"\(level):\(version)\": \(found.joined(separator: ", "))"
    }

    // MARK: Baseline

    private var baseline: [String] { capabilities + baselineOnly + hostPorts + unconfined }

    private var baselineOnly: [String] {
        let hosts = ["hostNetwork", "hostPID", "hostIPC"].filter { spec[$0] == true }.map { "\($0)=true" }
        let paths = (spec["volumes"]?.array ?? []).filter { $0["hostPath"] != nil }
            .map { "\"\($0["name"]?.string ?? "")\"" }
        let privileged = containers.filter { $0.at("securityContext", "privileged") == true }
        return (hosts.isEmpty ? [] : ["host namespaces (\(hosts.joined(separator: ", ")))"])
            + (paths.isEmpty ? [] : ["hostPath volumes (\(Self.plural("volume", paths)))"])
            + found("privileged", privileged, "must not set securityContext.privileged=true")
    }

    private var hostPorts: [String] {
        let ports = containers.flatMap { container in
            (container["ports"]?.array ?? []).compactMap { $0["hostPort"]?.int }.filter { $0 != 0 }.map {
                "container \"\(container["name"]?.string ?? "")\" uses hostPort \($0)"
            }
        }
        return ports.isEmpty ? [] : ["hostPort (\(ports.joined(separator: ", ")))"]
    }

    private static let ordinaryCapabilities: Set = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]

    private var capabilities: [String] {
        func unusual(_ container: JSON) -> [String] {
            (container.at("securityContext", "capabilities", "add")?.array ?? []).compactMap(\.string)
                .filter { !Self.ordinaryCapabilities.contains($0) }
        }
        let names = Set(containers.flatMap(unusual)).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        return found(
            "non-default capabilities", containers.filter { !unusual($0).isEmpty },
            "must not include \(names) in securityContext.capabilities.add")
    }

    private var unconfined: [String] {
        let bad = containers.filter { $0.at("securityContext", "seccompProfile", "type") == "Unconfined" }
        return found(
            "seccompProfile", bad, "must not set securityContext.seccompProfile.type to \"Unconfined\"")
    }

    // MARK: Restricted

    private var restricted: [String] {
        let escalating = containers.filter { $0.at("securityContext", "allowPrivilegeEscalation") != false }
        let capable = containers.filter { container in
            let dropped = container.at("securityContext", "capabilities", "drop")?.array ?? []
            let added = container.at("securityContext", "capabilities", "add")?.array ?? []
            return !dropped.contains("ALL") || added.contains { $0 != "NET_BIND_SERVICE" }
        }
        return found(
            "allowPrivilegeEscalation != false", escalating,
            "must set securityContext.allowPrivilegeEscalation=false")
            + found(
                "unrestricted capabilities", capable, "must set securityContext.capabilities.drop=[\"ALL\"]")
            + found(
                "runAsNonRoot != true", lacking("runAsNonRoot") { $0 == true },
                "must set securityContext.runAsNonRoot=true", owner: "pod or ")
            + found(
                "seccompProfile",
                lacking("seccompProfile") { ["RuntimeDefault", "Localhost"].contains($0["type"]?.string) },
                "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
                owner: "pod or ")
    }

    /// The containers that neither say it rightly themselves nor inherit it from the pod.
    private func lacking(_ field: String, _ isRight: (JSON) -> Bool) -> [JSON] {
        let inherited = spec.at("securityContext", field).map(isRight) ?? false
        return containers.filter { $0.at("securityContext", field).map { !isRight($0) } ?? !inherited }
    }

    // MARK: Words

    private func found(_ what: String, _ bad: [JSON], _ demand: String, owner: String = "") -> [String] {
        if bad.isEmpty { return [] }
        let names = bad.map { "\"\($0["name"]?.string ?? "")\"" }
        return ["\(what) (\(owner)\(Self.plural("container", names)) \(demand))"]
    }

    private static func plural(_ word: String, _ names: [String]) -> String {
        "\(word)\(names.count > 1 ? "s" : "") \(names.joined(separator: ", "))"
    }
}
