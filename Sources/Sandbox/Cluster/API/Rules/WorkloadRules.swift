import JSON

/// Rules between the fields of what makes pods.
enum WorkloadRules {
    static func errors(in object: JSON, _ kind: ResourceKind) -> [FieldError] {
        let spec = object["spec"] ?? [:]
        switch kind {
        case .deployment: return templateErrors(in: spec, kind) + strategyErrors(in: spec)
        case .replicaSet: return templateErrors(in: spec, kind)
        case .job: return JobRules.jobErrors(in: object)
        case .cronJob: return JobRules.cronJobErrors(in: object)
        case .podDisruptionBudget:
            guard spec["minAvailable"] != nil, spec["maxUnavailable"] != nil else { return [] }
            return [.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")]
        default: return []
        }
    }

    private static func templateErrors(in spec: JSON, _ kind: ResourceKind) -> [FieldError] {
        var errors: [FieldError] = []
        let labels = spec.at("template", "metadata", "labels") ?? [:]
        if let selector = spec["selector"]?.object {
            let requirements = LabelSelector(selector: .object(selector))
            if requirements.requirements.isEmpty {
                errors.append(
                    .invalid(
                        "spec.selector", .object(selector), "empty selector is invalid for \(kind.singular)"))
            } else if !requirements.matches((labels.object ?? [:]).compactMapValues(\.string)) {
                errors.append(
                    .invalid(
                        "spec.template.metadata.labels", labels, "`selector` does not match template `labels`"
                    ))
            }
        }
        if let policy = spec.at("template", "spec", "restartPolicy"), policy != "Always" {
            errors.append(.unsupported("spec.template.spec.restartPolicy", policy, supported: ["Always"]))
        }
        if spec.at("template", "spec", "activeDeadlineSeconds") != nil {
            errors.append(
                .forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in ReplicaSet is not Supported"))
        }
        return errors
    }

    private static func strategyErrors(in spec: JSON) -> [FieldError] {
        var errors: [FieldError] = []
        let rolling = spec.at("strategy", "rollingUpdate")
        if spec.at("strategy", "type") == "Recreate", rolling != nil {
            errors.append(
                .forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"))
        }
        func isNone(_ field: String) -> Bool { [0, "0%"].contains(rolling?[field]) }
        if rolling != nil, isNone("maxSurge"), isNone("maxUnavailable") {
            errors.append(
                .invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable", rolling?["maxUnavailable"] ?? 0,
                    "may not be 0 when `maxSurge` is 0"))
        }
        if let share = rolling?["maxUnavailable"]?.string, let percent = Int(share.dropLast()), percent > 100
        {
            errors.append(
                .invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable", .string(share),
                    "must not be greater than 100%"))
        }
        if let deadline = spec["progressDeadlineSeconds"]?.int,
            deadline <= spec["minReadySeconds"]?.int ?? 0
        {
            errors.append(
                .invalid(
                    "spec.progressDeadlineSeconds", .int(deadline), "must be greater than minReadySeconds"))
        }
        return errors
    }
}
