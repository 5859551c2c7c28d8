/// What stands in build logs: lines with colours, and nothing else that steers a terminal.
///
/// A colour is what ECMA-48, section 8.3.117, calls SGR: ESC `[`, numbers, `m`.
package enum LogText {
    /// A longer line is cut off with `…`: minified code helps nobody.
    package static let maxLineBytes = 8 << 10

    /// One line as logs keep it: no control characters but tabs, no sequences but colours.
    package static func line(_ text: String) -> String {
        var text = text
        let kept = text.withUTF8 { filtered($0, keepsColours: true, keepsLines: false, maxBytes: maxLineBytes) }
        return kept.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The text without its colours: for whoever shows it outside of a terminal. Lines stay lines.
    package static func plain(_ text: String) -> String {
        var text = text
        let kept = text.withUTF8 { filtered($0, keepsColours: false, keepsLines: true, maxBytes: .max) }
        return kept.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The same for UTF-8.
    package static func plain(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer {
            filtered($0, keepsColours: false, keepsLines: true, maxBytes: .max)
        } ?? bytes
    }

    /// Nil when nothing is to be taken out.
    private static func filtered(
        _ bytes: UnsafeBufferPointer<UInt8>, keepsColours: Bool, keepsLines: Bool, maxBytes: Int
    ) -> [UInt8]? {
        let isClean = bytes.count <= maxBytes && bytes.allSatisfy { byte in
            byte >= 0x20 && byte != 0x7F && byte != 0xC2 || byte == 0x09 || byte == 0x0A && keepsLines
        }
        if isClean { return nil }
        var kept: [UInt8] = []
        kept.reserveCapacity(min(bytes.count, maxBytes))
        var index = 0
        while index < bytes.count {
            let end = characterEnd(bytes, index)
            if kept.count + (end - index) > maxBytes {
                kept += Array("…".utf8)
                break
            }
            switch bytes[index] {
            case 0x1B:
                let sequence = EscapeSequence(bytes, at: index)
                if keepsColours, sequence.isColour { kept += bytes[index..<sequence.end] }
                index = sequence.end
                continue
            case 0x0A where keepsLines, 0x09: kept.append(bytes[index])
            case ..<0x20, 0x7F: break
            // U+0080 to U+009F are control characters, too.
            case 0xC2 where end - index == 2 && bytes[index + 1] < 0xA0: break
            default: kept += bytes[index..<end]
            }
            index = end
        }
        return kept
    }

    /// Where the character that begins at `index` ends.
    private static func characterEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        var end = index + 1
        guard bytes[index] >= 0xC0 else { return end }
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}

/// What follows ESC (ECMA-48, sections 5.3 to 5.6).
private struct EscapeSequence {
    /// The index behind it.
    let end: Int
    let isColour: Bool

    init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        var index = start + 1
        func skip(while matches: (UInt8) -> Bool) {
            while index < bytes.count, matches(bytes[index]) { index += 1 }
        }
        guard index < bytes.count else { (end, isColour) = (index, false); return }
        switch bytes[index] {
        case UInt8(ascii: "["):
            index += 1
            let parameters = index
            skip { (0x30...0x3B).contains($0) }
            let isPlain = index < bytes.count && bytes[index] == UInt8(ascii: "m") && index - parameters < 64
            skip { (0x20...0x3F).contains($0) }
            let isComplete = index < bytes.count && (0x40...0x7E).contains(bytes[index])
            (end, isColour) = (isComplete ? index + 1 : index, isPlain && isComplete)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            // Text for the terminal itself, up to BEL or ESC `\`; never beyond its line.
            skip { $0 != 0x07 && $0 != 0x1B && $0 != 0x0A }
            if index < bytes.count, bytes[index] == 0x07 { index += 1 }
            else if index + 1 < bytes.count, bytes[index] == 0x1B, bytes[index + 1] == UInt8(ascii: "\\") { index += 2 }
            (end, isColour) = (index, false)
        default:
            skip { (0x20...0x2F).contains($0) }
            if index < bytes.count, (0x30...0x7E).contains(bytes[index]) { index += 1 }
            (end, isColour) = (index, false)
        }
    }
}
