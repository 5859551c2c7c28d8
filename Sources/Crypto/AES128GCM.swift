import COpenSSL

/// AES-128 in Galois/Counter mode, with a nonce of 12 and a tag of 16 bytes at the end (RFC 5116, section 5.1).
enum AES128GCM {
    static func seal(_ plain: [UInt8], key: [UInt8], nonce: [UInt8], aad: [UInt8]) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var result = [UInt8](repeating: 0, count: plain.count)
        var tag = [UInt8](repeating: 0, count: HPKE.tagBytes)
        var count: Int32 = 0
        let isDone = EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1
            && (aad.isEmpty || EVP_EncryptUpdate(context, nil, &count, aad, Int32(aad.count)) == 1)
            && (plain.isEmpty || EVP_EncryptUpdate(context, &result, &count, plain, Int32(plain.count)) == 1)
            && EVP_EncryptFinal_ex(context, &tag, &count) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
        // Only when memory runs out. Going on would give the plain text away.
        precondition(isDone, "OpenSSL could not encrypt")
        return result + tag
    }

    /// Nil for what was not sealed with the same key, nonce and aad.
    static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8], aad: [UInt8]) -> [UInt8]? {
        guard sealed.count >= HPKE.tagBytes else { return nil }
        let cipher = Array(sealed.dropLast(HPKE.tagBytes))
        var tag = Array(sealed.suffix(HPKE.tagBytes))
        let context = EVP_CIPHER_CTX_new()
        defer {
            EVP_CIPHER_CTX_free(context)
            ERR_clear_error()
        }
        var result = [UInt8](repeating: 0, count: cipher.count)
        var count: Int32 = 0
        var rest = [UInt8](repeating: 0, count: HPKE.tagBytes)
        let isReady = EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
            && (aad.isEmpty || EVP_DecryptUpdate(context, nil, &count, aad, Int32(aad.count)) == 1)
            && (cipher.isEmpty || EVP_DecryptUpdate(context, &result, &count, cipher, Int32(cipher.count)) == 1)
        guard isReady, EVP_DecryptFinal_ex(context, &rest, &count) == 1 else {
            wipe(&result)
            return nil
        }
        return result
    }
}
