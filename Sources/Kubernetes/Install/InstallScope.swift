import JSON

/// How the objects of an installation are named and labelled. They do not carry the label of what the bot makes itself:
/// it would take them for an app's.
struct InstallScope {
    let options: InstallOptions

    static let name = "iterapp"
    static let volumeMount = "/var/lib/iterapp"
    /// Of the image's user.
    static let userID = 10_001
    static let portName = "http"
    static let port = 8080

    static let labels: JSON = [ObjectScope.nameLabel: .string(name)]
    static let buildLabels: JSON = [
        ObjectScope.nameLabel: .string(BuildKitOptions.name), ObjectScope.partOfLabel: .string(name),
    ]

    func metadata(_ name: String = name, annotations: [String: JSON] = [:]) -> JSON {
        .compact([
            "name": .string(name), "namespace": .string(options.namespace), "labels": Self.labels,
            "annotations": annotations.isEmpty ? nil : .object(annotations),
        ])
    }

    /// Of what belongs to no namespace.
    static func clusterMetadata(_ name: String = name) -> JSON { ["name": .string(name), "labels": labels] }

    static func namespace(_ name: String, enforcing level: String, labels: JSON) -> JSON {
        var metadata: JSON = ["name": .string(name), "labels": labels]
        metadata["labels"]?["pod-security.kubernetes.io/enforce"] = .string(level)
        return ["apiVersion": "v1", "kind": "Namespace", "metadata": metadata]
    }
}
