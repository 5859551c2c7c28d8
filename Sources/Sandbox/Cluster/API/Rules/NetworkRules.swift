import JSON

/// Rules between the fields of services, ingresses and network policies.
enum NetworkRules {
    static func serviceErrors(in service: JSON) -> [FieldError] {
        let spec = service["spec"] ?? [:]
        var errors: [FieldError] = []
        let ports = spec["ports"]?.array ?? []
        let type = spec["type"]?.string
        if type == "ExternalName" {
            if (spec["externalName"]?.string ?? "").isEmpty { errors.append(.required("spec.externalName")) }
        } else if ports.isEmpty, spec["clusterIP"] != "None" {
            errors.append(.required("spec.ports"))
        }
        var names: Set<String> = []
        var keys: Set<[JSON]> = []
        for (index, port) in ports.enumerated() {
            let name = port["name"]?.string ?? ""
            if name.isEmpty {
                if ports.count > 1 { errors.append(.required("spec.ports[\(index)].name")) }
            } else if !names.insert(name).inserted {
                errors.append(.duplicate("spec.ports[\(index)].name", .string(name)))
            }
            let key = [port["port"] ?? .null, port["protocol"] ?? .null]
            if !keys.insert(key).inserted {
                errors.append(.duplicate("spec.ports[\(index)]", ["port": key[0], "protocol": key[1]]))
            }
        }
        return errors
    }

    static func ingressErrors(in ingress: JSON) -> [FieldError] {
        let spec = ingress["spec"] ?? [:]
        let rules = spec["rules"]?.array ?? []
        if rules.isEmpty, spec["defaultBackend"] == nil {
            return [.invalid("spec", spec, "either `defaultBackend` or `rules` must be specified")]
        }
        var errors = spec["defaultBackend"].map { backendErrors(in: $0, "spec.defaultBackend") } ?? []
        for (ruleIndex, rule) in rules.enumerated() {
            for (index, entry) in (rule.at("http", "paths")?.array ?? []).enumerated() {
                let path = "spec.rules[\(ruleIndex)].http.paths[\(index)]"
                let text = entry["path"]?.string ?? ""
                if !text.hasPrefix("/"), entry["pathType"] != "ImplementationSpecific" || !text.isEmpty {
                    errors.append(.invalid("\(path).path", .string(text), "must be an absolute path"))
                }
                errors += backendErrors(in: entry["backend"] ?? [:], "\(path).backend")
            }
        }
        return errors
    }

    static func policyErrors(in policy: JSON) -> [FieldError] {
        let spec = policy["spec"] ?? [:]
        return [("ingress", "from"), ("egress", "to")].flatMap { direction, side in
            (spec[direction]?.array ?? []).enumerated().flatMap { index, rule in
                let path = "spec.\(direction)[\(index)]"
                let peers = (rule[side]?.array ?? []).enumerated().flatMap {
                    peerErrors($0.element, "\(path).\(side)[\($0.offset)]")
                }
                return (rule["ports"]?.array ?? []).enumerated().flatMap {
                    rangeErrors($0.element, "\(path).ports[\($0.offset)]")
                } + peers
            }
        }
    }

    private static func peerErrors(_ peer: JSON, _ path: String) -> [FieldError] {
        let selectors = [peer["podSelector"], peer["namespaceSelector"]].compactMap(\.self)
        if peer["ipBlock"] != nil {
            let detail = "may not specify both ipBlock and another peer"
            return selectors.isEmpty ? [] : [.forbidden(path, detail)]
        }
        return selectors.isEmpty ? [.required(path, "must specify a peer")] : []
    }

    private static func rangeErrors(_ port: JSON, _ path: String) -> [FieldError] {
        guard let end = port["endPort"]?.int else { return [] }
        guard let start = port["port"]?.int else {
            let isName = port["port"]?.string != nil
            return [
                isName
                    ? .invalid("\(path).endPort", .int(end), "may not be specified when `port` is non-numeric")
                    : .invalid("\(path).endPort", .int(end), "may not be specified when `port` is not specified")
            ]
        }
        return end < start
            ? [.invalid("\(path).endPort", .int(end), "must be greater than or equal to `port`")] : []
    }

    private static func backendErrors(in backend: JSON, _ path: String) -> [FieldError] {
        switch (backend["service"], backend["resource"]) {
        case (nil, nil):
            return [.required(path, "port name or number is required")]
        case (_?, _?): return [.invalid(path, "", "cannot set both resource and service backends")]
        case (let service?, nil):
            let port = service["port"] ?? [:]
            let hasName = !(port["name"]?.string ?? "").isEmpty
            let hasNumber = (port["number"]?.int ?? 0) != 0
            if hasName, hasNumber {
                return [.invalid("\(path).service.port", "", "cannot set both port name & port number")]
            }
            return hasName || hasNumber
                ? [] : [.required("\(path).service.port", "port name or number is required")]
        case (nil, _?): return []
        }
    }
}
