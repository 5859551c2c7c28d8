import COpenSSL
import Synchronization

/// HMAC-SHA256 (RFC 2104) with a key that is prepared once; safe to share between threads.
// `prepared` is not changed after `init`, and `copying` keeps two threads from copying it at once.
package final class HMACKey: @unchecked Sendable {
    private static let digestBytes = 32
    private let prepared: OpaquePointer
    private let copying = Mutex(())

    /// - Parameter key: of any length, also empty.
    package init(_ key: [UInt8]) {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil), let context = EVP_MAC_CTX_new(algorithm) else {
            preconditionFailure("OpenSSL offers no HMAC")
        }
        EVP_MAC_free(algorithm)
        prepared = context
        let isReady = "digest".withCString { parameter in
            "SHA256".withCString { digest in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(parameter, UnsafeMutablePointer(mutating: digest), 0),
                    OSSL_PARAM_construct_end(),
                ]
                // OpenSSL takes a null pointer for "no key yet", so an empty key needs some address.
                return EVP_MAC_init(context, key.isEmpty ? [0] : key, key.count, parameters)
            }
        }
        precondition(isReady == 1, "OpenSSL offers no HMAC with SHA-256")
    }

    deinit { EVP_MAC_CTX_free(prepared) }

    /// 32 bytes over the concatenation of `parts`.
    package func authenticate(_ parts: [UInt8]...) -> [UInt8] {
        let context = copying.withLock { _ in EVP_MAC_CTX_dup(prepared) }
        defer { EVP_MAC_CTX_free(context) }
        var result = [UInt8](repeating: 0, count: Self.digestBytes)
        var length = 0
        let isDone = parts.allSatisfy { EVP_MAC_update(context, $0, $0.count) == 1 }
            && EVP_MAC_final(context, &result, &length, result.count) == 1
        // Only when memory runs out. Answering with zeros would let a forger in.
        precondition(isDone && length == result.count, "OpenSSL could not compute an HMAC")
        return result
    }
}
