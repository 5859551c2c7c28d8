import Deploys
import Foundation

/// A commit as Git stores it: headers, an empty line, the message (git-cat-file(1)).
struct CommitObject: Equatable {
    let id: CommitID
    /// The message's first line that is not empty.
    let subject: String
    /// The author's name, or the address when there is no name.
    let author: String

    /// Longer subjects and names are cut off with `…`.
    static let maxSubjectCharacters = 200
    static let maxAuthorCharacters = 100

    init(id: CommitID, content: some Collection<UInt8>) {
        var author = ""
        var encoding = ""
        var rest = Array(content)[...]
        while let line = Self.nextLine(&rest), !line.isEmpty {
            // Continued header lines (a signature, a merged tag) begin with a space.
            if line.starts(with: "author ".utf8) { author = Self.text(line.dropFirst(7), "") }
            if line.starts(with: "encoding ".utf8) { encoding = Self.text(line.dropFirst(9), "") }
        }
        var first: ArraySlice<UInt8> = []
        while let line = Self.nextLine(&rest) {
            first = line
            if line.contains(where: { $0 > 0x20 }) { break }
        }
        self.id = id
        subject = Self.cut(Self.text(first, encoding), Self.maxSubjectCharacters)
        self.author = Self.cut(Self.name(in: author), Self.maxAuthorCharacters)
    }

    /// `Ada Lovelace` of `Ada Lovelace <ada@example.org> 1700000000 +0100`.
    private static func name(in author: String) -> String {
        guard let bracket = author.lastIndex(of: "<") else { return author }
        let name = author[..<bracket].trimmingCharacters(in: .whitespaces)
        return name.isEmpty ? String(author[author.index(after: bracket)...].prefix { $0 != ">" }) : name
    }

    private static func nextLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return line
    }

    /// Most commits are UTF-8 whatever they claim; only bytes that are not go by the encoding header.
    private static func text(_ bytes: ArraySlice<UInt8>, _ encoding: String) -> String {
        let decoded: String? =
            if let utf8 = String(validating: bytes, as: UTF8.self) {
                utf8
            } else {
                switch encoding.lowercased() {
                case "iso-8859-1", "iso8859-1", "latin1", "latin-1":
                    String(bytes: bytes, encoding: .isoLatin1)
                case "cp1252", "windows-1252": String(bytes: bytes, encoding: .windowsCP1252)
                default: nil
                }
            }
        return printable(decoded ?? String(decoding: bytes, as: UTF8.self))
    }

    /// Without characters that would move the cursor or turn the direction of what follows.
    private static func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.properties.isBidiControl {
            scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(scalars).trimmingCharacters(in: .whitespaces)
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }
}

/// One answer of `git cat-file --batch`.
enum CommitLookup: Equatable {
    case found(CommitObject)
    case missing
    /// Digits that several commits begin with.
    case ambiguous

    /// Reads the answers in order; what was cut off at the end is left out.
    static func parse(_ output: [UInt8]) -> [CommitLookup] {
        var lookups: [CommitLookup] = []
        var rest = output[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            if words.count == 3, let id = CommitID(String(words[0])), let size = Int(words[2]) {
                lookups.append(
                    words[1] == "commit" ? .found(CommitObject(id: id, content: rest.prefix(size))) : .missing
                )
                rest = rest.dropFirst(size + 1)
            } else {
                lookups.append(words.last == "ambiguous" ? .ambiguous : .missing)
            }
        }
        return lookups
    }
}
