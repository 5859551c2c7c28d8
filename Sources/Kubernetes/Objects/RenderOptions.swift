/// What the operator decides about objects, the same for every app.
package struct RenderOptions: Sendable, Equatable {
    /// How requests from outside reach a Service.
    package enum Routing: Sendable, Equatable {
        /// HTTPRoutes attached to this Gateway (gateway.networking.k8s.io/v1).
        case gateway(name: String, namespace: String)
        /// Ingresses (networking.k8s.io/v1) of this class; nil takes the cluster's default class.
        case ingress(className: String?)
    }

    package var routing: Routing
    /// Name of cert-manager's ClusterIssuer.
    package var clusterIssuer: String
    /// A roll-out fails when nothing has moved for so long. Three minutes are enough to add a machine to
    /// the cluster and fetch an image there, and short enough to wait for; Kubernetes' own ten are not.
    package var progressDeadlineSeconds: Int

    package init(
        routing: Routing = .gateway(name: "iterapp", namespace: "iterapp"),
        clusterIssuer: String = "letsencrypt", progressDeadlineSeconds: Int = 180
    ) {
        self.routing = routing
        self.clusterIssuer = clusterIssuer
        self.progressDeadlineSeconds = progressDeadlineSeconds
    }
}

/// Why a release cannot be put into objects: a sentence for the app's developers.
package struct RenderError: Error, Sendable, Equatable {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
}
