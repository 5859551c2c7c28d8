import Foundation
import HTTP
import JSON

/// Makes a connection of a cluster and a user (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/).
///
/// What would make us talk to the wrong server, or as somebody else, must not be overlooked: it is refused.
struct KubeconfigReader {
    let cluster: KubeconfigEntry
    let user: KubeconfigEntry
    let environment: [String: String]

    func connection() throws(ConnectionError) -> KubernetesConnection {
        if cluster.value["insecure-skip-tls-verify"]?.bool == true {
            throw cluster.problem(
                "`insecure-skip-tls-verify` turns off the check of the server's certificate; give "
                    + "certificate-authority-data instead")
        }
        if let key = ["as", "as-uid", "as-groups", "as-user-extra"].first(where: { !Self.isEmpty(user.value[$0]) }) {
            throw user.problem("`\(key)` acts as somebody else, which is not supported; remove it")
        }
        var connection = KubernetesConnection(server: try server(), credential: try credential())
        (connection.tls, connection.tlsFiles) = try tls()
        connection.proxy = try proxy()
        return connection
    }

    private static func isEmpty(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null, "", [], [:]: true
        default: false
        }
    }

    private func server() throws(ConnectionError) -> String {
        guard let server = try cluster.text("server") else {
            throw cluster.problem("it has no server URL; set `server` to https://HOST:PORT")
        }
        let plain = Self.withoutPassword(server)
        guard let url = URL(string: plain), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            plain.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), url.query() == nil, url.fragment() == nil
        else { throw cluster.problem("`server` is no server URL; it must look like https://HOST:PORT") }
        return plain
    }

    /// The address ends up in sentences, a password in it must not.
    private static func withoutPassword(_ server: String) -> String {
        guard let scheme = server.range(of: "://") else { return server }
        let authority = server[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return server }
        return String(server[..<scheme.upperBound] + server[server.index(after: at)...])
    }

    private func proxy() throws(ConnectionError) -> String? {
        guard let proxy = try cluster.text("proxy-url") else { return nil }
        guard let url = URL(string: proxy), ["http", "https", "socks5", "socks5h"].contains(url.scheme),
            url.host()?.isEmpty == false, proxy.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw cluster.problem(
                "`proxy-url` must look like http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT")
        }
        return proxy
    }

    // MARK: - Trust and identity

    private func tls() throws(ConnectionError) -> (HTTPClientTLS?, KubernetesConnection.TLSFiles) {
        let authority = try cluster.pem("certificate-authority")
        let certificate = try user.pem("client-certificate")
        let key = try user.pem("client-key")
        guard (certificate == nil) == (key == nil) else {
            throw user.problem("it has only one of client-certificate and client-key; both are needed")
        }
        for (entry, name, part) in [
            (cluster, "certificate-authority", authority), (user, "client-certificate", certificate),
        ] where part?.text.contains("-----BEGIN ") == false {
            throw entry.problem("`\(name)` holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
        }
        let serverName = try cluster.text("tls-server-name")
        if let serverName, !serverName.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"/:@?#".utf8.contains($0) }) {
            throw cluster.problem("`tls-server-name` must be a host name")
        }
        let files = KubernetesConnection.TLSFiles(
            authority: authority?.path, certificate: certificate?.path, key: key?.path)
        guard authority != nil || certificate != nil || serverName != nil else { return (nil, files) }
        return (
            HTTPClientTLS(
                authoritiesPEM: authority?.text, certificatePEM: certificate?.text, keyPEM: key?.text,
                serverName: serverName), files
        )
    }

    /// In kubectl's order: what is written down wins over a program.
    private func credential() throws(ConnectionError) -> KubernetesConnection.Credential {
        if let file = try user.text("tokenFile") { return .tokenFile(user.resolve(file)) }
        if let token = try user.text("token") {
            let trimmed = token.trimmingCharacters(in: .whitespacesAndNewlines)
            guard trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw user.problem("`token` contains blanks or characters that no token has; copy it again")
            }
            return .token(trimmed)
        }
        if let exec = user.value["exec"], !exec.isNull {
            return .exec(try ExecPlugin(exec, user: user, cluster: cluster, environment: environment))
        }
        if let provider = user.value["auth-provider"], !provider.isNull {
            let successor = Self.successor(of: provider["name"]?.string)
            throw user.problem("`auth-provider` is gone from Kubernetes; \(successor)")
        }
        let (name, password) = (try user.text("username"), try user.text("password"))
        if name != nil || password != nil {
            throw user.problem(
                "`username` and `password` are no longer taken by Kubernetes; give it a token (`kubectl create token`)")
        }
        return .none
    }

    private static func successor(of provider: String?) -> String {
        switch provider {
        case "gcp": "install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials` again"
        case "azure": "install kubelogin and run `kubelogin convert-kubeconfig`"
        default: "give it a token (`kubectl create token`) or an `exec` plugin"
        }
    }
}
