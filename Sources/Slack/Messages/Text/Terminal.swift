/// What a terminal would show of a line.
enum Terminal {
    /// Without escape sequences (ECMA-48, section 5.4: CSI; 8.3.89: OSC and other control strings), and of what was
    /// written over itself with carriage returns only the last.
    static func visible(_ line: String) -> String {
        var text = String.UnicodeScalarView()
        var scalars = Array(line.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\u{1B}": skipSequence(&scalars)
            case "\u{9B}": skipControlSequence(&scalars)
            case "\r" where scalars.contains { $0 != "\r" && $0 != "\n" }: text.removeAll()
            default: text.append(scalar)
            }
        }
        return String(text)
    }

    private static func skipSequence(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        guard let kind = scalars.popFirst() else { return }
        switch kind {
        case "[": skipControlSequence(&scalars)
        case "]", "P", "X", "^", "_":
            // Ends with BEL or ESC \; one that never ends is no sequence, and is shown.
            guard let end = scalars.firstIndex(where: { $0 == "\u{07}" || $0 == "\u{1B}" || $0 == "\u{9C}" })
            else { return }
            let closes = scalars[end] == "\u{1B}" && end + 1 < scalars.endIndex && scalars[end + 1] == "\\"
            scalars = scalars[(end + (closes ? 2 : 1))...]
        case " "..."/": _ = scalars.popFirst()
        default: break
        }
    }

    private static func skipControlSequence(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        while let scalar = scalars.first {
            guard ("\u{20}"..."\u{7E}").contains(scalar) else { return }
            scalars.removeFirst()
            if ("@"..."~").contains(scalar) { return }
        }
    }
}
