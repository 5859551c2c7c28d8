/// A secret that only the service can open, in the form in which it stands in `iterapp.toml`.
///
/// What it was made for can be read without a key, so that a cut paste, or a value of another app, is told before
/// anything is built. As text it is base64url without padding (RFC 4648 section 5) of, in this order: the version
/// (1), the scope, the key's id, the length of the app's name and the name, HPKE's encapsulated key and
/// ciphertext (RFC 9180 section 5), and a CRC-32 of all that, most significant byte first.
package struct SealedValue: Sendable, Equatable {
    /// What a value may be used for. HPKE binds it, so another use cannot open the value.
    package enum Scope: UInt8, Sendable, CaseIterable {
        case common = 0
        case prod = 1
        case build = 2

        /// As `iterapp encrypt --scope` takes it.
        package var name: String {
            switch self {
            case .common: "common"
            case .prod: "prod"
            case .build: "build"
            }
        }

        /// What `[env.…]` of that name takes; every environment but `prod` shares one scope.
        package init(variablesOf table: String) {
            self = table == Environments.prod ? .prod : .common
        }
    }

    package let scope: Scope
    /// Of the service's key; `keyIDBytes` bytes.
    package let keyID: [UInt8]
    /// `org/name` in lower case.
    package let app: String
    /// An uncompressed point of P-256; `encapsulatedKeyBytes` bytes, of which the first is 4 (SEC 1 section 2.3.3).
    package let encapsulatedKey: [UInt8]
    /// With the authentication tag, so at least `minCiphertextBytes` bytes.
    package let ciphertext: [UInt8]

    package static let keyIDBytes = 8
    package static let maxAppBytes = 255
    package static let encapsulatedKeyBytes = 65
    package static let minCiphertextBytes = 16

    /// Nil if a part has a length that it cannot have.
    package init?(scope: Scope, keyID: [UInt8], app: String, encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
        guard keyID.count == Self.keyIDBytes, (1...Self.maxAppBytes).contains(app.utf8.count),
            encapsulatedKey.count == Self.encapsulatedKeyBytes, encapsulatedKey[0] == Self.uncompressedPoint,
            ciphertext.count >= Self.minCiphertextBytes
        else { return nil }
        self.scope = scope
        self.keyID = keyID
        self.app = app.lowercased()
        self.encapsulatedKey = encapsulatedKey
        self.ciphertext = ciphertext
    }

    private static let version: UInt8 = 1
    private static let uncompressedPoint: UInt8 = 4
    private static let checksumBytes = 4
    private static let appOffset = 2 + keyIDBytes
}

// MARK: As text

/// Why a text is no sealed value.
package enum SealedValueError: Error, Sendable, Equatable {
    /// It was one, until a part of it was lost or changed.
    case damaged
    /// It is nothing that this program makes.
    case foreign
    /// It is whole, in a form that is not known here.
    case unknownVersion(Int)
}

extension SealedValue {
    package var text: String {
        let bytes = Self.header(scope: scope, keyID: keyID, app: app) + encapsulatedKey + ciphertext
        return Base64URL.encode(bytes + Self.checksum(bytes))
    }

    /// What a value says of itself in front of what is encrypted: from the version to the app.
    package static func header(scope: Scope, keyID: [UInt8], app: String) -> [UInt8] {
        let name = Array(app.lowercased().utf8)
        return [version, scope.rawValue] + keyID + [UInt8(truncatingIfNeeded: name.count)] + name
    }

    package init(_ text: String) throws(SealedValueError) {
        guard let bytes = Base64URL.decode(text), Self.isWhole(bytes) else {
            throw Self.begins(text) ? .damaged : .foreign
        }
        guard bytes[0] == Self.version else { throw .unknownVersion(Int(bytes[0])) }
        var rest = bytes.dropFirst(2).dropLast(Self.checksumBytes)
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        let keyID = take(Self.keyIDBytes)
        let appBytes = take(take(1).first.map(Int.init) ?? 0)
        let app = String(decoding: appBytes, as: UTF8.self)
        // The checksum is right, so whoever made this did not mean this form, if it does not fit.
        guard let scope = Scope(rawValue: bytes[1]), Array(app.utf8) == appBytes, app == app.lowercased(),
            let value = SealedValue(
                scope: scope, keyID: keyID, app: app, encapsulatedKey: take(Self.encapsulatedKeyBytes),
                ciphertext: Array(rest))
        else { throw .foreign }
        self = value
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        bytes.count > appOffset + checksumBytes
            && checksum(bytes.dropLast(checksumBytes)) == Array(bytes.suffix(checksumBytes))
    }

    /// Whether a text that is not whole begins like a sealed value. Another system's bytes hardly ever do.
    private static func begins(_ text: String) -> Bool {
        guard let bytes = Base64URL.decode(String(text.prefix(4))), bytes.count > 2 else { return false }
        return bytes[0] == version && Scope(rawValue: bytes[1]) != nil
    }

    private static func checksum(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let sum = CRC32.checksum(bytes)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    }
}
