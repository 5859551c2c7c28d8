import Deploys
import JSON

/// What all objects of one release have in common.
struct ObjectScope {
    let release: Release

    /// The label by which the shared watches find everything of ours.
    static let managedBy = (key: "app.kubernetes.io/managed-by", value: "iterapp")
    /// On Deployments' templates, and so on their pods: identifies the template. Two pods with the same
    /// value are of the same version.
    static let templateAnnotation = "iterapp.no/template"
    static let operationAnnotation = "iterapp.no/operation"
    static let commitAnnotation = "iterapp.no/commit"
    static let buildAnnotation = "iterapp.no/build"
    static let nameLabel = "app.kubernetes.io/name"
    static let partOfLabel = "app.kubernetes.io/part-of"
    static let containerPortName = "http"
    static let servicePort = 80

    var serviceAccountName: String { release.appSlug }

    /// Labels of every object
    /// (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).
    var labels: [String: JSON] {
        [
            Self.managedBy.key: .string(Self.managedBy.value),
            Self.partOfLabel: .string(release.appSlug),
            "app.kubernetes.io/instance": .string("\(release.appSlug)-\(release.environment)"),
        ]
    }

    func labels(of appling: ReleasedAppling) -> [String: JSON] {
        labels.merging(selector(of: appling)) { own, _ in own }
    }

    /// Selectors cannot be changed once a Deployment exists, so this holds no more than the name.
    func selector(of appling: ReleasedAppling) -> [String: JSON] {
        [Self.nameLabel: .string(appling.name)]
    }

    func metadata(
        name: String, appling: ReleasedAppling? = nil, annotations: [String: JSON] = [:]
    ) -> JSON {
        .compact([
            "name": .string(name),
            "namespace": .string(release.namespace),
            "labels": .object(appling.map(labels(of:)) ?? labels),
            "annotations": annotations.isEmpty ? nil : .object(annotations),
        ])
    }
}

extension JSON {
    /// An object of the members that are there.
    static func compact(_ members: [String: JSON?]) -> JSON {
        .object(members.compactMapValues { $0 })
    }
}
