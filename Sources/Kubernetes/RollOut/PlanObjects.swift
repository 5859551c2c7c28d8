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
    init(_ objects: [JSON], namespace: String) {
        self.init(
            namespace: namespace, text: String(decoding: KubernetesObjects.list(objects).bytes, as: UTF8.self))
    }

    /// The plan's objects in the order in which they need each other.
    /// - Throws: `.rejected` when the text is none that we wrote.
    func objects() throws(RollOutError) -> [JSON] {
        guard let list = try? JSON.parse(text), let items = list["items"]?.array,
            items.allSatisfy({ KubernetesResource.of($0) != nil && $0.at("metadata", "name")?.string != nil })
        else { throw .rejected("The plan of this release cannot be read; deploy again to make it anew.") }
        return ApplyStage.sorted(items)
    }
}

extension JSON {
    /// What people call an object: `Deployment cats`.
    var label: String { "\(self["kind"]?.string ?? "object") \(at("metadata", "name")?.string ?? "")" }
}
