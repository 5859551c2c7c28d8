import JSON

/// Which fields two versions of an object differ in.
struct Comparison {
    private(set) var added = FieldSet.empty
    private(set) var removed = FieldSet.empty
    private(set) var modified = FieldSet.empty

    init(from old: JSON?, to new: JSON?, _ type: SchemaType) {
        guard old != new else { return }
        let bothEmpty = Self.isEmptyCollection(old) && Self.isEmptyCollection(new)
        if type.isLeaf || bothEmpty {
            mark(old, new)
            return
        }
        switch type {
        case .list: compareItems(old, new, type)
        default: compareMembers(old, new, type)
        }
        // A field that came or went is itself a change, beside what is in it.
        if old == nil { added.isMember = true }
        if new == nil { removed.isMember = true }
    }

    /// Absent counts as empty, so that an empty list that appears is seen as one.
    private static func isEmptyCollection(_ value: JSON?) -> Bool {
        switch value {
        case nil: true
        case .array(let items)?: items.isEmpty
        case .object(let members)?: members.isEmpty
        default: false
        }
    }

    private mutating func mark(_ old: JSON?, _ new: JSON?) {
        switch (old, new) {
        case (nil, _): added = .leaf
        case (_, nil): removed = .leaf
        default: modified = .leaf
        }
    }

    private mutating func compareMembers(_ old: JSON?, _ new: JSON?, _ type: SchemaType) {
        let keys = Set((old?.object ?? [:]).keys).union((new?.object ?? [:]).keys)
        for key in keys {
            take(
                Comparison(from: old?[key], to: new?[key], type.child(key)?.type ?? .any), at: .field(key))
        }
    }

    private mutating func compareItems(_ old: JSON?, _ new: JSON?, _ type: SchemaType) {
        let before = type.itemsByStep(old ?? []).items
        let after = type.itemsByStep(new ?? []).items
        for step in Set(before.keys).union(after.keys) {
            let (olds, news) = (before[step] ?? [], after[step] ?? [])
            if olds.count <= 1, news.count <= 1 {
                take(Comparison(from: olds.first, to: news.first, type.element ?? .any), at: step)
            } else if olds != news {
                // Items that share a step are compared as one value.
                if olds.isEmpty { added[step] = .leaf } else if news.isEmpty { removed[step] = .leaf } else {
                    modified[step] = .leaf
                }
            }
        }
    }

    private mutating func take(_ child: Comparison, at step: FieldStep) {
        added[step] = child.added
        removed[step] = child.removed
        modified[step] = child.modified
    }
}
