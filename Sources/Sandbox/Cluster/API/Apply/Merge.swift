import JSON

/// The three things that server-side apply does with objects: lay one over another, tell which fields one
/// sets, and take fields away
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
extension SchemaType {
    /// `config` laid over `live`: its values win, lists with keys are merged item by item.
    func merge(_ live: JSON?, _ config: JSON) -> JSON {
        guard let live, !isLeaf else { return config }
        switch (live, config) {
        case (.object(var members), .object(let wanted)):
            for (key, value) in wanted {
                members[key] = (child(key)?.type ?? .any).merge(members[key], value)
            }
            return .object(members)
        case (.array, .array): return mergeItems(live, config)
        default: return config
        }
    }

    /// The wanted items in their order; others stay where they were among them.
    private func mergeItems(_ live: JSON, _ config: JSON) -> JSON {
        let (liveOrder, liveItems) = itemsByStep(live)
        let (order, items) = itemsByStep(config)
        var result: [JSON] = []
        var waiting = liveOrder[...]
        for step in order {
            // What stood before this item stays before it.
            if waiting.contains(step) {
                while let next = waiting.first, next != step {
                    waiting.removeFirst()
                    if items[next] == nil { result += liveItems[next] ?? [] }
                }
                waiting = waiting.dropFirst(waiting.first == step ? 1 : 0)
            }
            for item in items[step] ?? [] {
                result.append((element ?? .any).merge(liveItems[step]?.first, item))
            }
        }
        for step in waiting where items[step] == nil { result += liveItems[step] ?? [] }
        return .array(result)
    }

    /// The fields that an applied object sets: leaves, and the items of lists.
    func fieldSet(_ value: JSON) -> FieldSet {
        var set = FieldSet.empty
        if isLeaf { return .leaf }
        if case .list = self {
            for (step, items) in itemsByStep(value).items {
                var child = items.count == 1 ? (element ?? .any).fieldSet(items[0]) : .empty
                child.isMember = true
                set[step] = child
            }
            return set
        }
        for (key, value) in value.object ?? [:] {
            let known = child(key)
            var child = (known?.type ?? .any).fieldSet(value)
            if known?.isNamed != true || value == [:] { child.isMember = true }
            set[.field(key)] = child
        }
        return set
    }

    /// Adds the named fields on the way to the set's members: removing the last of them removes the field.
    func withNamedFields(_ set: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: set.isMember)
        for (step, below) in set.children {
            var type: SchemaType?
            var isNamed = false
            switch step {
            case .field(let name): (type, isNamed) = child(name).map { ($0.type, $0.isNamed) } ?? (nil, false)
            case .key: type = element
            case .value: break
            }
            var child = (type ?? .any).withNamedFields(below)
            if isNamed { child.isMember = true }
            result[step] = child
        }
        return result
    }

    /// Without the members of `set`, each with everything under it; nil when nothing is left.
    func remove(_ set: FieldSet, from value: JSON) -> JSON? {
        if set.isMember { return nil }
        if set.children.isEmpty { return value }
        switch value {
        case .object(var members):
            for (step, below) in set.children {
                guard case .field(let name) = step, let old = members[name] else { continue }
                members[name] = (child(name)?.type ?? .any).remove(below, from: old)
            }
            return members.isEmpty ? nil : .object(members)
        case .array(let items):
            let left = items.compactMap { item in
                step(to: item).flatMap { set.children[$0] }.map { below in
                    (element ?? .any).remove(below, from: item)
                } ?? item
            }
            return left.isEmpty ? nil : .array(left)
        default: return value
        }
    }
}
