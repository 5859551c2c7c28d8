import JSON

/// Everything that makes Kubernetes answer 422 to an object whose fields are known and of the right type.
enum Validation {
    /// - Parameters:
    ///   - object: with its defaults.
    ///   - live: the object that it replaces; nil when it is new.
    static func errors(in object: JSON, replacing live: JSON?, _ kind: ResourceKind) -> [FieldError] {
        var errors = MetadataRules.errors(in: object, kind)
        // Status is what the cluster says of itself, not what a client asks for.
        var asked = object
        asked["metadata"] = nil
        asked["status"] = nil
        var schema = SchemaRules(isCustom: kind.isCustom)
        schema.check(asked, .structure(Schema.structure(of: kind)), "")
        errors += schema.errors.filter { $0.field != "metadata" }
        for path in Defaults.podSpecPaths[kind] ?? [] {
            guard let spec = object.value(at: path) else { continue }
            errors += PodRules.errors(in: spec, path.joined(separator: "."))
        }
        switch kind {
        case .deployment, .replicaSet, .job, .cronJob, .podDisruptionBudget:
            errors += WorkloadRules.errors(in: object, kind)
        case .service: errors += NetworkRules.serviceErrors(in: object)
        case .ingress: errors += NetworkRules.ingressErrors(in: object)
        case .networkPolicy: errors += NetworkRules.policyErrors(in: object)
        case .role, .clusterRole: errors += AccessRules.roleErrors(in: object, kind)
        case .roleBinding, .clusterRoleBinding: errors += AccessRules.bindingErrors(in: object, kind)
        case .persistentVolumeClaim: errors += VolumeRules.claimErrors(in: object)
        case .lease: errors += positive(["spec", "leaseDurationSeconds"], in: object)
        case .horizontalPodAutoscaler: errors += positive(["spec", "minReplicas"], in: object)
        case .secret, .configMap: errors += keyErrors(in: object)
        default: break
        }
        if let live { errors += UpdateRules.errors(in: object, replacing: live, kind) }
        return unique(errors)
    }

    /// Two rules may find the same thing.
    private static func unique(_ errors: [FieldError]) -> [FieldError] {
        errors.enumerated().filter { index, error in !errors[..<index].contains(error) }.map(\.element)
    }

    /// Numbers whose zero is not the same as none.
    private static func positive(_ path: [String], in object: JSON) -> [FieldError] {
        guard object.value(at: path) == 0 else { return [] }
        return [.invalid(path.joined(separator: "."), 0, "must be greater than 0")]
    }

    private static func keyErrors(in object: JSON) -> [FieldError] {
        ["data", "binaryData"].flatMap { field in
            (object[field]?.object ?? [:]).keys.sorted().flatMap { key in
                StringFormat.configKey.problems(key).map { .invalid("\(field)[\(key)]", .string(key), $0) }
            }
        }
    }
}

extension ResourceKind {
    /// Defined by a custom resource definition, whose findings are worded differently.
    var isCustom: Bool {
        [
            "cert-manager.io", "acme.cert-manager.io", "gateway.networking.k8s.io", "monitoring.coreos.com",
            "traefik.io",
        ].contains(group)
    }
}
