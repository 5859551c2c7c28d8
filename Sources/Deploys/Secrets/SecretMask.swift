import Foundation
import Synchronization

/// Takes secrets out of whatever people or operators read: values that are known to be secret, and what has the shape
/// of a token. What a program prints is nobody's to trust.
package final class SecretMask: Sendable {
    /// What stands in a secret's place.
    package static let mark = "•••"
    /// Shorter values would blacken half of every text.
    static let minKnownBytes = 6

    /// Knows the shapes of tokens, and no value.
    package static let shapes = SecretMask()

    /// Known values by their first byte.
    private let known = Mutex([[[UInt8]]](repeating: [], count: 256))

    package init(_ secrets: [String] = []) { learn(secrets) }

    /// Values that shall never be read anywhere, also as base64 and percent-encoded, from now on.
    package func learn(_ secrets: [String]) {
        let long = secrets.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { $0.utf8.count >= Self.minKnownBytes }
        let forms = Set(long.flatMap(Self.forms)).map { Array($0.utf8) }
        known.withLock { known in
            for form in forms where !known[Int(form[0])].contains(form) {
                // The longest first: one secret may begin with another.
                known[Int(form[0])] = (known[Int(form[0])] + [form]).sorted { $0.count > $1.count }
            }
        }
    }

    private static func forms(of secret: String) -> [String] {
        let base64 = Data(secret.utf8).base64EncodedString().trimmingCharacters(in: ["="])
        let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
        return [secret, base64, encoded]
    }

    /// The text with `mark` in the place of every secret.
    package func masked(_ text: String) -> String {
        guard let masked = masked(Array(text.utf8), shapes: true) else { return text }
        return String(decoding: masked, as: UTF8.self)
    }

    /// The same bytes without known values: what has a structure of its own, such as JSON, keeps it.
    package func withoutKnown(_ bytes: [UInt8]) -> [UInt8] { masked(bytes, shapes: false) ?? bytes }

    /// Nil when there is no secret.
    private func masked(_ bytes: [UInt8], shapes: Bool) -> [UInt8]? {
        let known = known.withLock { $0 }
        var kept: [UInt8] = []
        var copied = 0
        var index = 0
        while index < bytes.count {
            let byte = Int(bytes[index])
            guard !known[byte].isEmpty || shapes && SecretShape.mayBegin[byte] else {
                index += 1
                continue
            }
            let hidden = Self.known(at: index, of: bytes, known)
                ?? (shapes ? SecretShape.secret(at: index, of: bytes) : nil)
            guard let hidden else {
                index += 1
                continue
            }
            kept += bytes[copied..<(index + hidden.lowerBound)]
            kept += Array(Self.mark.utf8)
            index += hidden.upperBound
            copied = index
        }
        return copied > 0 ? kept + bytes[copied...] : nil
    }

    /// Of a known secret that begins at `index`: all of it.
    private static func known(at index: Int, of bytes: [UInt8], _ known: [[[UInt8]]]) -> Range<Int>? {
        let candidates = known[Int(bytes[index])]
        guard !candidates.isEmpty else { return nil }
        return candidates.first { bytes[index...].starts(with: $0) }.map { 0..<$0.count }
    }
}
