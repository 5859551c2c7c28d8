import Foundation

/// Masks a log that comes line by line: a private key goes over many.
package struct LineMask: Sendable {
    private let mask: SecretMask
    private var keyLines = 0

    package init(_ mask: SecretMask) { self.mask = mask }

    package mutating func masked(_ line: String) -> String {
        if keyLines > 0 {
            keyLines = PrivateKeyLines.ends(line) || keyLines > PrivateKeyLines.maxLines ? 0 : keyLines + 1
            return SecretMask.mark
        }
        if PrivateKeyLines.begins(line), !PrivateKeyLines.ends(line) { keyLines = 1 }
        return mask.masked(line)
    }

    package static func masked(_ lines: [String], by mask: SecretMask) -> [String] {
        var masking = LineMask(mask)
        var masked = lines.map { masking.masked($0) }
        // The end of a log may begin within a key.
        if let end = lines.firstIndex(where: PrivateKeyLines.ends), lines[end].contains("PRIVATE KEY"),
            !lines[..<end].contains(where: PrivateKeyLines.begins)
        {
            for index in max(0, end - PrivateKeyLines.maxLines)...end { masked[index] = SecretMask.mark }
        }
        return masked
    }
}

/// The first and the last line of a private key as text (RFC 7468, section 2).
enum PrivateKeyLines {
    static let begin = "-----BEGIN "
    static let end = "-----END "
    /// After so many lines, it is none, and what follows is shown again.
    static let maxLines = 200

    static func begins(_ line: String) -> Bool {
        guard let start = line.range(of: begin) else { return false }
        return line[start.upperBound...].contains("PRIVATE KEY")
    }

    static func ends(_ line: String) -> Bool { line.contains(end) }
}
