import Crypto

/// Certificates of the authorities by which certificates of the operator's servers are judged.
package enum Authorities {
    /// Those that Debian trusts, and so the image of this program: its package `ca-certificates` writes that file.
    package static let systemFile = "/etc/ssl/certs/ca-certificates.crt"

    /// Whether there is one in a text of PEM form.
    package static func areIn(_ pem: String) -> Bool {
        (try? TLSClient(host: "localhost", authoritiesPEM: pem)) != nil
    }
}
