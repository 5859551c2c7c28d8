import JSON

/// Rules of `metadata`, the same for all kinds.
enum MetadataRules {
    static let maxAnnotationBytes = 256 << 10

    static func errors(in object: JSON, _ kind: ResourceKind) -> [FieldError] {
        var errors: [FieldError] = []
        let name = object.name
        if name.isEmpty {
            errors.append(.required("metadata.name", "name or generateName is required"))
        } else {
            errors += nameProblems(name, kind).map { .invalid("metadata.name", .string(name), $0) }
        }
        if kind.isNamespaced {
            errors += StringFormat.label.problems(object.namespace).map {
                .invalid("metadata.namespace", .string(object.namespace), $0)
            }
        }
        for (field, labels) in [
            ("metadata.labels", object.labels), ("metadata.annotations", object.annotations),
        ] {
            for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
                let isLabel = field == "metadata.labels"
                errors += StringFormat.qualified(isLabel ? key : key.lowercased()).map {
                    .invalid(field, .string(key), $0)
                }
                if isLabel {
                    errors += StringFormat.labelValue.problems(value).map {
                        .invalid(field, .string(value), $0)
                    }
                }
            }
        }
        let annotationBytes = object.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if annotationBytes > maxAnnotationBytes {
            errors.append(.tooLong("metadata.annotations", limit: maxAnnotationBytes))
        }
        return errors + ownerErrors(in: object) + finalizerErrors(in: object)
    }

    private static func nameProblems(_ name: String, _ kind: ResourceKind) -> [String] {
        switch kind {
        case .service: StringFormat.label1035.problems(name)
        case .namespace: StringFormat.label.problems(name)
        case .role, .roleBinding, .clusterRole, .clusterRoleBinding: pathProblems(name)
        default: StringFormat.subdomain.problems(name)
        }
    }

    /// Names of roles may be anything that can stand in a path: `system:masters`.
    private static func pathProblems(_ name: String) -> [String] {
        if name == "." || name == ".." { return ["may not be '\(name)'"] }
        return ["/", "%"].filter(name.contains).map { "may not contain '\($0)'" }
    }

    private static func ownerErrors(in object: JSON) -> [FieldError] {
        object.ownerReferences.enumerated().flatMap { index, owner in
            ["apiVersion", "kind", "name", "uid"].filter { (owner[$0]?.string ?? "").isEmpty }.map {
                .required("metadata.ownerReferences[\(index)].\($0)", "must not be empty")
            }
        }
    }

    private static func finalizerErrors(in object: JSON) -> [FieldError] {
        object.finalizers.flatMap { name in
            StringFormat.qualified(name).map { .invalid("metadata.finalizers", .string(name), $0) }
        }
    }
}
