import JSON

/// Defaults of services; addresses and node ports are given out in `Allocation`.
enum ServiceDefaults {
    static func fill(_ service: inout JSON) {
        guard let type = service.at("spec", "type")?.string else { return }
        let ports = (service.at("spec", "ports")?.array ?? []).map { port in
            var port = port
            if port["targetPort"] == nil || port["targetPort"] == 0 || port["targetPort"] == "" {
                port["targetPort"] = port["port"]
            }
            return port
        }
        if !ports.isEmpty { service.set(.array(ports), at: "spec", "ports") }
        func fill(_ value: JSON, _ field: String) {
            if service.at("spec", field) == nil { service.set(value, at: "spec", field) }
        }
        guard type != "ExternalName" else { return }
        fill("Cluster", "internalTrafficPolicy")
        fill(["IPv4"], "ipFamilies")
        fill("SingleStack", "ipFamilyPolicy")
        if type == "NodePort" || type == "LoadBalancer" { fill("Cluster", "externalTrafficPolicy") }
        if type == "LoadBalancer" { fill(true, "allocateLoadBalancerNodePorts") }
    }
}
