import Deploys
import JSON

/// An add-on on a server of the operator's, as a plan holds it beside the objects of the cluster. It looks like one
/// and is none: no API server would take it.
enum PlannedAddOn {
    private static let apiVersion: JSON = "iterapp.no/v1"
    private static let kind: JSON = "AddOn"

    static func isOne(_ item: JSON) -> Bool { item["apiVersion"] == apiVersion && item["kind"] == kind }

    /// Nil for what runs in the app's namespace, and so is among the objects.
    static func json(_ place: AddOnPlace) -> JSON? {
        guard let settings = settings(place.addOn) else { return nil }
        return [
            "apiVersion": apiVersion, "kind": kind,
            "metadata": ["name": .string(place.addOn.name), "namespace": .string(place.namespace)],
            "spec": [
                "organisation": .string(place.app.organisation), "app": .string(place.app.name),
                "environment": .string(place.environment.rawValue), place.addOn.component: settings,
            ],
        ]
    }

    private static func settings(_ addOn: AddOn) -> JSON? {
        switch addOn.kind {
        case .redis: nil
        case .postgres(let extensions): ["extensions": .array(extensions.map(JSON.string))]
        case .nats: [:]
        }
    }

    /// Nil when we did not write it.
    static func place(_ item: JSON) -> AddOnPlace? {
        guard isOne(item), let spec = item["spec"], let name = item.at("metadata", "name")?.string,
            let namespace = item.at("metadata", "namespace")?.string,
            let organisation = spec["organisation"]?.string, let app = spec["app"]?.string,
            let environment = spec["environment"]?.string.flatMap(EnvironmentName.init(parsing:)),
            let kind = addOnKind(spec)
        else { return nil }
        return AddOnPlace(
            app: AppID(organisation: organisation, name: app), environment: environment, namespace: namespace,
            addOn: AddOn(kind, name: name))
    }

    private static func addOnKind(_ spec: JSON) -> AddOn.Kind? {
        if let postgres = spec["postgres"] {
            return .postgres(extensions: (postgres["extensions"]?.array ?? []).compactMap(\.string))
        }
        return spec["nats"] == nil ? nil : .nats
    }
}
