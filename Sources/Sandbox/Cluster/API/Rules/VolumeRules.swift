import JSON

/// Rules of a pod's volumes and of where containers mount them
/// (https://kubernetes.io/docs/concepts/storage/volumes/).
enum VolumeRules {
    static func errors(in spec: JSON, _ path: String) -> [FieldError] {
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
            for source in sources { errors += itemErrors(in: volume[source] ?? [:], "\(path).\(source)") }
            return errors + projectionErrors(in: volume["projected"] ?? [:], "\(path).projected")
        }
    }

    private static func itemErrors(in source: JSON, _ path: String) -> [FieldError] {
        (source["items"]?.array ?? []).enumerated().flatMap { index, item -> [FieldError] in
            guard let target = item["path"]?.string, !target.isEmpty else { return [] }
            let path = "\(path).items[\(index)].path"
            var errors = descendingErrors(target, path)
            if target.hasPrefix(".."), !target.hasPrefix("../") {
                errors.append(.invalid(path, .string(target), "must not start with '..'"))
            }
            return errors
        }
    }

    private static func projectionErrors(in projected: JSON, _ path: String) -> [FieldError] {
        var targets: Set<String> = []
        return (projected["sources"]?.array ?? []).enumerated().flatMap { index, source -> [FieldError] in
            let path = "\(path).sources[\(index)]"
            let kinds = (source.object ?? [:]).keys.sorted()
            var errors: [FieldError] = kinds.dropFirst().map {
                .forbidden("\(path).\($0)", "may not specify more than 1 volume type per source")
            }
            for kind in kinds {
                errors += itemErrors(in: source[kind] ?? [:], "\(path).\(kind)")
                for item in source[kind]?["items"]?.array ?? [] {
                    guard let target = item["path"]?.string, !targets.insert(target).inserted else {
                        continue
                    }
                    errors.append(
                        .invalid(
                            "\(path).\(kind).name", source[kind]?["name"] ?? "", "conflicting duplicate paths"
                        ))
                }
            }
            return errors
        }
    }

    /// What must stay below the folder that it begins in.
    private static func descendingErrors(_ target: String, _ path: String) -> [FieldError] {
        var errors: [FieldError] = []
        if target.hasPrefix("/") {
            errors.append(.invalid(path, .string(target), "must be a relative path"))
        }
        if target.split(separator: "/").contains("..") {
            errors.append(.invalid(path, .string(target), "must not contain '..'"))
        }
        return errors
    }

    static func claimErrors(in claim: JSON) -> [FieldError] {
        let spec = claim["spec"] ?? [:]
        var errors: [FieldError] = []
        if (spec["accessModes"]?.array ?? []).isEmpty {
            errors.append(.required("spec.accessModes", "at least 1 access mode is required"))
        }
        if spec.at("resources", "requests", "storage") == nil {
            errors.append(.required("spec.resources[storage]"))
        }
        return errors
    }

    static func mountErrors(in container: JSON, _ path: String, volumes: Set<String>) -> [FieldError] {
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
            for field in ["subPath", "subPathExpr"] {
                guard let text = mount[field]?.string, !text.isEmpty else { continue }
                errors += descendingErrors(text, "\(path).\(field)")
            }
            if !(mount["subPath"]?.string ?? "").isEmpty, let expression = mount["subPathExpr"]?.string,
                !expression.isEmpty
            {
                errors.append(
                    .invalid(
                        "\(path).subPathExpr", .string(expression),
                        "subPathExpr and subPath are mutually exclusive"))
            }
            return errors
        }
    }
}
