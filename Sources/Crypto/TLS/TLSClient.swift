import COpenSSL

/// The client's side of one TLS connection (1.2 or newer), without the connection: bytes of the network are handed in
/// and fetched. For one thread at a time.
package final class TLSClient {
    /// Fetched at once; TLS records are no longer (RFC 8446, section 5.1).
    private static let maxRecordBytes = 16 << 10
    private let session: OpaquePointer
    /// Owned by the session.
    private let fromNetwork: OpaquePointer
    private let toNetwork: OpaquePointer
    /// Whether the other side has said that nothing more comes.
    package private(set) var isEnded = false

    /// - Parameters:
    ///   - host: name or IP address that the server's certificate must be for.
    ///   - authoritiesPEM: certificates to trust instead of the system's; nil keeps the system's.
    package init(host: String, authoritiesPEM: String? = nil) throws(TLSError) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .failed(reason: Self.reason()) }
        defer { SSL_CTX_free(context) }
        // As SSL_CTX_set_min_proto_version does, which is a macro.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        if let authoritiesPEM {
            guard Self.trust(authoritiesPEM, in: context) > 0 else { throw .noAuthorities }
        } else {
            SSL_CTX_set_default_verify_paths(context)
        }
        guard let session = SSL_new(context), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else { preconditionFailure("no memory for a TLS session") }
        (self.session, fromNetwork, toNetwork) = (session, input, output)
        SSL_set_bio(session, input, output)
        SSL_set_connect_state(session)
        expect(host)
    }

    deinit { SSL_free(session) }

    // MARK: The network's side

    package func receive(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let taken = rest.withUnsafeBytes { BIO_write(fromNetwork, $0.baseAddress, Int32(clamping: $0.count)) }
            precondition(taken > 0, "no memory for what the network brings")
            rest = rest.dropFirst(Int(taken))
        }
    }

    /// What is to be sent, also after `handshake` and `read`; empty when there is nothing.
    package func output() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(toNetwork))
        guard !bytes.isEmpty else { return [] }
        let count = BIO_read(toNetwork, &bytes, Int32(clamping: bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    // MARK: Our side

    /// - Returns: false when more must come from the network first.
    package func handshake() throws(TLSError) -> Bool {
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return true }
        try failUnlessMoreIsNeeded(result)
        return false
    }

    /// Only after the handshake.
    package func write(_ bytes: [UInt8]) throws(TLSError) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        var count = 0
        let result = SSL_write_ex(session, bytes, bytes.count, &count)
        if result != 1 { try failUnlessMoreIsNeeded(result) }
        guard count == bytes.count else { throw .failed(reason: "the server asked for another handshake") }
    }

    /// All that can be read of what came; empty when there is nothing.
    package func read() throws(TLSError) -> [UInt8] {
        var clear: [UInt8] = []
        var record = [UInt8](repeating: 0, count: Self.maxRecordBytes)
        while !isEnded {
            ERR_clear_error()
            var count = 0
            let result = SSL_read_ex(session, &record, record.count, &count)
            guard result == 1 else {
                try failUnlessMoreIsNeeded(result)
                break
            }
            clear += record.prefix(count)
        }
        return clear
    }

    private func failUnlessMoreIsNeeded(_ result: Int32) throws(TLSError) {
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        case SSL_ERROR_ZERO_RETURN: isEnded = true
        default:
            let verdict = SSL_get_verify_result(session)
            guard verdict == X509_V_OK else {
                ERR_clear_error()
                throw .untrusted(reason: String(cString: X509_verify_cert_error_string(verdict)))
            }
            throw .failed(reason: Self.reason())
        }
    }

    // MARK: Trust

    private func expect(_ host: String) {
        // An address is no name: it is neither sent in the handshake (RFC 6066, section 3) nor compared with names.
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return }
        ERR_clear_error()
        precondition(SSL_set1_host(session, host) == 1, "no memory for a host's name")
        // As SSL_set_tlsext_host_name does, which is a macro.
        _ = host.withCString {
            SSL_ctrl(
                session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name),
                UnsafeMutablePointer(mutating: $0))
        }
    }

    /// - Returns: how many certificates are trusted now.
    private static func trust(_ pem: String, in context: OpaquePointer) -> Int {
        let bytes = Array(pem.utf8)
        return bytes.withUnsafeBytes { buffer in
            guard let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)) else { return 0 }
            defer {
                BIO_free(bio)
                // At the end of the text, "no more" is an error, too.
                ERR_clear_error()
            }
            var count = 0
            while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) {
                if X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1 { count += 1 }
                X509_free(certificate)
            }
            return count
        }
    }

    private static func reason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return "the connection was closed" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
