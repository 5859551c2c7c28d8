import JSON

/// Sentences about certificates, for developers and for those who run the cluster.
enum CertificateWords {
    /// Why a Certificate could not be asked for, and what to do about it.
    static func remark(_ error: KubernetesError, _ certificate: JSON) -> String {
        let name = certificate.at("metadata", "name")?.string ?? ""
        switch error {
        case .notFound:
            return "The cluster does not know Certificates, so nothing is served over HTTPS; install cert-manager."
        case .cancelled: return "The certificate \(name) was not asked for; deploy again to ask for it."
        default: return "The certificate \(name) could not be asked for. \(error.sentence)"
        }
    }
}
