import COpenSSL

/// 32 bytes (FIPS 180-4).
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(bytes, bytes.count, &result)
    return result
}

/// In time that depends on the lengths only.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// From the operating system's generator; fit for keys and tokens.
package func randomBytes(_ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    // Only fails when the system has no randomness at all; going on would make keys that can be guessed.
    precondition(RAND_bytes(&result, Int32(count)) == 1, "the system's random number generator failed")
    return result
}
