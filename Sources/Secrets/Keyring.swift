import Crypto
import Foundation

/// What is wrong with the text of a keyring. Holds nothing of its keys.
package enum KeyringError: Error, Sendable, Equatable {
    /// It is empty, or has no keys but other text.
    case noKeys
    case tooLarge
    case tooManyKeys
    /// Counted from 1.
    case badKey(number: Int, P256KeyError)
    /// Its end is missing.
    case cutShort(number: Int)
    case twice(KeyID)

    package var sentence: String {
        switch self {
        case .noKeys: "there is no private key in it (-----BEGIN PRIVATE KEY-----)"
        case .tooLarge: "it is larger than \(Keyring.maxTextBytes) bytes, the most that is read"
        case .tooManyKeys: "it has more than \(Keyring.maxKeys) keys, the most that are used"
        case .badKey(let number, let error): "key \(number) of it can't be used: \(error)"
        case .cutShort(let number): "key \(number) of it has no end (-----END PRIVATE KEY-----)"
        case .twice(let id): "the key \(id) is in it twice"
        }
    }
}

/// The keys of one installation. The first one is what is encrypted for; all of them open.
///
/// As text, they are private keys in PEM (RFC 7468) one after the other, the newest first. Other lines between them are
/// remarks.
package struct Keyring: Sendable {
    package struct Key: Sendable {
        package let id: KeyID
        let key: P256PrivateKey

        init(_ key: P256PrivateKey) {
            self.key = key
            id = KeyID(key.publicKey)
        }

        package var publicKey: P256PublicKey { key.publicKey }
    }

    package static let maxKeys = 100
    package static let maxTextBytes = 1 << 20

    /// The newest first; empty before there is one.
    package let keys: [Key]

    package static let empty = Keyring(keys: [])

    private init(keys: [Key]) { self.keys = keys }

    package init(text: String) throws(KeyringError) {
        guard text.utf8.count <= Self.maxTextBytes else { throw .tooLarge }
        var keys: [Key] = []
        for (index, block) in try Self.blocks(text).enumerated() {
            guard index < Self.maxKeys else { throw .tooManyKeys }
            let key: Key
            do { key = Key(try P256PrivateKey(pem: block)) } catch { throw .badKey(number: index + 1, error) }
            guard !keys.contains(where: { $0.id == key.id }) else { throw .twice(key.id) }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw .noKeys }
        self.keys = keys
    }

    /// From `-----BEGIN …` to the line of `-----END …`, each.
    private static func blocks(_ text: String) throws(KeyringError) -> [String] {
        var blocks: [String] = []
        var block: [Substring]?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN ") {
                // Another one before the end of the one before.
                if block != nil { throw .cutShort(number: blocks.count + 1) }
                block = []
            }
            block?.append(line)
            guard line.hasPrefix("-----END "), let whole = block else { continue }
            blocks.append(whole.joined(separator: "\n") + "\n")
            block = nil
        }
        if block != nil { throw .cutShort(number: blocks.count + 1) }
        return blocks
    }

    package var text: String {
        keys.map { "Key \($0.id)\n\($0.key.pem)" }.joined()
    }

    /// What is encrypted for; nil before there is a key.
    package var newest: Key? { keys.first }

    /// With a new key in front.
    /// - Throws: `tooManyKeys`.
    package func rotated() throws(KeyringError) -> Keyring {
        guard keys.count < Self.maxKeys else { throw .tooManyKeys }
        return Keyring(keys: [Key(P256PrivateKey())] + keys)
    }

    subscript(id: KeyID) -> P256PrivateKey? { keys.first { $0.id == id }?.key }
}
