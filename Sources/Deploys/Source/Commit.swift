import Foundation

/// The 40 hexadecimal digits of a commit, lower case.
package struct CommitID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let sha: String

    package init?(_ text: String) {
        let sha = text.lowercased()
        guard sha.utf8.count == 40, sha.allSatisfy(\.isHexDigit), sha.utf8.contains(where: { $0 != 0x30 })
        else { return nil }
        self.sha = sha
    }

    private init(unchecked sha: String) { self.sha = sha }

    /// Stands for the commit of files that are in none: Git's own name for nothing.
    package static let unknown = CommitID(unchecked: String(repeating: "0", count: 40))

    /// As people read it: the first seven digits.
    package var short: String { String(sha.prefix(7)) }
    package var description: String { sha }
}

package struct Commit: Hashable, Codable, Sendable {
    package let id: CommitID
    /// The first line of its message.
    package let subject: String
    package let author: String
    /// Where to read it, when the source has pages.
    package let url: String?

    package init(id: CommitID, subject: String, author: String, url: String? = nil) {
        self.id = id
        self.subject = subject
        self.author = author
        self.url = url
    }
}

/// What somebody asked for: a branch, a tag, a commit or a release, still to be looked up.
package struct Revision: Hashable, Codable, Sendable, CustomStringConvertible {
    package let text: String

    static let maxBytes = 250

    /// Nil when no branch, tag or commit can be called that (git-check-ref-format), or when it could
    /// be taken for an option. `#12` is a release.
    package init?(_ text: String) {
        // Byte by byte, as Git reads it: what people see as one character can begin with any of these.
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= Self.maxBytes,
            !"-/.".utf8.contains(first), last != UInt8(ascii: "."), text != "@",
            !["..", "//", "@{", "/.", ".lock/"].contains(where: (text + "/").hasBytes)
        else { return nil }
        guard text.unicodeScalars.allSatisfy(Self.mayHave) else { return nil }
        self.text = text
    }

    private static func mayHave(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "~", "^", ":", "?", "*", "[", "\\": false
        case "!"..."}": true
        default:
            !scalar.isASCII && !scalar.properties.isBidiControl && !scalar.properties.isWhitespace
                && scalar.properties.generalCategory != .control
                && scalar.properties.generalCategory != .format
        }
    }

    /// `12` for `#12`.
    package var releaseNumber: Int? { text.hasPrefix("#") ? Int(text.dropFirst()) : nil }

    /// A commit's digits, 7 to 40 of them.
    package var couldBeCommit: Bool {
        (7...40).contains(text.utf8.count) && text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
        }
    }

    package var description: String { text }
}
