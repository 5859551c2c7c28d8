import Crypto

/// A private key as NATS writes it: Ed25519, with letters in front that say what it is for
/// (https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth).
package struct NKey: Sendable, Equatable {
    /// The values are what stands before a public key, and make its first letter.
    package enum Kind: UInt8, Sendable, CaseIterable {
        case `operator` = 112  // 14 << 3, "O"
        case account = 0  // "A"
        case user = 160  // 20 << 3, "U"
    }

    private static let seedPrefix: UInt8 = 18 << 3  // "S"

    package let kind: Kind
    package let key: Ed25519Key

    /// - Returns: nil unless there are 32 bytes.
    package init?(_ kind: Kind, seed: [UInt8]) {
        guard let key = Ed25519Key(seed: seed) else { return nil }
        self.kind = kind
        self.key = key
    }

    /// - Parameter seedText: as in `SUAIO3FH…`: 58 characters.
    /// - Returns: nil when it is none, or none of these kinds.
    package init?(seedText: String) {
        // Five bits of the kind follow the three that "S" leaves in the first byte.
        guard let bytes = Self.checked(seedText), bytes.count == 2 + Ed25519Key.seedBytes,
            bytes[0] & 0xf8 == Self.seedPrefix,
            let kind = Kind(rawValue: (bytes[0] & 7) << 5 | (bytes[1] & 0xf8) >> 3)
        else { return nil }
        self.init(kind, seed: Array(bytes.dropFirst(2)))
    }

    /// Secret.
    package var seedText: String {
        Self.text([Self.seedPrefix | kind.rawValue >> 5, (kind.rawValue & 31) << 3] + key.seed)
    }

    /// As in `UD2FLLGF…`: 56 characters.
    package var publicText: String { Self.text([kind.rawValue] + key.publicKey) }

    /// - Returns: nil when the text is no public key of that kind.
    package static func publicKey(_ text: String, of kind: Kind) -> [UInt8]? {
        guard let bytes = checked(text), bytes.count == 1 + Ed25519Key.publicKeyBytes, bytes[0] == kind.rawValue
        else { return nil }
        return Array(bytes.dropFirst())
    }

    // MARK: Text

    private static func text(_ bytes: [UInt8]) -> String {
        let sum = checkSum(bytes)
        return Base32.text(bytes + [UInt8(sum & 0xff), UInt8(sum >> 8)])
    }

    private static func checked(_ text: String) -> [UInt8]? {
        guard let bytes = Base32.bytes(text), bytes.count > 2 else { return nil }
        let content = Array(bytes.dropLast(2))
        let sum = checkSum(content)
        return Array(bytes.suffix(2)) == [UInt8(sum & 0xff), UInt8(sum >> 8)] ? content : nil
    }

    /// CRC-16/XMODEM: polynomial 0x1021, beginning with zero.
    private static func checkSum(_ bytes: [UInt8]) -> UInt16 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ UInt16(byte) << 8) { sum, _ in
                sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021
            }
        }
    }
}

extension NKey: CustomStringConvertible {
    /// Without the seed, which must not get into messages.
    package var description: String { publicText }
}
