import JSON

/// A field in which an object is not as we would set it.
struct FieldDifference: Equatable {
    enum Change: Equatable { case changed, removed }

    let path: FieldPath
    let change: Change
    /// Who owns the field now, where the object tells.
    let owner: FieldOwner?
}

/// One entry of `metadata.managedFields`.
struct FieldOwner: Hashable {
    let manager: String
    /// RFC 3339, of the manager's last change.
    let time: String
}

/// The fields in which two states of one object differ that the same server gave: both are complete, and their lists
/// have the same order.
enum ObjectDifference {
    /// - Parameters:
    ///   - live: the object as it is, with its `managedFields`.
    ///   - wanted: what our apply would make of it.
    ///   - applied: what we apply. Only what it sets counts: controllers may change the rest at the same moment.
    static func between(_ live: JSON, and wanted: JSON, of applied: JSON) -> [FieldDifference] {
        between(live, and: wanted).filter { $0.path.isSet(in: applied) }
    }

    private static func between(_ live: JSON, and wanted: JSON) -> [FieldDifference] {
        let owners = (live.at("metadata", "managedFields")?.array ?? []).compactMap(Trail.init)
        var differences: [FieldDifference] = []
        for key in Set((live.object ?? [:]).keys).union((wanted.object ?? [:]).keys).sorted() {
            let path = FieldPath([.field(key)])
            switch key {
            case "status", "apiVersion", "kind": continue
            case "metadata":
                for part in ["annotations", "labels"] {
                    compare(
                        live.at(key, part), wanted.at(key, part), path.appending(.field(part)),
                        owners.compactMap { $0.entering(field: key)?.entering(field: part) }, &differences)
                }
            default:
                compare(live[key], wanted[key], path, owners.compactMap { $0.entering(field: key) }, &differences)
            }
        }
        return differences
    }

    /// - Parameter owners: of something at or under `path`.
    private static func compare(
        _ live: JSON?, _ wanted: JSON?, _ path: FieldPath, _ owners: [Trail],
        _ differences: inout [FieldDifference]
    ) {
        guard live != wanted else { return }
        switch (live, wanted) {
        case (.object(let left)?, .object(let right)?):
            for key in Set(left.keys).union(right.keys).sorted() {
                compare(
                    left[key], right[key], path.appending(.field(key)), owners.compactMap { $0.entering(field: key) },
                    &differences)
            }
        case (.array(let left)?, .array(let right)?):
            guard let name = key(of: left + right), let left = items(left, by: name),
                let right = items(right, by: name)
            else { fallthrough }
            for value in Set(left.keys).union(right.keys).sorted(by: { $0.text < $1.text }) {
                let item = left[value] ?? right[value] ?? .null
                compare(
                    left[value], right[value], path.appending(.item([name: value])),
                    owners.compactMap { $0.entering(item: item) }, &differences)
            }
        default:
            // Who removed a field is written down nowhere.
            let owner = live == nil ? nil : owners.map(\.owner).max { $0.time < $1.time }
            differences.append(FieldDifference(path: path, change: live == nil ? .removed : .changed, owner: owner))
        }
    }

    /// Keys by which Kubernetes tells the items of lists apart, the most telling one first.
    private static let keys = ["name", "mountPath", "containerPort", "port", "key", "topologyKey", "type", "ip"]

    private static func key(of items: [JSON]) -> String? {
        keys.first { key in items.allSatisfy { $0[key] != nil } }
    }

    /// Nil when two items share a key.
    private static func items(_ list: [JSON], by key: String) -> [JSON: JSON]? {
        var items: [JSON: JSON] = [:]
        for item in list {
            guard let value = item[key], items.updateValue(item, forKey: value) == nil else { return nil }
        }
        return items
    }
}

/// A manager's set of fields, from some field of the object on.
private struct Trail {
    let owner: FieldOwner
    let fields: JSON

    /// Nil for the entry of our own applies.
    init?(_ entry: JSON) {
        guard let manager = entry["manager"]?.string, !Ownership.isOurs(entry), let fields = entry["fieldsV1"]
        else { return nil }
        owner = FieldOwner(manager: manager, time: entry["time"]?.string ?? "")
        self.fields = fields
    }

    private init(_ owner: FieldOwner, _ fields: JSON) {
        self.owner = owner
        self.fields = fields
    }

    func entering(field: String) -> Trail? { entering(fields["f:\(field)"]) }

    func entering(item: JSON) -> Trail? {
        entering(
            fields.object?.first { key, _ in
                guard key.hasPrefix("k:"), let keys = (try? JSON.parse(String(key.dropFirst(2))))?.object else {
                    return false
                }
                return keys.allSatisfy { item[$0.key] == $0.value }
            }?.value)
    }

    /// Whoever owns a field as a whole owns what is in it.
    private func entering(_ below: JSON?) -> Trail? {
        if fields.object?.isEmpty == true { return self }
        return below.map { Trail(owner, $0) }
    }
}
