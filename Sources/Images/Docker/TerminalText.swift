/// What programs print for terminals, as plain lines.
enum TerminalText {
    /// Longer lines are cut off with `…`: minified code and progress bars help nobody.
    static let maxLineCharacters = 2000

    /// The line without colours, cursor movements and titles (ECMA-48: CSI, OSC and two-byte escape
    /// sequences) and without control characters other than tabs. Of a line that was drawn over after
    /// carriage returns, what a terminal would show in the end.
    static func clean(_ line: String) -> String {
        var kept = String.UnicodeScalarView()
        var scalars = line.unicodeScalars.makeIterator()
        var isReturned = false
        while let scalar = scalars.next() {
            switch scalar.value {
            case 0x1B: skipEscape(&scalars)
            case 0x0D: isReturned = true
            case 0x09, 0x20...0x7E, 0xA0...:
                if isReturned {
                    kept.removeAll()
                    isReturned = false
                }
                kept.append(scalar)
            default: continue
            }
        }
        let text = String(kept)
        return text.count > maxLineCharacters ? text.prefix(maxLineCharacters - 1) + "…" : text
    }

    /// Behind ESC: `[` parameters up to a final byte; `]` and others text up to BEL or ESC `\`; or one byte.
    private static func skipEscape(_ scalars: inout String.UnicodeScalarView.Iterator) {
        guard let kind = scalars.next() else { return }
        switch kind {
        case "[":
            while let next = scalars.next(), !(0x40...0x7E).contains(next.value) {}
        case "]", "P", "X", "^", "_":
            while let next = scalars.next(), next.value != 0x07 {
                if next.value == 0x1B {
                    _ = scalars.next()
                    return
                }
            }
        case "(", ")", "#", "%", " ":
            _ = scalars.next()
        default: return
        }
    }
}
