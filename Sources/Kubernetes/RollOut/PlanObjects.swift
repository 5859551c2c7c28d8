import Deploys
import JSON

/// What identifies an object within a namespace.
struct ObjectID: Hashable, Sendable {
    /// As `KubernetesResource.typeName`.
    let type: String
    let name: String

    init(type: String, name: String) {
        self.type = type
        self.name = name
    }

    init(_ object: JSON) {
        type = "\(object["apiVersion"]?.string ?? "")/\(object["kind"]?.string ?? "")"
        name = object.at("metadata", "name")?.string ?? ""
    }

    init(_ placed: PlacedObject) {
        type = placed.kind
        name = placed.name
    }
}

extension ClusterPlan {
    init(_ objects: [JSON], _ addOns: [AddOnPlace] = [], namespace: String) {
        let items = addOns.compactMap(PlannedAddOn.json) + objects
        self.init(namespace: namespace, text: String(decoding: KubernetesObjects.list(items).bytes, as: UTF8.self))
    }

    /// The plan's objects in the order in which they need each other, with encrypted values as they are.
    /// - Throws: `.rejected` when the text is none that we wrote.
    func objects() throws(RollOutError) -> [JSON] {
        let objects = try items().filter { !PlannedAddOn.isOne($0) }
        guard objects.allSatisfy({ KubernetesResource.of($0) != nil && $0.at("metadata", "name")?.string != nil })
        else { throw Self.unreadable }
        return ApplyStage.sorted(objects)
    }

    /// Its add-ons on servers of the operator's.
    /// - Throws: as `objects`.
    package func addOns() throws(RollOutError) -> [AddOnPlace] {
        try items().filter(PlannedAddOn.isOne).map { (item) throws(RollOutError) in
            guard let place = PlannedAddOn.place(item) else { throw Self.unreadable }
            return place
        }
    }

    private func items() throws(RollOutError) -> [JSON] {
        guard let items = (try? JSON.parse(text))?["items"]?.array else { throw Self.unreadable }
        return items
    }

    private static let unreadable = RollOutError.rejected(
        "The plan of this release cannot be read; deploy again to make it anew.")
}

extension JSON {
    /// What people call an object: `Deployment cats`.
    var label: String { "\(self["kind"]?.string ?? "object") \(at("metadata", "name")?.string ?? "")" }
}
