import Foundation
import HTTP

/// Where a connection was described, so that a sentence about it can say what to change.
package enum ConnectionOrigin: Sendable, Equatable {
    case unnamed
    /// - `file`: the one of several that has the entry.
    case kubeconfig(KubeconfigSource, file: String, cluster: String, user: String)
    /// The folder with the ServiceAccount's files.
    case pod(directory: String)

    var user: String {
        switch self {
        case .unnamed: "the bot"
        case .kubeconfig(_, let file, _, let user) where user.isEmpty:
            "the context in the kubeconfig \(file) (KUBECONFIG)"
        case .kubeconfig(_, let file, _, let user): "user “\(user)” in the kubeconfig \(file) (KUBECONFIG)"
        case .pod: "the pod's ServiceAccount"
        }
    }

    var cluster: String {
        switch self {
        case .unnamed: "the cluster"
        case .kubeconfig(_, let file, let cluster, _): "cluster “\(cluster)” in the kubeconfig \(file) (KUBECONFIG)"
        case .pod(let directory): "the cluster in \(directory)/ca.crt"
        }
    }
}

extension KubernetesConnection {
    /// What to do after a 401.
    /// - Parameter now: by this machine's clock, to tell what has expired.
    func adviceWhenRefused(token: String?, tls: HTTPClientTLS?, now: Date) -> String {
        let who = origin.user
        if case .exec(let plugin) = credential {
            return "check the account that “\(plugin.name)” logs in with for \(who)"
        }
        if let token {
            let source = if case .tokenFile(let path) = credential { "in \(path) of \(who)" } else { "of \(who)" }
            if let end = TokenExpiry.of(token), end <= now {
                return "the token \(source) expired at \(Self.text(end)) (it is \(Self.text(now)) now); \(renewal)"
            }
            return "the token \(source) is unknown or revoked; \(renewal)"
        }
        if let certificate = tls?.certificatePEM {
            if let end = CertificateExpiry.of(certificate), end <= now {
                return "the client certificate of \(who) expired at \(Self.text(end)) (it is \(Self.text(now)) now); "
                    + "renew it"
            }
            return "renew the client certificate of \(who), or have its authority accepted by the cluster"
        }
        return "there are none for \(who); give it a token (`kubectl create token`) or a client certificate"
    }

    private var renewal: String {
        switch origin {
        case .pod: "see that the ServiceAccount still exists"
        default: "write a new one there (`kubectl create token`)"
        }
    }

    /// What it means that the connection cannot be trusted, and what to do.
    /// - Parameter reason: OpenSSL's or libcurl's words.
    func adviceWhenUntrusted(_ reason: String, now: Date) -> String {
        let words = reason.lowercased()
        func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
        if says("private key", "client certificate", "could not load pem") {
            return "\(reason); check client-certificate and client-key of \(origin.user)"
        }
        if says("has expired", "not yet valid") {
            return "\(reason); renew the server's certificate, or set this machine's clock (it says \(Self.text(now)))"
        }
        if says("subject name", "does not match", "hostname mismatch", "ip address mismatch") {
            return "\(reason); correct the server of \(origin.cluster), or name the certificate's host in its "
                + "tls-server-name"
        }
        let place = tls?.authoritiesPEM == nil ? "give the server's authority as" : "take from the cluster anew the"
        return "\(reason); \(place) certificate-authority-data of \(origin.cluster)"
    }

    /// Whether a broken connection was broken because of our certificate: TLS 1.3 servers say so after the handshake.
    static func isRefusalOfCertificate(_ reason: String) -> Bool {
        reason.contains("alert") && ["certificate", "unknown ca"].contains { reason.contains($0) }
    }

    private static func text(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle()) }
}
