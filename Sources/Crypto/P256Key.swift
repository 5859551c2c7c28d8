import COpenSSL

/// What is wrong with a text that should be a key of P-256. Holds nothing of the key.
package enum P256KeyError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPrivateKey
    case noPublicKey
    case encrypted
    /// It is a key, and of another kind.
    case notP256

    package var description: String {
        switch self {
        case .noPrivateKey: "it holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"
        case .noPublicKey: "it holds no public key in PEM form (-----BEGIN PUBLIC KEY-----)"
        case .encrypted: "its key is encrypted with a password; an unencrypted one is needed"
        case .notP256: "its key is none of the curve P-256"
        }
    }
}

/// A private key of the curve P-256 (NIST SP 800-186, section 3.2.1.3), for key agreement.
package final class P256PrivateKey: Sendable {
    private let key: P256Key
    package let publicKey: P256PublicKey

    /// A new one, from the operating system's randomness.
    package init() {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil), EVP_PKEY_keygen_init(context) == 1 else {
            preconditionFailure("OpenSSL offers no elliptic curves")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var handle: OpaquePointer?
        let isMade = EVP_PKEY_CTX_set_group_name(context, P256Key.group) == 1
            && EVP_PKEY_generate(context, &handle) == 1
        guard isMade, let handle, let key = P256Key(handle), let point = key.point else {
            preconditionFailure("OpenSSL could not make a key of P-256")
        }
        self.key = key
        publicKey = P256PublicKey(key, point)
    }

    /// - Parameter pem: PKCS#8 (`PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`), unencrypted.
    package init(pem: String) throws(P256KeyError) {
        let handle = PEM.read(pem) { bio in
            // Without an answer of ours, OpenSSL would ask a terminal for the password.
            PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let handle else { throw pem.contains("ENCRYPTED") ? .encrypted : .noPrivateKey }
        guard let key = P256Key(handle), let point = key.point else { throw .notP256 }
        self.key = key
        publicKey = P256PublicKey(key, point)
    }

    /// PKCS#8, unencrypted (RFC 5958).
    package var pem: String {
        PEM.write { PEM_write_bio_PKCS8PrivateKey($0, key.handle, nil, nil, 0, nil, nil) }
    }

    /// The x-coordinate of what the two keys agree on, 32 bytes (RFC 9180, section 4.1).
    func sharedSecret(with other: P256PublicKey) -> [UInt8]? {
        let context = EVP_PKEY_CTX_new_from_pkey(nil, key.handle, nil)
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        var result = [UInt8](repeating: 0, count: P256Key.coordinateBytes)
        var length = result.count
        let isDone = EVP_PKEY_derive_init(context) == 1
            && EVP_PKEY_derive_set_peer(context, other.key.handle) == 1
            && EVP_PKEY_derive(context, &result, &length) == 1
        return isDone && length == result.count ? result : nil
    }
}

/// A public key of P-256.
package final class P256PublicKey: Sendable, Equatable {
    fileprivate let key: P256Key
    /// The point, uncompressed: 4, then both coordinates (SEC 1, section 2.3.3). 65 bytes.
    package let bytes: [UInt8]

    package static let byteCount = 1 + 2 * P256Key.coordinateBytes

    fileprivate init(_ key: P256Key, _ bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    /// - Parameter pem: `-----BEGIN PUBLIC KEY-----` (RFC 7468, section 13).
    package init(pem: String) throws(P256KeyError) {
        guard let handle = PEM.read(pem, with: { PEM_read_bio_PUBKEY($0, nil, nil, nil) }) else {
            throw .noPublicKey
        }
        guard let key = P256Key(handle), let point = key.point else { throw .notP256 }
        self.key = key
        bytes = point
    }

    /// Nil for bytes that are no point of the curve (SEC 1, section 2.3.4).
    init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes[0] == 4, let key = P256Key(point: bytes) else { return nil }
        self.key = key
        self.bytes = bytes
    }

    package var pem: String { PEM.write { PEM_write_bio_PUBKEY($0, key.handle) } }

    package static func == (left: P256PublicKey, right: P256PublicKey) -> Bool { left.bytes == right.bytes }
}

/// A key of the curve, private or public.
private struct P256Key: Sendable {
    static let group = "prime256v1"
    static let coordinateBytes = 32
    private let key: KeyHandle
    var handle: OpaquePointer { key.pointer }

    /// - Parameter handle: is this object's from now on.
    /// - Returns: nil for a key of another kind.
    init?(_ handle: OpaquePointer) {
        key = KeyHandle(handle)
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        let isP256 = EVP_PKEY_is_a(handle, "EC") == 1
            && EVP_PKEY_get_group_name(handle, &name, name.count, &length) == 1
            && name.prefix(length).elementsEqual(Self.group.utf8.map(CChar.init))
            // A file may hold it in another form, in which it would be given out.
            && EVP_PKEY_set_utf8_string_param(handle, "point-format", "uncompressed") == 1
        ERR_clear_error()
        if !isP256 { return nil }
    }

    /// A public key.
    init?(point: [UInt8]) {
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        var made: OpaquePointer?
        var point = point
        let isMade = "group".withCString { groupName in
            Self.group.withCString { group in
                "pub".withCString { pointName in
                    point.withUnsafeMutableBytes { point in
                        var parameters = [
                            OSSL_PARAM_construct_utf8_string(groupName, UnsafeMutablePointer(mutating: group), 0),
                            OSSL_PARAM_construct_octet_string(pointName, point.baseAddress, point.count),
                            OSSL_PARAM_construct_end(),
                        ]
                        return EVP_PKEY_fromdata_init(context) == 1
                            && EVP_PKEY_fromdata(context, &made, Self.publicPart, &parameters) == 1
                    }
                }
            }
        }
        guard isMade, let made else { return nil }
        key = KeyHandle(made)
    }

    /// EVP_PKEY_PUBLIC_KEY, which is too much of a macro for Swift (evp.h).
    private static let publicPart = OSSL_KEYMGMT_SELECT_PUBLIC_KEY | OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS
        | OSSL_KEYMGMT_SELECT_OTHER_PARAMETERS

    var point: [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = EVP_PKEY_get1_encoded_public_key(handle, &bytes)
        defer { CRYPTO_free(bytes, #file, #line) }
        guard let bytes, count == P256PublicKey.byteCount else { return nil }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
