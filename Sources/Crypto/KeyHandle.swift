import COpenSSL

/// A key of OpenSSL's, freed with its owner.
// `pointer` is never changed after `init`; OpenSSL allows several threads to use one key, each with its own
// context (openssl-threads(7)).
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Parameter pointer: is this object's from now on.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }
}
