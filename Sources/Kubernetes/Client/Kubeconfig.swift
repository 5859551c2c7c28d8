import Foundation
import HTTP
import JSON

/// A kubeconfig file in its JSON form
/// (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/).
package struct Kubeconfig: Sendable {
    private let root: JSON
    private let path: String

    /// - Throws: `ConnectionError` when the file cannot be read, or is not JSON.
    package init(path: String) throws(ConnectionError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConnectionError(
                "The kubeconfig \(path) cannot be read; check KUBECONFIG and the file's rights.")
        }
        do {
            root = try JSON.parse(data)
        } catch {
            throw ConnectionError(
                "The kubeconfig \(path) is not in JSON form (\(error)); write it with "
                    + "`kubectl config view --raw --flatten -o json`.")
        }
        self.path = path
    }

    /// The connection of the current context.
    package func connection() throws(ConnectionError) -> KubernetesConnection {
        guard let contextName = root["current-context"]?.string, !contextName.isEmpty else {
            throw ConnectionError(
                "The kubeconfig \(path) has no current context; choose one with `kubectl config use-context`."
            )
        }
        let context = try entry(contextName, in: "contexts", as: "context")
        let cluster = try entry(context["cluster"]?.string ?? "", in: "clusters", as: "cluster")
        let userName = context["user"]?.string ?? ""
        let user = userName.isEmpty ? [:] : try entry(userName, in: "users", as: "user")
        guard let server = cluster["server"]?.string, server.contains("://") else {
            throw ConnectionError("The cluster of context \(contextName) in \(path) has no server URL.")
        }
        try refuseUnsupported(cluster, user)
        return KubernetesConnection(
            server: Self.withoutPassword(server), credential: credential(of: user),
            tls: try tls(cluster: cluster, user: user),
            namespace: context["namespace"]?.string)
    }

    /// The address ends up in sentences, a password in it must not.
    private static func withoutPassword(_ server: String) -> String {
        guard let scheme = server.range(of: "://") else { return server }
        let authority = server[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return server }
        return String(server[..<scheme.upperBound] + server[server.index(after: at)...])
    }

    private func entry(_ name: String, in list: String, as member: String) throws(ConnectionError) -> JSON {
        let found = root[list]?.array?.first { $0["name"]?.string == name }
        guard let value = found?[member], value.object != nil else {
            throw ConnectionError("The kubeconfig \(path) has no \(member) named “\(name)”.")
        }
        return value
    }

    /// What would make us talk to the wrong server, or as nobody, must not be overlooked.
    private func refuseUnsupported(_ cluster: JSON, _ user: JSON) throws(ConnectionError) {
        for key in ["exec", "auth-provider"] where user[key] != nil {
            throw ConnectionError(
                "The kubeconfig \(path) logs in with a helper program (\(key)), which a service cannot use; "
                    + "give it the token of a ServiceAccount (`kubectl create token`).")
        }
        if cluster["insecure-skip-tls-verify"]?.bool == true {
            throw ConnectionError(
                "The kubeconfig \(path) turns off the check of the server's certificate; give "
                    + "certificate-authority-data instead.")
        }
        for key in ["proxy-url", "tls-server-name"] where cluster[key] != nil {
            throw ConnectionError("The kubeconfig \(path) uses \(key), which is not supported; remove it.")
        }
    }

    private func credential(of user: JSON) -> KubernetesConnection.Credential {
        if let file = user["tokenFile"]?.string, !file.isEmpty { return .tokenFile(resolve(file)) }
        if let token = user["token"]?.string, !token.isEmpty { return .token(token) }
        return .none
    }

    private func tls(cluster: JSON, user: JSON) throws(ConnectionError) -> HTTPClientTLS? {
        let authority = try pem("certificate-authority", of: cluster)
        let certificate = try pem("client-certificate", of: user)
        let key = try pem("client-key", of: user)
        guard (certificate == nil) == (key == nil) else {
            throw ConnectionError(
                "The kubeconfig \(path) has only one of client-certificate and client-key; both are needed.")
        }
        guard authority != nil || certificate != nil else { return nil }
        return HTTPClientTLS(authoritiesPEM: authority, certificatePEM: certificate, keyPEM: key)
    }

    /// Inline data wins over a file, as in kubectl.
    private func pem(_ name: String, of entry: JSON) throws(ConnectionError) -> String? {
        if let data = entry["\(name)-data"]?.string, !data.isEmpty {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters),
                let text = String(data: bytes, encoding: .utf8)
            else {
                throw ConnectionError("\(name)-data in the kubeconfig \(path) is not Base64 of a PEM text.")
            }
            return text
        }
        guard let file = entry[name]?.string, !file.isEmpty else { return nil }
        do {
            return try String(contentsOfFile: resolve(file), encoding: .utf8)
        } catch {
            throw ConnectionError("The file \(resolve(file)), named as \(name) in \(path), cannot be read.")
        }
    }

    /// Relative paths count from the kubeconfig's own folder.
    private func resolve(_ file: String) -> String {
        guard !file.hasPrefix("/") else { return file }
        return URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(file).path
    }
}
