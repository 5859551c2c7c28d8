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
        if let end = lines.firstIndex(where: PrivateKeyLines.ends), PrivateKeyLines.endsAsKey(lines[end]),
            !lines[..<end].contains(where: PrivateKeyLines.begins)
        {
            for index in max(0, end - PrivateKeyLines.maxLines)...end { masked[index] = SecretMask.mark }
        }
        return masked
    }
}

/// The first and the last line of a private key as text (RFC 7468, section 2).
enum PrivateKeyLines {
    static let begin = Array("-----BEGIN ".utf8)
    static let end = Array("-----END ".utf8)
    private static let label = Array("PRIVATE KEY".utf8)
    /// After so many lines, it is none, and what follows is shown again.
    static let maxLines = 200

    static func begins(_ line: String) -> Bool {
        withBytes(of: line) { bytes in
            guard let start = find(begin, in: bytes, from: 0) else { return false }
            return find(label, in: bytes, from: start + begin.count) != nil
        }
    }

    static func ends(_ line: String) -> Bool { withBytes(of: line) { find(end, in: $0, from: 0) != nil } }

    /// Of `-----END … PRIVATE KEY-----`, and not of another thing's end.
    static func endsAsKey(_ line: String) -> Bool {
        ends(line) && withBytes(of: line) { find(label, in: $0, from: 0) != nil }
    }

    private static func withBytes(of line: String, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        var line = line
        return line.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    /// Where `words` begin. Nearly all lines of nearly all logs are without them, and each is looked at.
    static func find(_ words: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, let first = words.first else { return nil }
        var place = start
        while bytes.count - place >= words.count {
            guard let found = memchr(base + place, Int32(first), bytes.count - place - words.count + 1) else {
                return nil
            }
            place = UnsafeRawPointer(found) - base
            if memcmp(found, words, words.count) == 0 { return place }
            place += 1
        }
        return nil
    }
}
