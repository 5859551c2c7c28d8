import Foundation
import JSON

/// What Kubernetes fills in when a writer leaves it out.
enum Defaults {
    /// The parts that every object of a kind has, as they are before anybody writes.
    static func skeleton(of kind: ResourceKind) -> JSON { skeletons[kind] ?? [:] }

    private static let skeletons: [ResourceKind: JSON] = Dictionary(
        uniqueKeysWithValues: ResourceKind.all.map { ($0, emptyParts(Schema.structure(of: $0))) })

    private static func emptyParts(_ structure: SchemaStructure) -> JSON {
        var parts: [String: JSON] = [:]
        for field in structure.fields.values {
            switch field.standard.value {
            case [:]?: parts[field.name] = field.type.structure.map(emptyParts) ?? [:]
            case .array([])?: parts[field.name] = []
            default: break
            }
        }
        return .object(parts)
    }

    /// The object with all its defaults. Doing it twice changes nothing.
    static func fill(_ object: JSON, _ kind: ResourceKind) -> JSON {
        var object = object
        beforeSchema(&object, kind)
        object = fill(object, .structure(Schema.structure(of: kind)))
        for path in podSpecPaths[kind] ?? [] {
            guard var spec = object.value(at: path) else { continue }
            PodDefaults.fill(&spec)
            object.set(spec, at: path[...])
        }
        if kind == .pod { PodDefaults.fillPod(&object) }
        if kind == .service { ServiceDefaults.fill(&object) }
        return object
    }

    private static func fill(_ value: JSON, _ type: SchemaType) -> JSON {
        switch (type, value) {
        case (.structure(let structure), .object(var members)):
            for field in structure.fields.values {
                let present = members[field.name]
                guard let found = present.flatMap({ isZero($0) ? nil : $0 }) ?? standard(field, present)
                else {
                    continue
                }
                members[field.name] = fill(found, field.type)
            }
            return .object(members)
        case (.list(let element, _, _), .array(let items)): return .array(items.map { fill($0, element) })
        case (.map(let element, _), .object(let members)):
            return .object(members.mapValues { fill($0, element) })
        case (.quantity, .string(let text)): return ExactQuantity.canonical(text).map(JSON.string) ?? value
        case (.quantity, .int), (.quantity, .double):
            return ExactQuantity.canonical(value.text).map(JSON.string) ?? value
        default: return value
        }
    }

    private static func isZero(_ value: JSON) -> Bool { value == 0 || value == "" }

    /// What a field gets that is absent, or zero.
    private static func standard(_ field: SchemaField, _ present: JSON?) -> JSON? {
        if case .ifZero(let value) = field.standard { return value }
        return present ?? field.standard.value
    }

    /// What the schema's defaults build on.
    private static func beforeSchema(_ object: inout JSON, _ kind: ResourceKind) {
        switch kind {
        case .deployment:
            let type = object.at("spec", "strategy", "type")?.string ?? ""
            if type.isEmpty || type == "RollingUpdate", object.at("spec", "strategy", "rollingUpdate") == nil
            {
                object.set([:], at: "spec", "strategy", "rollingUpdate")
            }
        case .job: job(&object, at: ["spec"])
        case .cronJob: job(&object, at: ["spec", "jobTemplate", "spec"])
        case .namespace:
            object.set(.string(object.name), at: "metadata", "labels", "kubernetes.io/metadata.name")
            if object.at("spec", "finalizers") == nil { object.set(["kubernetes"], at: "spec", "finalizers") }
            if object.at("status", "phase") == nil { object.set("Active", at: "status", "phase") }
        case .secret: secret(&object)
        case .roleBinding, .clusterRoleBinding: AccessRules.fill(&object)
        case .networkPolicy: networkPolicy(&object)
        case .horizontalPodAutoscaler:
            if (object.at("spec", "metrics")?.array ?? []).isEmpty, object["spec"] != nil {
                object.set(standardMetrics, at: "spec", "metrics")
            }
        case .persistentVolumeClaim:
            if object.at("status", "phase") == nil { object.set("Pending", at: "status", "phase") }
        default: break
        }
    }

    private static func job(_ object: inout JSON, at path: [String]) {
        guard var spec = object.value(at: path) else { return }
        if spec["parallelism"] == nil {
            spec["parallelism"] = 1
            // With neither given, the job is one pod; a work queue states its parallelism alone.
            if spec["completions"] == nil { spec["completions"] = 1 }
        }
        if spec["podReplacementPolicy"] == nil {
            spec["podReplacementPolicy"] = spec["podFailurePolicy"] == nil ? "TerminatingOrFailed" : "Failed"
        }
        object.set(spec, at: path[...])
    }

    /// 80% of the CPU time that the pods ask for
    /// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/).
    private static let standardMetrics: JSON = [[
        "type": "Resource",
        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
    ]]

    private static func networkPolicy(_ object: inout JSON) {
        guard object["spec"] != nil, (object.at("spec", "policyTypes")?.array ?? []).isEmpty else { return }
        let hasEgress = !(object.at("spec", "egress")?.array ?? []).isEmpty
        object.set(hasEgress ? ["Ingress", "Egress"] : ["Ingress"], at: "spec", "policyTypes")
    }

    /// `stringData` is for writing only: it ends up in `data`.
    private static func secret(_ object: inout JSON) {
        guard let plain = object["stringData"]?.object else { return }
        for (key, value) in plain {
            let encoded = Data((value.string ?? "").utf8).base64EncodedString()
            object.set(.string(encoded), at: "data", key)
        }
        object["stringData"] = nil
    }

    /// Where a kind keeps its pod's spec.
    static let podSpecPaths: [ResourceKind: [[String]]] = [
        .pod: [["spec"]],
        .deployment: [["spec", "template", "spec"]],
        .replicaSet: [["spec", "template", "spec"]],
        .job: [["spec", "template", "spec"]],
        .cronJob: [["spec", "jobTemplate", "spec", "template", "spec"]],
    ]
}

extension JSON {
    func value(at path: [String]) -> JSON? {
        path.reduce(JSON?.some(self)) { $0?[$1] }
    }
}
