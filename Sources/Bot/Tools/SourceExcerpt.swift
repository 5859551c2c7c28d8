/// One line of a file as a terminal can show it, and the way to a place in it.
struct SourceExcerpt: Equatable {
    let text: String
    /// Spaces as wide as what stands before the place.
    let indentation: String

    /// Of a longer line, the part around the place is shown.
    static let maxColumns = 100
    /// What of that comes before the place, at most.
    static let maxColumnsBefore = 60
    private static let tabColumns = 4

    /// Nobody wrote a longer line by hand.
    static let maxLineBytes = 16 << 10

    /// - Parameters:
    ///   - line: without its end.
    ///   - column: counted from 1, in Unicode scalars; one more than the line has stands for its end.
    /// - Returns: nil when there is nothing to show.
    init?(of line: ArraySlice<UInt8>, column: Int) {
        guard line.count <= Self.maxLineBytes else { return nil }
        let bytes = line.last == 0x0D ? line.dropLast() : line
        let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        guard scalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
        let place = max(0, min(column - 1, scalars.count))

        var start = place
        var before = 0
        while start > 0, before + Self.width(scalars[start - 1]) <= Self.maxColumnsBefore {
            start -= 1
            before += Self.width(scalars[start])
        }
        var end = place
        var total = before
        while end < scalars.count, total + Self.width(scalars[end]) <= Self.maxColumns {
            total += Self.width(scalars[end])
            end += 1
        }
        let (isCutBefore, isCutAfter) = (start > 0, end < scalars.count)
        text = (isCutBefore ? "…" : "") + scalars[start..<end].map(Self.shown).joined() + (isCutAfter ? "…" : "")
        indentation = String(repeating: " ", count: before + (isCutBefore ? 1 : 0))
    }

    /// What a file says must not steer the terminal, nor turn the line around.
    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case _ where scalar == "\t": String(repeating: " ", count: tabColumns)
        case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
        default: String(scalar)
        }
    }

    /// Columns that terminals give a character: two for East Asian wide ones (Unicode Standard Annex 11) and emoji,
    /// none for marks that are drawn over the one before.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar == "\t" { return tabColumns }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
