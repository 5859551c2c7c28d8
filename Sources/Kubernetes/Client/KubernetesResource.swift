import JSON

/// A kind of object and where the API serves it
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).
package struct KubernetesResource: Sendable, Hashable {
    /// Empty for the core API.
    package let group: String
    package let version: String
    package let kind: String
    package let plural: String
    package let isNamespaced: Bool

    package init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    package static let namespaces = KubernetesResource(
        group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)
    package static let serviceAccounts = core("ServiceAccount", "serviceaccounts")
    package static let secrets = core("Secret", "secrets")
    package static let configMaps = core("ConfigMap", "configmaps")
    package static let services = core("Service", "services")
    package static let pods = core("Pod", "pods")
    package static let events = core("Event", "events")
    package static let deployments = KubernetesResource(
        group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    package static let jobs = KubernetesResource(group: "batch", version: "v1", kind: "Job", plural: "jobs")
    package static let cronJobs = KubernetesResource(
        group: "batch", version: "v1", kind: "CronJob", plural: "cronjobs")
    package static let podDisruptionBudgets = KubernetesResource(
        group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets")
    package static let podMonitors = KubernetesResource(
        group: "monitoring.coreos.com", version: "v1", kind: "PodMonitor", plural: "podmonitors")
    package static let ingresses = KubernetesResource(
        group: "networking.k8s.io", version: "v1", kind: "Ingress", plural: "ingresses")
    package static let httpRoutes = KubernetesResource(
        group: "gateway.networking.k8s.io", version: "v1", kind: "HTTPRoute", plural: "httproutes")
    package static let listenerSets = KubernetesResource(
        group: "gateway.networking.k8s.io", version: "v1", kind: "ListenerSet", plural: "listenersets")
    package static let middlewares = KubernetesResource(
        group: "traefik.io", version: "v1alpha1", kind: "Middleware", plural: "middlewares")
    package static let certificates = KubernetesResource(
        group: "cert-manager.io", version: "v1", kind: "Certificate", plural: "certificates")
    package static let certificateRequests = KubernetesResource(
        group: "cert-manager.io", version: "v1", kind: "CertificateRequest", plural: "certificaterequests")
    package static let orders = KubernetesResource(
        group: "acme.cert-manager.io", version: "v1", kind: "Order", plural: "orders")
    package static let challenges = KubernetesResource(
        group: "acme.cert-manager.io", version: "v1", kind: "Challenge", plural: "challenges")

    package static let horizontalPodAutoscalers = KubernetesResource(
        group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler", plural: "horizontalpodautoscalers")
    package static let leases = KubernetesResource(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")
    package static let roleBindings = KubernetesResource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "RoleBinding", plural: "rolebindings")

    /// Every kind that a release may consist of.
    package static let rendered = [
        namespaces, serviceAccounts, secrets, configMaps, services, deployments, jobs, podDisruptionBudgets,
        podMonitors, cronJobs, ingresses, listenerSets, httpRoutes, middlewares, certificates,
    ]

    private static func core(_ kind: String, _ plural: String) -> KubernetesResource {
        KubernetesResource(group: "", version: "v1", kind: kind, plural: plural)
    }

    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The resource of a rendered object; nil when it is of no kind that we write.
    package static func of(_ object: JSON) -> KubernetesResource? {
        rendered.first {
            $0.kind == object["kind"]?.string && $0.apiVersion == object["apiVersion"]?.string
        }
    }

    /// - Parameters:
    ///   - namespace: nil for all namespaces; ignored for kinds that live in none.
    ///   - name: nil for the collection.
    package func path(namespace: String? = nil, name: String? = nil) -> String {
        var parts = group.isEmpty ? ["api", version] : ["apis", group, version]
        if isNamespaced, let namespace { parts += ["namespaces", namespace] }
        parts.append(plural)
        if let name { parts.append(name) }
        return "/" + parts.map(URLQuery.escape).joined(separator: "/")
    }
}
