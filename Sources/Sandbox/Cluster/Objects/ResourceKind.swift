/// One row of the kinds that the embedded cluster knows; every other kind answers 404.
package struct ResourceKind: Sendable {
    package let group: String
    package let version: String
    package let kind: String
    package let plural: String
    package let shortNames: [String]
    package let isNamespaced: Bool
    /// `/status` exists, and writes to the object itself leave its status alone.
    package let hasStatus: Bool
    /// `metadata.generation` counts changes of the spec.
    package let hasGeneration: Bool

    /// `apps/v1`, or `v1` for the core group.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    /// How errors name the collection: `deployments.apps`, `pods`.
    package var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }
    /// How errors name the kind: `Deployment.apps`, `Pod`.
    package var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }
    package var singular: String { kind.lowercased() }

    fileprivate init(
        _ apiVersion: String, _ kind: String, _ plural: String, _ shortNames: [String] = [],
        namespaced: Bool = true, status: Bool = false, generation: Bool = false
    ) {
        let parts = apiVersion.split(separator: "/")
        group = parts.count == 2 ? String(parts[0]) : ""
        version = String(parts[parts.count - 1])
        self.kind = kind
        self.plural = plural
        self.shortNames = shortNames
        isNamespaced = namespaced
        hasStatus = status
        hasGeneration = generation
    }
}

extension ResourceKind: Hashable {
    // Group and plural name a kind; hashing the other fields would only cost time.
    package static func == (left: ResourceKind, right: ResourceKind) -> Bool {
        left.plural == right.plural && left.group == right.group
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(plural)
    }
}

extension ResourceKind {
    package static let namespace = ResourceKind(
        "v1", "Namespace", "namespaces", ["ns"], namespaced: false, status: true)
    package static let pod = ResourceKind("v1", "Pod", "pods", ["po"], status: true, generation: true)
    package static let service = ResourceKind("v1", "Service", "services", ["svc"], status: true)
    package static let secret = ResourceKind("v1", "Secret", "secrets")
    package static let configMap = ResourceKind("v1", "ConfigMap", "configmaps", ["cm"])
    package static let serviceAccount = ResourceKind("v1", "ServiceAccount", "serviceaccounts", ["sa"])
    package static let event = ResourceKind("v1", "Event", "events", ["ev"])
    package static let endpoints = ResourceKind("v1", "Endpoints", "endpoints", ["ep"])
    package static let endpointSlice = ResourceKind(
        "discovery.k8s.io/v1", "EndpointSlice", "endpointslices", generation: true)
    package static let deployment = ResourceKind(
        "apps/v1", "Deployment", "deployments", ["deploy"], status: true, generation: true)
    package static let replicaSet = ResourceKind(
        "apps/v1", "ReplicaSet", "replicasets", ["rs"], status: true, generation: true)
    package static let job = ResourceKind("batch/v1", "Job", "jobs", status: true, generation: true)
    package static let cronJob = ResourceKind(
        "batch/v1", "CronJob", "cronjobs", ["cj"], status: true, generation: true)
    package static let podDisruptionBudget = ResourceKind(
        "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", ["pdb"], status: true, generation: true)
    package static let ingress = ResourceKind(
        "networking.k8s.io/v1", "Ingress", "ingresses", ["ing"], status: true, generation: true)
    package static let gateway = ResourceKind(
        "gateway.networking.k8s.io/v1", "Gateway", "gateways", ["gtw"], status: true, generation: true)
    package static let listenerSet = ResourceKind(
        "gateway.networking.k8s.io/v1", "ListenerSet", "listenersets", ["lset"], status: true, generation: true)
    package static let httpRoute = ResourceKind(
        "gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes", status: true, generation: true)
    package static let middleware = ResourceKind(
        "traefik.io/v1alpha1", "Middleware", "middlewares", generation: true)
    package static let certificate = ResourceKind(
        "cert-manager.io/v1", "Certificate", "certificates", ["cert", "certs"], status: true, generation: true
    )

    package static let podMonitor = ResourceKind(
        "monitoring.coreos.com/v1", "PodMonitor", "podmonitors", ["pmon"], status: true, generation: true)

    package static let all: [ResourceKind] = [
        .namespace, .pod, .service, .secret, .configMap, .serviceAccount, .event, .endpoints,
        .endpointSlice, .deployment, .replicaSet, .job, .cronJob, .podDisruptionBudget, .ingress,
        .gateway, .listenerSet, .httpRoute, .middleware, .certificate, .podMonitor,
    ]

    package static func find(group: String, version: String, plural: String) -> ResourceKind? {
        all.first { $0.plural == plural && $0.group == group && $0.version == version }
    }

    package static func find(apiVersion: String, kind: String) -> ResourceKind? {
        all.first { $0.kind == kind && $0.apiVersion == apiVersion }
    }
}
