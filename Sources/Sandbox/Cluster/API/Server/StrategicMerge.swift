import JSON

/// Strategic merge patch, as far as `kubectl edit`, `set` and `patch` use it
/// (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/).
enum StrategicMerge {
    /// - Returns: nil when the patch takes the value away.
    static func merge(_ live: JSON?, _ patch: JSON, _ type: SchemaType) -> JSON? {
        switch (patch, type) {
        case (.null, _): return nil
        case (.object(var changes), _):
            let directive = changes.removeValue(forKey: "$patch")?.string
            if directive == "delete" { return nil }
            // Orders say how to sort; lists here keep the order they have.
            changes = changes.filter { !$0.key.hasPrefix("$") }
            var members = directive == "replace" ? [:] : live?.object ?? [:]
            for (key, change) in changes {
                members[key] = merge(members[key], change, type.child(key)?.type ?? .any)
            }
            return .object(members)
        case (.array(let items), .list(let element, .keys, _)): return mergeItems(live, items, element, type)
        default: return patch
        }
    }

    private static func mergeItems(
        _ live: JSON?, _ items: [JSON], _ element: SchemaType, _ type: SchemaType
    ) -> JSON {
        if items.contains(where: { $0 == ["$patch": "replace"] }) {
            return .array(items.filter { $0["$patch"] == nil })
        }
        var result = live?.array ?? []
        for item in items {
            guard let step = type.step(to: item) else { continue }
            let place = result.firstIndex { type.step(to: $0) == step }
            let merged = merge(place.map { result[$0] }, item, element)
            switch (place, merged) {
            case (let place?, let merged?): result[place] = merged
            case (let place?, nil): result.remove(at: place)
            case (nil, let merged?): result.append(merged)
            case (nil, nil): break
            }
        }
        return .array(result)
    }
}
