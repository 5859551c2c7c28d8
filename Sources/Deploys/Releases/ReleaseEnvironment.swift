import AppFile

/// The environment variables of one appling of a release.
struct ReleaseEnvironment {
    let plan: ReleasePlan
    let appling: Appling
    let hosts: [String]
    let addOns: [AddOn]

    /// The file's, then those of add-ons, then the platform's own: the later ones win. Sorted by name.
    var variables: [ReleasedAppling.Variable] {
        var values: [String: EnvValue] = [:]
        for variable in appling.environment(for: plan.environment.rawValue) { values[variable.name] = variable.value }
        for addOn in addOns {
            for name in addOn.secretVariables + addOn.optionalVariables {
                values[name] = .secret(name: addOn.name, key: name)
            }
            for (name, value) in addOn.plainVariables { values[name] = .plain(value) }
        }
        for (name, value) in platform { values[name] = .plain(value) }
        let optional = Set(addOns.flatMap(\.optionalVariables))
        return values.map { .init(name: $0.key, value: $0.value, isOptional: optional.contains($0.key)) }
            .sorted { $0.name < $1.name }
    }

    /// `ITERAPP_*` and `HOPS_BUILD_NUMBER` are old names, which apps still read.
    private var platform: [String: String] {
        var values = [
            "PORT": String(appling.port),
            "HOPS_ENV": plan.environment.rawValue,
            "HOPS_GIT_SHA": plan.commit.sha,
            "HOPS_BUILD_ID": String(plan.buildNumber),
            "HOPS_BUILD_NUMBER": String(plan.buildNumber),
            "HOPS_DEPLOYMENT_ID": plan.operation.description,
            "ITERAPP_GIT_SHA": plan.commit.sha,
            "ITERAPP_BUILD_NUMBER": String(plan.buildNumber),
            "ITERAPP_DEPLOYMENT_ID": plan.operation.description,
            "HOPS_READINESS_PATH": appling.readiness.path,
        ]
        if let main = hosts.first {
            values["HOPS_DOMAIN"] = main
            values["HOPS_DOMAINS"] = hosts.joined(separator: ",")
        }
        if let metrics = appling.metrics {
            values["HOPS_METRICS_PATH"] = metrics.path
            values["HOPS_METRICS_PORT"] = String(metrics.port ?? appling.port)
        }
        return values
    }
}
