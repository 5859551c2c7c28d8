/// Why there is no TLS with a server. Reasons are OpenSSL's words, and hold nothing secret.
package enum TLSError: Error, Sendable, Equatable {
    /// The text with authorities holds no certificate.
    case noAuthorities
    /// The server's certificate is signed by nobody who is trusted, is too old, or is another one's.
    case untrusted(reason: String)
    case failed(reason: String)
}
