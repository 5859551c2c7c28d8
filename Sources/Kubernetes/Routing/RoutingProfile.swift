extension RenderOptions {
    /// How requests from outside reach a Service: what the operator's cluster offers.
    package enum Routing: Sendable, Equatable {
        case gateway(GatewayProfile)
        case ingress(IngressProfile)
    }
}

/// Routes of the Gateway API (gateway.networking.k8s.io/v1), led through one Gateway of the operator's.
package struct GatewayProfile: Sendable, Equatable {
    /// Where a host's HTTPS comes from.
    package enum Listeners: String, Sendable, CaseIterable {
        /// Each appling brings its hosts and certificates in ListenerSets of its own, which needs Gateway API 1.5
        /// and a Gateway whose `allowedListeners` take them.
        case listenerSet = "listenerset"
        /// The Gateway has a listener named `https` with the operator's certificates.
        case gateway
    }

    package var name: String
    package var namespace: String
    package var listeners: Listeners

    package init(name: String = "iterapp", namespace: String = "iterapp", listeners: Listeners = .listenerSet) {
        self.name = name
        self.namespace = namespace
        self.listeners = listeners
    }
}

/// Ingresses (networking.k8s.io/v1).
package struct IngressProfile: Sendable, Equatable {
    /// Whose annotations say what the core API has no field for.
    package enum Controller: String, Sendable, CaseIterable {
        /// Controllers that read `nginx.ingress.kubernetes.io/…`.
        case nginx
        /// Traefik 3.
        case traefik
    }

    /// Nil takes the cluster's default class.
    package var className: String?
    package var controller: Controller

    package init(className: String? = nil, controller: Controller = .nginx) {
        self.className = className
        self.controller = controller
    }
}
