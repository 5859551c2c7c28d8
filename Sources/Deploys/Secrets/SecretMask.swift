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

    /// Of a secret of several lines, these are hidden by themselves, too.
    static let minKnownLineBytes = 8

    private let known = Mutex(KnownSecrets())

    package init(_ secrets: [String] = []) { learn(secrets) }

    /// Values that shall never be read anywhere, from now on, also as base64, percent-encoded, and in JSON.
    package func learn(_ secrets: [String]) {
        let parts = secrets.flatMap { [$0] + Self.lines(of: $0) }
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { part in
                let bytes = Array(part.utf8)
                // Each deploy opens the same values again.
                return bytes.count >= Self.minKnownBytes && !known.withLock { $0.contains(bytes) }
            }
        guard !parts.isEmpty else { return }
        let forms = Set(parts.flatMap(Self.forms)).map { Array($0.utf8) }
        known.withLock { $0.insert(forms) }
    }

    /// What prints a secret may break it into its lines.
    private static func lines(of secret: String) -> [String] {
        guard secret.contains(where: \.isNewline) else { return [] }
        return secret.split(whereSeparator: \.isNewline).map(String.init)
            .filter { $0.trimmingCharacters(in: .whitespaces).utf8.count >= minKnownLineBytes }
    }

    private static func forms(of secret: String) -> [String] {
        let base64 = Data(secret.utf8).base64EncodedString().trimmingCharacters(in: ["="])
        // What comes behind it, such as a line break, changes the last characters.
        let whole = String(base64.prefix(secret.utf8.count / 3 * 4))
        if secret.utf8.allSatisfy(SecretShape.isWord) { return [secret, base64, whole] }
        let encoded = secret.addingPercentEncoding(withAllowedCharacters: unreserved) ?? secret
        // As Slack wants text.
        let markup = secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return [secret, base64, whole, encoded, markup, inJSON(secret), inJSON(markup)]
    }

    /// RFC 3986, section 2.3.
    private static let unreserved = CharacterSet.alphanumerics.union(["-", ".", "_", "~"])

    /// As it stands between the quotes of a string (RFC 8259, section 7), in the shortest form.
    private static func inJSON(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
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
        if known.isEmpty, !shapes { return nil }
        var kept: [UInt8] = []
        var copied = 0
        var (index, headIndex) = (0, -1)
        var head: UInt64 = 0
        // Where nothing is known, heads need not be computed.
        let lastHead = known.isEmpty ? -1 : bytes.count - KnownSecrets.headBytes
        while index < bytes.count {
            var hidden: Range<Int>?
            if index <= lastHead {
                head = index == headIndex + 1 && headIndex >= 0
                    ? KnownSecrets.next(head, bytes[index + KnownSecrets.headBytes - 1])
                    : KnownSecrets.head(bytes, at: index)
                headIndex = index
                hidden = known.length(at: index, of: bytes, head: head).map { 0..<$0 }
            }
            if hidden == nil, shapes, SecretShape.mayBegin[Int(bytes[index])] {
                hidden = SecretShape.secret(at: index, of: bytes)
            }
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
}
