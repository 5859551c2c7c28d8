import JSON

/// What a pod's containers read as `/etc/hosts` (hosts(5)): what a kubelet writes
/// (https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/), and the names that a cluster's
/// DNS would answer: this cluster has none, for only root may serve names on port 53.
struct HostsFile: Equatable {
    let pod: JSON
    /// The pod's; nil until it is known.
    var address: String?
    /// Addresses by Service.
    var services: [ServiceAddress] = []

    struct ServiceAddress: Sendable, Equatable {
        let name: String
        let address: String
    }

    static let clusterDomain = "cluster.local"

    var text: String {
        var lines = [
            "# Kubernetes-managed hosts file.", "127.0.0.1\tlocalhost",
            "::1\tlocalhost ip6-localhost ip6-loopback", "fe00::\tip6-localnet", "fe00::\tip6-mcastprefix",
            "fe00::1\tip6-allnodes", "fe00::2\tip6-allrouters",
        ]
        // A process may ask for its own name before the engine has told its address.
        lines.append("\(address ?? "127.0.0.1")\t\(ContainerSpec.hostname(of: pod))")
        let aliases = pod.at("spec", "hostAliases")?.array ?? []
        if !aliases.isEmpty { lines += ["", "# Entries added by HostAliases."] }
        for alias in aliases {
            let names = (alias["hostnames"]?.array ?? []).compactMap(\.string)
            lines.append("\(alias["ip"]?.string ?? "")\t\(names.joined(separator: "\t"))")
        }
        if !services.isEmpty { lines += ["", "# Services."] }
        lines += services.map { service in
            let domains = [
                "", ".\(pod.namespace)", ".\(pod.namespace).svc",
                ".\(pod.namespace).svc.\(Self.clusterDomain)",
            ]
            return "\(service.address)\t" + domains.map { service.name + $0 }.joined(separator: " ")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
