/// Trust and identity of TLS connections, as PEM texts held in memory (CURLOPT_CAINFO_BLOB,
/// CURLOPT_SSLCERT_BLOB, CURLOPT_SSLKEY_BLOB): a private API server has its own authority, and may
/// want to see a certificate.
package struct HTTPClientTLS: Sendable, Hashable {
    /// Certificates to trust instead of the system's; nil keeps the system's.
    package var authoritiesPEM: String?
    /// Our certificate with its chain; nil sends none. Needs `keyPEM`.
    package var certificatePEM: String?
    package var keyPEM: String?
    /// Whose certificate is expected, and the name of the server in the handshake (RFC 6066, section 3); nil for the
    /// URL's host.
    package var serverName: String?

    package init(
        authoritiesPEM: String? = nil, certificatePEM: String? = nil, keyPEM: String? = nil,
        serverName: String? = nil
    ) {
        self.authoritiesPEM = authoritiesPEM
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
        self.serverName = serverName
    }
}
