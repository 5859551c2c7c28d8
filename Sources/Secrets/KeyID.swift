import Crypto

/// Which key a value was encrypted for: the first bytes of the SHA-256 of its public key, uncompressed.
package struct KeyID: Sendable, Hashable, CustomStringConvertible {
    package static let byteCount = 8

    package let bytes: [UInt8]

    package init(_ key: P256PublicKey) { bytes = Array(sha256(key.bytes).prefix(Self.byteCount)) }
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Hexadecimal.
    package var description: String { hex(bytes) }
}
