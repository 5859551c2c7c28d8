/// One part of a key, without quotes and escapes.
struct TOMLKey: Equatable {
    let name: String
    let position: TOMLPosition
}

/// A key of one or more parts, as in `a.b."c d" = 1` or `[a.b]`.
struct TOMLKeyPath {
    var leading: [TOMLKey] = []
    var last: TOMLKey

    var count: Int { leading.count + 1 }
}

extension TOMLKey: CustomStringConvertible {
    /// As a person would write it in TOML; shortened, since it becomes a part of sentences.
    var description: String { TOMLText.key(name) }
}

extension TOMLKeyPath: CustomStringConvertible {
    /// As a person would write it in TOML; only the ends of a long path.
    var description: String {
        let maxParts = 8
        let parts = (leading + [last]).map(\.description)
        guard parts.count > maxParts else { return parts.joined(separator: ".") }
        return parts.prefix(maxParts / 2).joined(separator: ".") + ".…."
            + parts.suffix(maxParts / 2).joined(separator: ".")
    }
}

/// Pieces of somebody's document, made fit to be quoted in a sentence.
package enum TOMLText {
    private static let maxQuotedScalars = 60

    /// A key as TOML would write it: bare if it can be, else in quotes.
    package static func key(_ name: String) -> String {
        let isBare = !name.isEmpty && name.utf8.allSatisfy { TOMLParser.isBareKeyByte($0) }
        return isBare ? shortened(name) : "\"\(plain(name))\""
    }

    /// Without control characters, other invisible characters and line breaks, and not longer
    /// than a sentence can bear.
    package static func plain(_ text: String) -> String {
        var result = ""
        for scalar in shortened(text).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
                .unassigned:
                result += codePoint(scalar)
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The Unicode Standard's name of a character, such as `U+00A0`.
    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func shortened(_ text: String) -> String {
        // `prefix` first: counting all of a long text to cut it off would be a waste.
        let head = text.unicodeScalars.prefix(maxQuotedScalars + 1)
        guard head.count > maxQuotedScalars else { return text }
        return String(String.UnicodeScalarView(head.dropLast())) + "…"
    }
}
