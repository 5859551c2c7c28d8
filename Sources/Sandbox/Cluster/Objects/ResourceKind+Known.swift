/// Every kind that the embedded cluster knows.
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

    package static let certificateRequest = ResourceKind(
        "cert-manager.io/v1", "CertificateRequest", "certificaterequests", ["cr", "crs"], status: true,
        generation: true)
    package static let issuer = ResourceKind(
        "cert-manager.io/v1", "Issuer", "issuers", ["iss"], status: true, generation: true)
    package static let clusterIssuer = ResourceKind(
        "cert-manager.io/v1", "ClusterIssuer", "clusterissuers", ["ciss"], namespaced: false, status: true,
        generation: true)
    package static let order = ResourceKind(
        "acme.cert-manager.io/v1", "Order", "orders", status: true, generation: true)
    package static let challenge = ResourceKind(
        "acme.cert-manager.io/v1", "Challenge", "challenges", status: true, generation: true)
    package static let referenceGrant = ResourceKind(
        "gateway.networking.k8s.io/v1", "ReferenceGrant", "referencegrants", ["refgrant"], generation: true)
    package static let networkPolicy = ResourceKind(
        "networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", ["netpol"], generation: true)
    package static let horizontalPodAutoscaler = ResourceKind(
        "autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ["hpa"], status: true)
    package static let lease = ResourceKind("coordination.k8s.io/v1", "Lease", "leases")
    package static let persistentVolumeClaim = ResourceKind(
        "v1", "PersistentVolumeClaim", "persistentvolumeclaims", ["pvc"], status: true)
    package static let resourceQuota = ResourceKind(
        "v1", "ResourceQuota", "resourcequotas", ["quota"], status: true)
    package static let limitRange = ResourceKind("v1", "LimitRange", "limitranges", ["limits"])
    package static let role = ResourceKind("rbac.authorization.k8s.io/v1", "Role", "roles")
    package static let roleBinding = ResourceKind(
        "rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings")
    package static let clusterRole = ResourceKind(
        "rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", namespaced: false)
    package static let clusterRoleBinding = ResourceKind(
        "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", namespaced: false)

    package static let podMonitor = ResourceKind(
        "monitoring.coreos.com/v1", "PodMonitor", "podmonitors", ["pmon"], status: true, generation: true)

    package static let all: [ResourceKind] = [
        .namespace, .pod, .service, .secret, .configMap, .serviceAccount, .event, .endpoints,
        .persistentVolumeClaim, .resourceQuota, .limitRange,
        .endpointSlice, .deployment, .replicaSet, .job, .cronJob, .podDisruptionBudget, .ingress,
        .networkPolicy, .horizontalPodAutoscaler, .lease,
        .role, .roleBinding, .clusterRole, .clusterRoleBinding,
        .gateway, .listenerSet, .httpRoute, .referenceGrant, .middleware, .podMonitor,
        .certificate, .certificateRequest, .issuer, .clusterIssuer, .order, .challenge,
    ]

    package static func find(group: String, version: String, plural: String) -> ResourceKind? {
        all.first { $0.plural == plural && $0.group == group && $0.version == version }
    }

    package static func find(apiVersion: String, kind: String) -> ResourceKind? {
        all.first { $0.kind == kind && $0.apiVersion == apiVersion }
    }
}
