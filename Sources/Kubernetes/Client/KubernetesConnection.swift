import Foundation
import HTTP

/// Where the API server is, whom to trust, and who we are.
package struct KubernetesConnection: Sendable, Equatable {
    /// How requests prove who sends them. A client certificate is part of `tls`.
    package enum Credential: Sendable, Equatable {
        case none
        case token(String)
        /// Read again at least every minute: tokens of pods last an hour.
        case tokenFile(String)
        /// A program that gives a token or a certificate.
        case exec(ExecPlugin)
    }

    /// Where the parts of `tls` were read from; they are read again when they may have changed.
    package struct TLSFiles: Sendable, Equatable {
        package var authority: String?
        package var certificate: String?
        package var key: String?

        var isEmpty: Bool { authority == nil && certificate == nil && key == nil }
    }

    /// Scheme, host, port and maybe a path, without a slash at the end.
    package let server: String
    package var credential: Credential
    package var tls: HTTPClientTLS?
    package var tlsFiles = TLSFiles()
    /// `http`, `https` or `socks5` URL of a proxy; may hold a password.
    package var proxy: String?
    /// The context's, or the one that our pod runs in; nil when there is none.
    package var namespace: String?
    package var origin = ConnectionOrigin.unnamed

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
    /// The cluster that `KUBECONFIG` names, in the context that `ITERAPP_KUBE_CONTEXT` names if it is set, or else the
    /// one that we run in.
    /// - Parameter environment: the process's variables; programs that log in are given them, without our own secrets.
    package static func find(environment: [String: String]) throws(ConnectionError) -> KubernetesConnection {
        func setting(_ name: String) -> String? {
            let value = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            return value.isEmpty ? nil : value
        }
        let context = setting(KubeconfigSource.contextSetting)
        guard let list = setting(KubeconfigSource.setting) else {
            guard context == nil else {
                throw ConnectionError(
                    "ITERAPP_KUBE_CONTEXT chooses a context of a kubeconfig, but KUBECONFIG is not set; set it, too.")
            }
            return try InClusterConnection.load(environment: environment)
        }
        return try Kubeconfig(KubeconfigSource(list: list, context: context, environment: environment)).connection()
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
        case .exec(let plugin): "credentials from \(plugin.name)"
        }
    }

    package var debugDescription: String { description }
}

extension KubernetesConnection: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without anything secret.
    package var description: String { "\(server) (\(credential))" }
    package var debugDescription: String { description }
}
