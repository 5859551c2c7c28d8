import COpenSSL

/// A private Ed25519 key (RFC 8032, section 5.1): signatures of 64 bytes, the same for the same text.
package struct Ed25519Key: Sendable, Equatable {
    package static let seedBytes = 32
    package static let publicKeyBytes = 32
    package static let signatureBytes = 64

    /// What the RFC calls the private key.
    package let seed: [UInt8]
    package let publicKey: [UInt8]

    /// - Returns: nil unless the seed has `seedBytes`.
    package init?(seed: [UInt8]) {
        guard seed.count == Self.seedBytes else { return nil }
        self.seed = seed
        publicKey = Self.withKey(seed) { key in
            var bytes = [UInt8](repeating: 0, count: Self.publicKeyBytes)
            var length = bytes.count
            precondition(EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, "OpenSSL offers no Ed25519")
            return bytes
        }
    }

    package func sign(_ bytes: [UInt8]) -> [UInt8] {
        Self.withKey(seed) { key in
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: Self.signatureBytes)
            var length = signature.count
            let isDone = EVP_DigestSignInit(context, nil, nil, nil, key) == 1
                && EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1
            // Any seed is a good key; what is left is memory that runs out.
            precondition(isDone && length == signature.count, "OpenSSL could not sign")
            return signature
        }
    }

    /// Whether the owner of a public key has signed. False for a key or a signature of another length.
    package static func verifies(_ signature: [UInt8], of bytes: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard publicKey.count == publicKeyBytes,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        let context = EVP_MD_CTX_new()
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
            // Why a signature is wrong stays in a list of this thread, for whoever asks next.
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    private static func withKey<Result>(_ seed: [UInt8], _ body: (OpaquePointer) -> Result) -> Result {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            preconditionFailure("OpenSSL offers no Ed25519")
        }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }
}
