import JSON

/// What tells the items of an associative list apart.
extension SchemaType {
    /// The step that leads to an item of this list; nil when the item has none of the keys, or is of the
    /// wrong type.
    func step(to item: JSON) -> FieldStep? {
        guard case .list(let element, let identity, _) = self else { return nil }
        switch identity {
        case .atomic: return nil
        case .set: return item.object == nil && item.array == nil ? .value(item) : nil
        case .keys(let names):
            guard item.object != nil else { return nil }
            var key: [String: JSON] = [:]
            for name in names {
                // `protocol` may be left out of a port, and is part of its key all the same.
                key[name] = item[name] ?? element.structure?.fields[name]?.standard.value
            }
            return key.isEmpty ? nil : .key(.object(key))
        }
    }

    /// The items by step, in order; items that share a step (two environment variables of one name) stay
    /// together.
    func itemsByStep(_ list: JSON) -> (order: [FieldStep], items: [FieldStep: [JSON]]) {
        var order: [FieldStep] = []
        var items: [FieldStep: [JSON]] = [:]
        for item in list.array ?? [] {
            guard let step = step(to: item) else { continue }
            if items[step] == nil { order.append(step) }
            items[step, default: []].append(item)
        }
        return (order, items)
    }

    var element: SchemaType? { if case .list(let element, _, _) = self { element } else { nil } }
}
