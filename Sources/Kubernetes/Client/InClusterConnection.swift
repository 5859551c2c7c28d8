import Foundation
import HTTP

/// The connection that Kubernetes prepares for every pod
/// (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
package enum InClusterConnection {
    package static let accountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - directory: where the ServiceAccount's files are mounted.
    /// - Throws: `ConnectionError` when we do not run in a pod or its files are missing.
    package static func load(
        environment: [String: String], directory: String = accountDirectory
    ) throws(ConnectionError) -> KubernetesConnection {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw ConnectionError(
                "No cluster to talk to: set KUBECONFIG to a kubeconfig file, or run in a pod "
                    + "(KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set).")
        }
        let authorityFile = directory + "/ca.crt"
        let tokenFile = directory + "/token"
        guard let authority = try? String(contentsOfFile: authorityFile, encoding: .utf8) else {
            throw ConnectionError("The cluster's certificate authority cannot be read from \(authorityFile).")
        }
        guard FileManager.default.isReadableFile(atPath: tokenFile) else {
            throw ConnectionError(
                "There is no token at \(tokenFile); the pod needs a ServiceAccount with "
                    + "automountServiceAccountToken: true.")
        }
        let namespace = try? String(contentsOfFile: directory + "/namespace", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // RFC 3986, section 3.2.2: an IPv6 address stands in brackets.
        let authorityHost = host.contains(":") ? "[\(host)]" : host
        var connection = KubernetesConnection(
            server: "https://\(authorityHost):\(port)", credential: .tokenFile(tokenFile),
            tls: HTTPClientTLS(authoritiesPEM: authority),
            namespace: namespace?.isEmpty == false ? namespace : nil)
        connection.tlsFiles.authority = authorityFile
        connection.origin = .pod(directory: directory)
        return connection
    }
}
