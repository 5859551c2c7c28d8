import JSON

/// Rules between the fields of a pod's spec.
enum PodRules {
    static func errors(in spec: JSON, _ path: String) -> [FieldError] {
        var errors: [FieldError] = []
        var names: Set<String> = []
        let volumes = Set((spec["volumes"]?.array ?? []).compactMap { $0["name"]?.string })
        for list in ["containers", "initContainers"] {
            for (index, container) in (spec[list]?.array ?? []).enumerated() {
                let path = "\(path).\(list)[\(index)]"
                if let name = container["name"], !names.insert(name.string ?? "").inserted {
                    errors.append(.duplicate("\(path).name", name))
                }
                errors += containerErrors(in: container, path, volumes: volumes)
                if list == "initContainers" { errors += oneTimeErrors(in: container, path) }
            }
        }
        return errors + VolumeRules.errors(in: spec, path)
    }

    private static func containerErrors(
        in container: JSON, _ path: String, volumes: Set<String>
    ) -> [FieldError] {
        if let image = container["image"]?.string,
            image.first?.isWhitespace == true || image.last?.isWhitespace == true
        {
            return [.invalid("\(path).image", .string(image), "must not have leading or trailing whitespace")]
        }
        return portErrors(in: container, path) + environmentErrors(in: container, path)
            + probeErrors(in: container, path)
            + VolumeRules.mountErrors(in: container, path, volumes: volumes)
            + ResourceRules.errors(in: container["resources"] ?? [:], "\(path).resources")
    }

    private static func portErrors(in container: JSON, _ path: String) -> [FieldError] {
        var names: Set<String> = []
        return (container["ports"]?.array ?? []).enumerated().compactMap { index, port in
            guard let name = port["name"]?.string, !name.isEmpty, !names.insert(name).inserted else {
                return nil
            }
            return .duplicate("\(path).ports[\(index)].name", .string(name))
        }
    }

    private static func environmentErrors(in container: JSON, _ path: String) -> [FieldError] {
        (container["env"]?.array ?? []).enumerated().flatMap { index, variable -> [FieldError] in
            guard let source = variable["valueFrom"]?.object else { return [] }
            let path = "\(path).env[\(index)].valueFrom"
            if source.isEmpty {
                return [
                    .invalid(
                        path, "",
                        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or "
                            + "`secretKeyRef`"
                    )
                ]
            }
            if !(variable["value"]?.string ?? "").isEmpty {
                return [.invalid(path, "", "may not be specified when `value` is not empty")]
            }
            return source.count > 1
                ? [.invalid(path, "", "may not have more than one field specified at a time")] : []
        }
    }

    /// What only makes sense for a container that stays
    /// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
    private static func oneTimeErrors(in container: JSON, _ path: String) -> [FieldError] {
        if container["restartPolicy"] == "Always" { return [] }
        return ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
            .filter { container[$0] != nil }
            .map {
                .forbidden("\(path).\($0)", "may not be set for init containers without restartPolicy=Always")
            }
    }

    private static let handlers = ["exec", "grpc", "httpGet", "tcpSocket"]

    private static func probeErrors(in container: JSON, _ path: String) -> [FieldError] {
        ["livenessProbe", "readinessProbe", "startupProbe"].flatMap { name -> [FieldError] in
            guard let probe = container[name] else { return [] }
            let path = "\(path).\(name)"
            var errors: [FieldError] = []
            let given = handlers.filter { probe[$0] != nil }
            if given.isEmpty { errors.append(.required(path, "must specify a handler type")) }
            errors += given.dropFirst().map {
                .forbidden("\(path).\($0)", "may not specify more than 1 handler type")
            }
            if name != "readinessProbe", let threshold = probe["successThreshold"]?.int, threshold != 1 {
                errors.append(.invalid("\(path).successThreshold", .int(threshold), "must be 1"))
            }
            if name == "readinessProbe", let seconds = probe["terminationGracePeriodSeconds"] {
                errors.append(
                    .invalid(
                        "\(path).terminationGracePeriodSeconds", seconds,
                        "must not be set for readinessProbes"))
            }
            return errors
        }
    }
}
