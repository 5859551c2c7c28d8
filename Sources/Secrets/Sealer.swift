import AppFile
import Crypto
import Deploys

/// Why a secret can't be encrypted.
package enum SealingError: Error, Sendable, Equatable {
    case empty
    case tooLarge
    /// Neither a variable nor a file of a build could be made of it.
    case notText
    case nameTooLong
    /// For what the key's text holds instead.
    case badKey(P256KeyError)

    package var sentence: String {
        switch self {
        case .empty: "There is nothing to encrypt."
        case .tooLarge: "The secret is larger than \(Sealer.maxValueBytes) bytes, the most that is encrypted."
        case .notText: "The secret is no text: it is not UTF-8, or has a null character. Encode it first, as in base64."
        case .nameTooLong: "The app's name is longer than \(SealedValue.maxAppBytes) bytes."
        case .badKey(let error): "No public key is there: \(error)."
        }
    }
}

/// Encrypts values for one installation. Whoever has its public key can.
package struct Sealer: Sendable {
    package static let maxValueBytes = 64 << 10

    package let key: P256PublicKey
    package let keyID: KeyID

    package init(_ key: P256PublicKey) {
        self.key = key
        keyID = KeyID(key)
    }

    /// - Parameter pem: a public key (RFC 7468, section 13).
    /// - Throws: `badKey`.
    package init(pem: String) throws(SealingError) {
        do { self.init(try P256PublicKey(pem: pem)) } catch { throw .badKey(error) }
    }

    /// - Parameter value: UTF-8.
    package func seal(
        _ value: [UInt8], for app: AppID, _ scope: SealedValue.Scope
    ) throws(SealingError) -> SealedValue {
        guard !value.isEmpty else { throw .empty }
        guard value.count <= Self.maxValueBytes else { throw .tooLarge }
        guard String(validating: value, as: UTF8.self) != nil, !value.contains(0) else { throw .notText }
        let name = app.key
        let sealed = HPKE.seal(value, to: key, info: SealedPurpose.info(scope, keyID, app: name))
        let result = SealedValue(
            scope: scope, keyID: keyID.bytes, app: name, encapsulatedKey: sealed.encapsulatedKey,
            ciphertext: sealed.ciphertext)
        guard let result else { throw .nameTooLong }
        return result
    }
}

/// What a value is bound to: with anything else, it can't be opened.
enum SealedPurpose {
    /// Tells our values from whatever else may be encrypted for the same key.
    private static let label = Array("iterapp encrypted value\0".utf8)

    /// All that a value says of itself, so that none of it can be edited.
    static func info(_ scope: SealedValue.Scope, _ key: KeyID, app: String) -> [UInt8] {
        label + SealedValue.header(scope: scope, keyID: key.bytes, app: app)
    }
}
