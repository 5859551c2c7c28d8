import Deploys

/// What others wrote, made harmless before it stands beside our own words: nothing invisible, nothing that turns the
/// direction of the rest or towers over the lines around it, and no token that slipped into it.
enum ForeignText {
    /// A letter with more marks than that is decoration.
    static let maxMarksPerLetter = 4
    /// How much of a text is looked at, per character that may be shown: the rest could be invisible.
    static let maxScalarsPerUnit = 20

    /// On one line.
    static func line(_ text: String, maxUnits: Int) -> String {
        isolated(Mrkdwn.cut(cleaned(text, maxUnits: maxUnits, breaksLines: false), to: maxUnits))
    }

    /// With its line breaks.
    static func lines(_ text: String, maxUnits: Int) -> String {
        Mrkdwn.cut(cleaned(text, maxUnits: maxUnits, breaksLines: true), to: maxUnits)
    }

    /// One line of a log: nothing in a block of code is turned, so nothing needs to be kept apart.
    static func log(_ text: String, maxUnits: Int) -> String {
        Mrkdwn.cut(cleaned(text, maxUnits: maxUnits, breaksLines: false), to: maxUnits)
    }

    /// Somewhat more than `maxUnits` at most, for `cut` to see that there is more.
    private static func cleaned(_ text: String, maxUnits: Int, breaksLines: Bool) -> String {
        // Before it is cut: half a token has no shape.
        let limit = maxUnits * maxScalarsPerUnit
        let beginning = SecretMask.shapes.masked(
            text.utf8.count <= limit ? text : String(text.unicodeScalars.prefix(limit)))
        let isHarmless = beginning.utf8.count <= maxUnits
            && (breaksLines ? beginning.isPlain(besides: UInt8(ascii: "\n")) : beginning.isPlain())
        return isHarmless ? shown(beginning) : harmless(beginning, maxUnits: maxUnits, breaksLines: breaksLines)
    }

    /// Nothing, if there is nothing to see.
    private static func shown(_ text: String) -> String { text.contains { !$0.isWhitespace } ? text : "" }

    private static func harmless(_ text: String, maxUnits: Int, breaksLines: Bool) -> String {
        var kept = String.UnicodeScalarView()
        var units = 0
        var marks = 0
        for scalar in text.unicodeScalars {
            let isMark = isMark(scalar)
            marks = isMark ? marks + 1 : 0
            guard !isHarmful(scalar), marks <= maxMarksPerLetter else { continue }
            if isLineBreak(scalar) {
                if !breaksLines, kept.last == " " { continue }
                kept.append(breaksLines ? "\n" : " ")
            } else {
                kept.append(scalar == "\t" ? " " : scalar)
            }
            units += UTF16.width(scalar)
            if units > maxUnits { break }
        }
        return shown(String(kept))
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Joiners stay, for emoji and several scripts are made with them; so do variation selectors.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        if isLineBreak(scalar) || scalar == "\t" || scalar.value == 0x200C || scalar.value == 0x200D { return false }
        // What nearly all letters are need not be looked up in Unicode's tables.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        if (0xFE00...0xFE0F).contains(scalar.value) { return false }
        switch scalar.properties.generalCategory {
        case .control, .format: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Words that run from right to left must not pull what stands beside them along (Unicode Annex 9: an isolate).
    static func isolated(_ text: String) -> String {
        text.unicodeScalars.contains(where: isRightToLeft) ? "\u{2068}\(text)\u{2069}" : text
    }

    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}
