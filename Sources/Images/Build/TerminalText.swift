/// What programs print for terminals, as plain lines.
enum TerminalText {
    /// Longer lines are cut off with `…`: minified code and progress bars help nobody.
    static let maxLineCharacters = 2000

    /// The line without colours, cursor movements and titles (ECMA-48: CSI, OSC and two-byte escape
    /// sequences) and without control characters other than tabs. Of a line that was drawn over after
    /// carriage returns, what a terminal would show in the end.
    static func clean(_ line: String) -> String { text(of: line, keepsColours: false) }

    /// The same with its colours (ECMA-48, SGR: `ESC [ … m`).
    static func coloured(_ line: String) -> String { text(of: line, keepsColours: true) }

    private static func text(of line: String, keepsColours: Bool) -> String {
        if isPlain(line) { return line }
        var kept = String.UnicodeScalarView()
        var scalars = line.unicodeScalars.makeIterator()
        var isReturned = false
        while let scalar = scalars.next() {
            switch scalar.value {
            case 0x1B:
                guard let colour = readEscape(&scalars), keepsColours else { continue }
                // A colour that is set behind a carriage return is for what follows.
                if isReturned { kept.removeAll() }
                isReturned = false
                kept.append(contentsOf: colour)
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
        return cut(String(kept))
    }

    /// Most lines are: they need no second look.
    private static func isPlain(_ line: String) -> Bool {
        line.utf8.count <= maxLineCharacters && line.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
    }

    private static func cut(_ text: String) -> String {
        text.count > maxLineCharacters ? text.prefix(maxLineCharacters - 1) + "…" : text
    }

    /// Longer sequences are none of colours.
    private static let maxColourScalars = 64

    /// Behind ESC: `[` parameters up to a final byte; `]` and others text up to BEL or ESC `\`; or one byte.
    /// - Returns: the whole sequence when it sets colours.
    private static func readEscape(
        _ scalars: inout String.UnicodeScalarView.Iterator
    ) -> [Unicode.Scalar]? {
        guard let kind = scalars.next() else { return nil }
        switch kind {
        case "[":
            var sequence: [Unicode.Scalar] = ["\u{1B}", "["]
            while let next = scalars.next() {
                if sequence.count < maxColourScalars { sequence.append(next) }
                if (0x40...0x7E).contains(next.value) { return isColour(sequence) ? sequence : nil }
            }
        case "]", "P", "X", "^", "_":
            while let next = scalars.next(), next.value != 0x07 {
                if next.value == 0x1B {
                    _ = scalars.next()
                    return nil
                }
            }
        case "(", ")", "#", "%", " ":
            _ = scalars.next()
        default: break
        }
        return nil
    }

    private static func isColour(_ sequence: [Unicode.Scalar]) -> Bool {
        sequence.last == "m"
            && sequence.dropFirst(2).dropLast().allSatisfy { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
    }
}
