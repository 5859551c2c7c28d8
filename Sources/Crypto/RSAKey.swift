import COpenSSL

/// What is wrong with a text that should be an RSA key. Holds nothing of the key.
package enum RSAKeyError: Error, Sendable, Equatable, CustomStringConvertible {
    case noKey
    case encrypted
    case notRSA
    case tooShort(bits: Int)

    package var description: String {
        switch self {
        case .noKey: "it holds no private key in PEM form (-----BEGIN RSA PRIVATE KEY----- or PRIVATE KEY)"
        case .encrypted: "its key is encrypted with a password; an unencrypted one is needed"
        case .notRSA: "its key is no RSA key"
        case .tooShort(let bits): "its key has \(bits) bits; at least \(RSASigningKey.minBits) are needed"
        }
    }
}

/// A private RSA key that signs with RSASSA-PKCS1-v1_5 and SHA-256 (RFC 8017, section 8.2; `RS256` in RFC
/// 7518).
package final class RSASigningKey: Sendable {
    package static let minBits = 2_048
    private let key: RSAKey

    /// - Parameter pem: PKCS#1 (`RSA PRIVATE KEY`) or PKCS#8 (`PRIVATE KEY`), unencrypted.
    package init(pem: String) throws(RSAKeyError) {
        let read = RSAKey(pem) { bio in
            // Without an answer of ours, OpenSSL would ask a terminal for the password.
            PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let read else { throw pem.contains("ENCRYPTED") ? .encrypted : .noKey }
        guard read.isRSA else { throw .notRSA }
        guard read.bits >= Self.minBits else { throw .tooShort(bits: read.bits) }
        key = read
    }

    /// As many bytes as the key has.
    package func sign(_ bytes: [UInt8]) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var length = 0
        var isDone = EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key.handle) == 1
            && EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1
        var signature = [UInt8](repeating: 0, count: length)
        isDone = isDone && EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1
        // The key is a good one; what is left is memory that runs out.
        precondition(isDone, "OpenSSL could not sign")
        return Array(signature.prefix(length))
    }
}

/// Verifies what the private key has signed.
package final class RSAPublicKey: Sendable {
    private let key: RSAKey

    /// - Parameter pem: `-----BEGIN PUBLIC KEY-----` (RFC 7468, section 13).
    package init(pem: String) throws(RSAKeyError) {
        guard let read = RSAKey(pem, with: { PEM_read_bio_PUBKEY($0, nil, nil, nil) }) else { throw .noKey }
        guard read.isRSA else { throw .notRSA }
        key = read
    }

    package func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        let context = EVP_MD_CTX_new()
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key.handle) == 1
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }
}

/// A key of any size, private or public; perhaps of another kind.
private struct RSAKey: Sendable {
    private let key: KeyHandle
    var handle: OpaquePointer { key.pointer }

    init?(_ pem: String, with read: (OpaquePointer) -> OpaquePointer?) {
        guard let handle = PEM.read(pem, with: read) else { return nil }
        key = KeyHandle(handle)
    }

    var isRSA: Bool { EVP_PKEY_is_a(handle, "RSA") == 1 }
    var bits: Int { Int(EVP_PKEY_get_bits(handle)) }
}
