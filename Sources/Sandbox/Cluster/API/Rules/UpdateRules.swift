import JSON

/// What may not change any more once an object is there.
enum UpdateRules {
    static func errors(in object: JSON, replacing live: JSON, _ kind: ResourceKind) -> [FieldError] {
        switch kind {
        case .deployment, .replicaSet: return fixed(["spec", "selector"], object, live)
        case .job:
            return [
                "selector", "template", "completions", "completionMode", "podFailurePolicy",
                "backoffLimitPerIndex", "successPolicy", "managedBy",
            ].flatMap { fixed(["spec", $0], object, live) }
        case .secret: return fixed(["type"], object, live) + sealed(["data"], object, live)
        case .configMap: return sealed(["data", "binaryData"], object, live)
        case .service: return addressErrors(object, live)
        case .pod: return podErrors(object, live)
        case .roleBinding, .clusterRoleBinding:
            return object["roleRef"] == live["roleRef"]
                ? [] : [.invalid("roleRef", object["roleRef"] ?? .null, "cannot change roleRef")]
        case .persistentVolumeClaim: return claimErrors(object, live)
        default: return []
        }
    }

    private static func fixed(_ path: [String], _ object: JSON, _ live: JSON) -> [FieldError] {
        let (wanted, present) = (object.value(at: path), live.value(at: path))
        return wanted == present
            ? [] : [.invalid(path.joined(separator: "."), wanted ?? .null, "field is immutable")]
    }

    private static func sealed(_ fields: [String], _ object: JSON, _ live: JSON) -> [FieldError] {
        guard live["immutable"] == true else { return [] }
        return fields.filter { object[$0] != live[$0] }.map {
            .forbidden($0, "field is immutable when `immutable` is set")
        }
    }

    private static func addressErrors(_ object: JSON, _ live: JSON) -> [FieldError] {
        guard let given = live.at("spec", "clusterIP"), let wanted = object.at("spec", "clusterIP"),
            wanted != given, wanted != ""
        else { return [] }
        return [.invalid("spec.clusterIPs[0]", [wanted], "may not change once set")]
    }

    private static func claimErrors(_ object: JSON, _ live: JSON) -> [FieldError] {
        func fixedPart(_ claim: JSON) -> JSON {
            var spec = claim["spec"] ?? [:]
            spec["resources"] = nil
            spec["volumeAttributesClassName"] = nil
            return spec
        }
        if fixedPart(object) == fixedPart(live) { return [] }
        return [
            .forbidden(
                "spec",
                "spec is immutable after creation except resources.requests and volumeAttributesClassName "
                    + "for bound claims")
        ]
    }

    private static func podErrors(_ object: JSON, _ live: JSON) -> [FieldError] {
        func fixedPart(_ pod: JSON) -> JSON {
            var spec = pod["spec"] ?? [:]
            for field in ["activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations"] {
                spec[field] = nil
            }
            for list in ["containers", "initContainers"] {
                guard let containers = spec[list]?.array else { continue }
                spec[list] = .array(
                    containers.map { container in
                        var container = container
                        container["image"] = nil
                        return container
                    })
            }
            return spec
        }
        if fixedPart(object) == fixedPart(live) { return [] }
        return [
            .forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` "
                    + "(only additions to "
                    + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to "
                    + "1 if it was "
                    + "previously negative)")
        ]
    }
}
