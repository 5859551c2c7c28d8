import Crypto
import Deploys
import JSON

/// What all objects of one release have in common.
struct ObjectScope {
    let release: Release

    /// The label by which the shared watches find everything of ours.
    static let managedBy = (key: "app.kubernetes.io/managed-by", value: "iterapp")
    static let managedBySelector = "\(managedBy.key)=\(managedBy.value)"
    /// On Deployments' templates, and so on their pods: identifies the template. Two pods with the same
    /// value are of the same version.
    static let templateAnnotation = "iterapp.no/template"
    static let operationAnnotation = "iterapp.no/operation"
    static let commitAnnotation = "iterapp.no/commit"
    static let buildAnnotation = "iterapp.no/build"
    static let nameLabel = "app.kubernetes.io/name"
    static let partOfLabel = "app.kubernetes.io/part-of"
    /// On what is no appling's Deployment, and on its pods.
    static let componentLabel = "app.kubernetes.io/component"
    static let redisComponent = "redis"
    /// On Secrets that are made once and never removed.
    static let keptLabel = "iterapp.no/kept"
    static let containerPortName = "http"
    static let servicePort = 80

    var serviceAccountName: String { release.appSlug }

    /// The app in this environment, as a label's value.
    var instance: String { "\(release.appSlug)-\(release.environment)" }

    /// Labels of every object
    /// (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).
    var labels: [String: JSON] {
        [
            Self.managedBy.key: .string(Self.managedBy.value),
            Self.partOfLabel: .string(release.appSlug),
            "app.kubernetes.io/instance": .string(instance),
        ]
    }

    func labels(of appling: ReleasedAppling) -> [String: JSON] {
        labels.merging(selector(of: appling)) { own, _ in own }
    }

    /// Selectors cannot be changed once a Deployment exists, so this holds no more than the name.
    func selector(of appling: ReleasedAppling) -> [String: JSON] {
        [Self.nameLabel: .string(appling.name)]
    }

    func labels(of addOn: AddOn) -> [String: JSON] {
        labels.merging(selector(of: addOn)) { own, _ in own }
            .merging([Self.componentLabel: .string(addOn.component)]) { own, _ in own }
    }

    func selector(of addOn: AddOn) -> [String: JSON] { [Self.nameLabel: .string(addOn.name)] }

    /// Labels of pods that end by themselves. They carry no name: a Service's selector must not find them.
    func labels(ofRun component: String) -> [String: JSON] {
        labels.merging([Self.componentLabel: .string(component)]) { own, _ in own }
    }

    func metadata(name: String, addOn: AddOn) -> JSON {
        [
            "name": .string(name), "namespace": .string(release.namespace),
            "labels": .object(labels(of: addOn)),
        ]
    }

    func metadata(
        name: String, appling: ReleasedAppling? = nil, furtherLabels: [String: JSON] = [:],
        annotations: [String: JSON] = [:]
    ) -> JSON {
        let common = appling.map(labels(of:)) ?? labels
        return .compact([
            "name": .string(name),
            "namespace": .string(release.namespace),
            "labels": .object(common.merging(furtherLabels) { own, _ in own }),
            "annotations": annotations.isEmpty ? nil : .object(annotations),
        ])
    }
}

extension AddOn {
    var component: String {
        switch kind {
        case .postgres: "postgres"
        case .redis: ObjectScope.redisComponent
        case .nats: "nats"
        }
    }
}

extension JSON {
    /// Names that hold a digest of content stay short: 40 bits tell the few versions of one object apart.
    private static let digestCharacters = 10

    /// Different for different content, and fit for a name.
    var digest: String { String(hex(sha256(bytes)).prefix(Self.digestCharacters)) }

    /// An object of the members that are there.
    static func compact(_ members: [String: JSON?]) -> JSON {
        .object(members.compactMapValues { $0 })
    }
}
