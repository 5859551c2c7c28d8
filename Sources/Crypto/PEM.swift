import COpenSSL

/// Keys as text (RFC 7468), in OpenSSL's memory.
enum PEM {
    /// - Returns: what `read` made of it; nil when it could make nothing.
    static func read(_ text: String, with read: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
        var bytes = Array(text.utf8)
        defer { wipe(&bytes) }
        // What went wrong stays in a list of this thread, for whoever asks next.
        defer { ERR_clear_error() }
        return bytes.withUnsafeBytes { buffer in
            guard let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)) else { return nil }
            defer { BIO_free(bio) }
            return read(bio)
        }
    }

    /// - Parameter write: answers 1 when all is written.
    static func write(_ write: (OpaquePointer) -> Int32) -> String {
        // Only fails when memory runs out.
        guard let bio = BIO_new(BIO_s_secmem()), write(bio) == 1 else {
            preconditionFailure("OpenSSL could not write a key")
        }
        defer { BIO_free(bio) }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
        defer { wipe(&bytes) }
        let count = BIO_read(bio, &bytes, Int32(clamping: bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }
}

/// Overwrites what was a secret, so that it does not stay in memory that others are given.
func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
}
