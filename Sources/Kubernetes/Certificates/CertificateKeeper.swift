import Deploys
import JSON

/// Asks cert-manager for the certificates of releases, and keeps what is there already.
///
/// Nothing that happens here fails a deploy: what cannot be asked for is told, and asked for later.
package actor CertificateKeeper {
    private let client: KubernetesClient

    package init(_ client: KubernetesClient) {
        self.client = client
    }

    /// Applies the Certificates of one namespace's plan.
    /// - Returns: sentences about what could not be asked for.
    func keep(_ certificates: [JSON], in namespace: String) async -> [String] {
        var remarks: [String] = []
        for certificate in certificates {
            do throws(KubernetesError) {
                _ = try await client.apply(certificate)
            } catch {
                let remark = CertificateWords.remark(error, certificate)
                if !remarks.contains(remark) { remarks.append(remark) }
            }
        }
        return remarks
    }
}
