import COpenSSL

/// Why an encrypted message can't be opened.
package enum HPKEError: Error, Sendable, Equatable {
    /// What should be the sender's key is no point of the curve.
    case invalidKey
    /// Made for another key, for another `info` or `aad`, or changed since.
    case refused
}

/// Hybrid public-key encryption (RFC 9180) in its base mode, one message per key agreement, of DHKEM(P-256,
/// HKDF-SHA256), HKDF-SHA256 and AES-128-GCM: what browsers can do as well (appendix A.3).
package enum HPKE {
    /// A message for whoever has the private key.
    package struct Sealed: Sendable, Equatable {
        /// 65 bytes
        package let encapsulatedKey: [UInt8]
        /// `tagBytes` more than the plain text has.
        package let ciphertext: [UInt8]

        package init(encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
            self.encapsulatedKey = encapsulatedKey
            self.ciphertext = ciphertext
        }
    }

    package static let tagBytes = 16
    static let keyBytes = 16
    static let nonceBytes = 12

    /// - Parameters:
    ///   - info: what the message is for; whoever opens it must say the same.
    ///   - aad: likewise.
    package static func seal(
        _ plain: [UInt8], to recipient: P256PublicKey, info: [UInt8], aad: [UInt8] = []
    ) -> Sealed {
        seal(plain, to: recipient, info: info, aad: aad, ephemeral: P256PrivateKey())
    }

    /// - Parameter ephemeral: used for this one message.
    static func seal(
        _ plain: [UInt8], to recipient: P256PublicKey, info: [UInt8], aad: [UInt8], ephemeral: P256PrivateKey
    ) -> Sealed {
        let encapsulated = ephemeral.publicKey.bytes
        // Both keys are good ones; what is left is memory that runs out.
        guard var secret = sharedSecret(ephemeral, recipient, encapsulated, recipient.bytes) else {
            preconditionFailure("OpenSSL could not agree on a key")
        }
        var schedule = KeySchedule(sharedSecret: secret, info: info)
        defer {
            wipe(&secret)
            schedule.wipe()
        }
        return Sealed(
            encapsulatedKey: encapsulated,
            ciphertext: AES128GCM.seal(plain, key: schedule.key, nonce: schedule.nonce, aad: aad))
    }

    package static func open(
        _ sealed: Sealed, with key: P256PrivateKey, info: [UInt8], aad: [UInt8] = []
    ) throws(HPKEError) -> [UInt8] {
        guard let sender = P256PublicKey(bytes: sealed.encapsulatedKey),
            var secret = sharedSecret(key, sender, sealed.encapsulatedKey, key.publicKey.bytes)
        else { throw .invalidKey }
        var schedule = KeySchedule(sharedSecret: secret, info: info)
        defer {
            wipe(&secret)
            schedule.wipe()
        }
        let plain = AES128GCM.open(sealed.ciphertext, key: schedule.key, nonce: schedule.nonce, aad: aad)
        guard let plain else { throw .refused }
        return plain
    }

    /// Encap and Decap (section 4.1).
    private static func sharedSecret(
        _ own: P256PrivateKey, _ other: P256PublicKey, _ encapsulated: [UInt8], _ recipient: [UInt8]
    ) -> [UInt8]? {
        guard var agreed = own.sharedSecret(with: other) else { return nil }
        var key = LabeledHKDF.kem.extract(salt: [], "eae_prk", agreed)
        defer {
            wipe(&agreed)
            wipe(&key)
        }
        return LabeledHKDF.kem.expand(key, "shared_secret", encapsulated + recipient, count: 32)
    }
}

/// KeySchedule of the base mode, with neither a shared key nor its id (RFC 9180, section 5.1). There is one message per
/// schedule, so the nonce is the first one.
struct KeySchedule {
    private(set) var key: [UInt8]
    private(set) var nonce: [UInt8]
    private static let baseMode: UInt8 = 0

    init(sharedSecret: [UInt8], info: [UInt8]) {
        let suite = LabeledHKDF.suite
        let context = [Self.baseMode] + suite.extract(salt: [], "psk_id_hash", [])
            + suite.extract(salt: [], "info_hash", info)
        var secret = suite.extract(salt: sharedSecret, "secret", [])
        defer { Crypto.wipe(&secret) }
        key = suite.expand(secret, "key", context, count: HPKE.keyBytes)
        nonce = suite.expand(secret, "base_nonce", context, count: HPKE.nonceBytes)
    }

    mutating func wipe() {
        Crypto.wipe(&key)
        Crypto.wipe(&nonce)
    }
}

/// LabeledExtract and LabeledExpand (RFC 9180, section 4) over HKDF with SHA-256 (RFC 5869).
struct LabeledHKDF {
    private let suiteID: [UInt8]

    /// Ids as two bytes each, most significant first (section 7): DHKEM(P-256, HKDF-SHA256) is 0x0010.
    static let kem = LabeledHKDF(suiteID: Array("KEM".utf8) + [0x00, 0x10])
    /// With HKDF-SHA256, 0x0001, and AES-128-GCM, 0x0001.
    static let suite = LabeledHKDF(suiteID: Array("HPKE".utf8) + [0x00, 0x10, 0x00, 0x01, 0x00, 0x01])

    private static let version = Array("HPKE-v1".utf8)
    private static let maxCount = 32

    func extract(salt: [UInt8], _ label: String, _ material: [UInt8]) -> [UInt8] {
        HMACKey(salt).authenticate(Self.version, suiteID, Array(label.utf8), material)
    }

    /// - Parameter count: of bytes; one block of SHA-256 is enough for all that is asked for here.
    func expand(_ key: [UInt8], _ label: String, _ info: [UInt8], count: Int) -> [UInt8] {
        precondition(count <= Self.maxCount)
        let length = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
        let block = HMACKey(key).authenticate(length, Self.version, suiteID, Array(label.utf8), info, [1])
        return Array(block.prefix(count))
    }
}
