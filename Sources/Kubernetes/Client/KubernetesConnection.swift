import HTTP

/// Where the API server is, whom to trust, and who we are.
package struct KubernetesConnection: Sendable, Equatable {
    /// How requests prove who sends them. A client certificate is part of `tls`.
    package enum Credential: Sendable, Equatable {
        case none
        case token(String)
        /// Read again at least every minute: tokens of pods last an hour.
        case tokenFile(String)
    }

    /// Scheme, host, port and maybe a path, without a slash at the end.
    package let server: String
    package let credential: Credential
    package let tls: HTTPClientTLS?
    /// The context's, or the one that our pod runs in; nil when there is none.
    package let namespace: String?

    package init(
        server: String, credential: Credential = .none, tls: HTTPClientTLS? = nil, namespace: String? = nil
    ) {
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.credential = credential
        self.tls = tls
        self.namespace = namespace
    }
}

extension KubernetesConnection {
    /// The cluster that `KUBECONFIG` names, or else the one that we run in.
    /// - Parameter environment: the process's variables.
    package static func find(environment: [String: String]) throws(ConnectionError) -> KubernetesConnection {
        guard let path = environment["KUBECONFIG"], !path.isEmpty else {
            return try InClusterConnection.load(environment: environment)
        }
        return try Kubeconfig(path: path).connection()
    }
}

/// Why there is no way to the cluster: a sentence that says what to set.
package struct ConnectionError: Error, Sendable, Equatable {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
}

extension KubernetesConnection.Credential: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the token.
    package var description: String {
        switch self {
        case .none: "none"
        case .token: "token"
        case .tokenFile(let path): "token from \(path)"
        }
    }

    package var debugDescription: String { description }
}

extension KubernetesConnection: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without anything secret.
    package var description: String { "\(server) (\(credential))" }
    package var debugDescription: String { description }
}
