import Foundation
import JSON

/// When a bearer token ends, for sentences: nothing is decided on it, for only the server can verify it.
enum TokenExpiry {
    /// The `exp` of a JSON Web Token (RFC 7519, section 4.1.4); nil for other tokens.
    static func of(_ token: String) -> Date? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var base64 = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let payload = Data(base64Encoded: base64), let seconds = (try? JSON.parse(payload))?["exp"]?.number
        else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }
}

/// When an X.509 certificate ends, for sentences.
enum CertificateExpiry {
    /// `notAfter` of the first certificate of a PEM text; nil when it cannot be read.
    static func of(_ pem: String) -> Date? {
        guard let start = pem.range(of: "-----BEGIN CERTIFICATE-----"),
            let end = pem.range(of: "-----END CERTIFICATE-----", range: start.upperBound..<pem.endIndex),
            let bytes = Data(
                base64Encoded: String(pem[start.upperBound..<end.lowerBound]), options: .ignoreUnknownCharacters)
        else { return nil }
        // RFC 5280, section 4.1: Certificate { TBSCertificate { [0] version?, serialNumber, signature, issuer,
        // Validity { notBefore, notAfter } …
        var certificate = DER(Array(bytes))
        guard var fields = certificate.next()?.content, var body = fields.next()?.content else { return nil }
        var item = body.next()
        if item?.tag == 0xA0 { item = body.next() }
        _ = body.next()
        _ = body.next()
        guard var validity = body.next()?.content, validity.next() != nil, let end = validity.next() else { return nil }
        return date(end.tag, String(decoding: end.content.bytes, as: UTF8.self))
    }

    /// UTCTime has two digits for the year, which lie in 1950 to 2049 (RFC 5280, section 4.1.2.5.1).
    private static func date(_ tag: UInt8, _ text: String) -> Date? {
        let century = tag != 0x17 ? "" : text < "50" ? "20" : "19"
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        return formatter.date(from: century + text)
    }
}

/// Steps through a sequence in DER (ITU-T X.690, sections 8.1 and 10.1).
private struct DER {
    private(set) var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
    private init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Nil at the end, and when the bytes do not hold what they announce.
    mutating func next() -> (tag: UInt8, content: DER)? {
        guard let tag = bytes.popFirst(), var length = bytes.popFirst().map(Int.init) else { return nil }
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), bytes.count >= count else { return nil }
            length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(count)
        }
        guard bytes.count >= length else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return (tag, DER(bytes.prefix(length)))
    }
}
