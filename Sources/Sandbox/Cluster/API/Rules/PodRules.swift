import JSON

/// Rules between the fields of a pod's spec.
enum PodRules {
    static func errors(in spec: JSON, _ path: String) -> [FieldError] {
        var errors: [FieldError] = []
        var names: Set<String> = []
        let volumes = Set((spec["volumes"]?.array ?? []).compactMap { $0["name"]?.string })
        for list in ["initContainers", "containers"] {
            for (index, container) in (spec[list]?.array ?? []).enumerated() {
                let path = "\(path).\(list)[\(index)]"
                if let name = container["name"], !names.insert(name.string ?? "").inserted {
                    errors.append(.duplicate("\(path).name", name))
                }
                errors += containerErrors(in: container, path, volumes: volumes)
            }
        }
        return errors + volumeErrors(in: spec, path)
    }

    private static func volumeErrors(in spec: JSON, _ path: String) -> [FieldError] {
        var names: Set<JSON> = []
        return (spec["volumes"]?.array ?? []).enumerated().flatMap { index, volume -> [FieldError] in
            let path = "\(path).volumes[\(index)]"
            var errors: [FieldError] = []
            if let name = volume["name"], !names.insert(name).inserted {
                errors.append(.duplicate("\(path).name", name))
            }
            let sources = (volume.object ?? [:]).keys.filter { $0 != "name" }.sorted()
            if sources.isEmpty { errors.append(.required(path, "must specify a volume type")) }
            errors += sources.dropFirst().map {
                .forbidden("\(path).\($0)", "may not specify more than 1 volume type")
            }
            return errors
        }
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
            + probeErrors(in: container, path) + mountErrors(in: container, path, volumes: volumes)
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

    private static func mountErrors(in container: JSON, _ path: String, volumes: Set<String>) -> [FieldError]
    {
        var paths: Set<JSON> = []
        return (container["volumeMounts"]?.array ?? []).enumerated().flatMap { index, mount -> [FieldError] in
            let path = "\(path).volumeMounts[\(index)]"
            var errors: [FieldError] = []
            if let name = mount["name"]?.string, !volumes.contains(name) {
                errors.append(.notFound("\(path).name", .string(name)))
            }
            if let target = mount["mountPath"], !paths.insert(target).inserted {
                errors.append(.invalid("\(path).mountPath", target, "must be unique"))
            }
            return errors
        }
    }
}
