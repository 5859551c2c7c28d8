import JSON

/// What a shared watch keeps of an object, or learns about it.
enum WatchedChange: Sendable {
    case put(namespace: String, name: String, kept: JSON, version: String?)
    case removed(namespace: String, name: String, version: String?)
    /// Nothing else has changed up to this version.
    case reached(version: String)

    init(putting object: JSON, of resource: KubernetesResource, trim: (JSON) -> JSON) {
        let (namespace, name, version) = Self.identity(object, resource)
        self = .put(namespace: namespace, name: name, kept: trim(object), version: version)
    }

    init(_ event: WatchEvent, of resource: KubernetesResource, trim: (JSON) -> JSON) {
        switch event {
        case .added(let object), .modified(let object):
            self.init(putting: object, of: resource, trim: trim)
        case .deleted(let object):
            let (namespace, name, version) = Self.identity(object, resource)
            self = .removed(namespace: namespace, name: name, version: version)
        case .bookmark(let version):
            self = .reached(version: version)
        }
    }

    /// Where to go on after this change. An empty version would mean “from now on”, which loses what came before.
    var version: String? {
        let version =
            switch self {
            case .put(_, _, _, let version), .removed(_, _, let version): version
            case .reached(let version): version
            }
        return version?.isEmpty == false ? version : nil
    }

    /// An object that lives in no namespace counts as one of the namespace of its own name.
    private static func identity(
        _ object: JSON, _ resource: KubernetesResource
    ) -> (namespace: String, name: String, version: String?) {
        let name = object.at("metadata", "name")?.string ?? ""
        let namespace = resource.isNamespaced ? object.at("metadata", "namespace")?.string ?? "" : name
        return (namespace, name, object.at("metadata", "resourceVersion")?.string)
    }
}
