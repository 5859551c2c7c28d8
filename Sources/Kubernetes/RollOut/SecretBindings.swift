import JSON

/// Which state of add-ons' Secrets an appling's pods begin with. Pods read a Secret when they start: those of a Secret
/// that was made anew have to be made anew, too, and no others.
struct SecretBindings: Sendable, Equatable {
    /// By the Secret's name.
    private(set) var identities: [String: String]

    /// On the pod template: `name:identity` of each Secret, ordered by name.
    static let annotation = "iterapp.no/add-on-secrets"
    /// On a Secret: how often its values were changed while it stayed the same object.
    static let changesAnnotation = "iterapp.no/changes"

    init(_ identities: [String: String] = [:]) { self.identities = identities }

    /// What a Deployment's pods began with; empty when that was not written down.
    init(of deployment: JSON?) {
        let text = deployment?.at("spec", "template", "metadata", "annotations", Self.annotation)?.string ?? ""
        let pairs = text.split(separator: ",").compactMap { part -> (String, String)? in
            let halves = part.split(separator: ":", maxSplits: 1)
            return halves.count == 2 ? (String(halves[0]), String(halves[1])) : nil
        }
        identities = Dictionary(pairs) { first, _ in first }
    }

    subscript(name: String) -> String? {
        get { identities[name] }
        set { identities[name] = newValue }
    }

    /// Another one for a Secret that was made anew, and for one whose values we have changed. It says nothing of them.
    static func identity(of secret: JSON) -> String {
        let uid = secret.at("metadata", "uid")?.string ?? ""
        let changes = Self.changes(of: secret)
        return changes == 0 ? uid : "\(uid)+\(changes)"
    }

    static func changes(of secret: JSON) -> Int {
        secret.at("metadata", "annotations", changesAnnotation)?.string.flatMap { Int($0) } ?? 0
    }

    /// The Deployment with pods that are made anew when one of the Secrets that they read is.
    /// - Parameter deployment: as rendered.
    func bound(_ deployment: JSON) -> JSON {
        let read = Self.secrets(readBy: deployment).intersection(identities.keys).sorted()
        guard !read.isEmpty, deployment["kind"] == "Deployment" else { return deployment }
        let text = read.map { "\($0):\(identities[$0] ?? "")" }.joined(separator: ",")
        var annotations = deployment.at("spec", "template", "metadata", "annotations")?.object ?? [:]
        let identity: JSON = [
            "template": annotations[ObjectScope.templateAnnotation] ?? .null, "secrets": .string(text),
        ]
        annotations[ObjectScope.templateAnnotation] = .string(identity.digest)
        annotations[Self.annotation] = .string(text)
        var bound = deployment
        bound["spec"]?["template"]?["metadata"]?["annotations"] = .object(annotations)
        return bound
    }

    /// Names of the Secrets from which a Deployment's pods have single values or files.
    static func secrets(readBy deployment: JSON) -> Set<String> {
        let spec = deployment.at("spec", "template", "spec")
        let containers = (spec?["containers"]?.array ?? []) + (spec?["initContainers"]?.array ?? [])
        let variables = containers.flatMap { $0["env"]?.array ?? [] }
            .compactMap { $0.at("valueFrom", "secretKeyRef", "name")?.string }
        let volumes = (spec?["volumes"]?.array ?? []).flatMap(VolumeSecret.all).map(\.name)
        return Set(variables + volumes)
    }

    /// The Deployment as it would be if it were bound as another one is.
    static func rebound(_ deployment: JSON, like other: JSON) -> JSON {
        var rebound = deployment
        var annotations = deployment.at("spec", "template", "metadata", "annotations")?.object ?? [:]
        for key in [annotation, ObjectScope.templateAnnotation] {
            annotations[key] = other.at("spec", "template", "metadata", "annotations", key)
        }
        rebound["spec"]?["template"]?["metadata"]?["annotations"] = .object(annotations)
        return rebound
    }
}
