/// Scalars whose lines stand below `|` or `>` (section 8.1).
extension YAMLParser {
    private enum Chomping { case strip, clip, keep }

    private struct Header {
        let isFolded: Bool
        var chomping: Chomping?
        /// Digits give the indentation when the text itself begins with spaces.
        var indentation: Int?
    }

    /// - Parameter parent: the column of the collection around.
    mutating func blockScalar(parent: Int) throws(YAMLError) -> String {
        let header = try blockHeader()
        guard at(0x0A) else { return "" }
        nextLine()
        var lines: [[UInt8]] = []
        var indentation = header.indentation.map { max(parent, 0) + $0 }
        var endsWithBreak = true
        while !isAtEnd {
            var spaces = 0
            while peek(spaces) == 0x20 { spaces += 1 }
            let isEmpty = peek(spaces) == 0x0A
            if peek(spaces) == nil, spaces <= indentation ?? spaces {
                position += spaces
                break
            }
            if indentation == nil, !isEmpty {
                indentation = try detected(spaces, parent: parent, emptyLines: lines)
            }
            if !isEmpty, spaces < indentation ?? Int.max || isAtAnyMarker { break }
            position += indentation.map { min(spaces, $0) } ?? 0
            lines.append(takeLine())
            endsWithBreak = at(0x0A)
            if endsWithBreak { nextLine() }
        }
        return assemble(lines, header, hasIndentation: indentation != nil, endsWithBreak: endsWithBreak)
    }

    private mutating func blockHeader() throws(YAMLError) -> Header {
        var header = Header(isFolded: at(UInt8(ascii: ">")))
        position += 1
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "+") where header.chomping == nil: header.chomping = .keep
            case UInt8(ascii: "-") where header.chomping == nil: header.chomping = .strip
            case UInt8(ascii: "1")...UInt8(ascii: "9") where header.indentation == nil:
                header.indentation = Int(byte - UInt8(ascii: "0"))
            default:
                try endOfLine()
                return header
            }
            position += 1
        }
        return header
    }

    /// The first line with text decides how far the text is indented. Nil when that line is no part of it.
    private func detected(
        _ spaces: Int, parent: Int, emptyLines: [[UInt8]]
    ) throws(YAMLError) -> Int? {
        guard spaces > parent else { return nil }
        guard emptyLines.allSatisfy({ $0.count <= spaces }) else {
            throw error("an empty line before the text is indented further than the text")
        }
        return spaces
    }

    private mutating func takeLine() -> [UInt8] {
        let start = position
        while let byte = peek(), byte != 0x0A { position += 1 }
        return Array(bytes[start..<position])
    }

    private func assemble(
        _ all: [[UInt8]], _ header: Header, hasIndentation: Bool, endsWithBreak: Bool
    ) -> String {
        // Before the line that decides on the indentation, spaces are nothing else.
        let isDecided = header.indentation != nil
        let lines = isDecided ? all : hasIndentation ? withoutLeadingSpaces(all) : all.map { _ in [] }
        let trailing = lines.reversed().prefix { $0.isEmpty }.count
        let texts = lines.dropLast(trailing)
        var content = header.isFolded ? folded(texts) : Array(texts.joined(separator: [0x0A]))
        switch header.chomping ?? .clip {
        case .strip: break
        case .clip: if !texts.isEmpty, endsWithBreak || trailing > 0 { content.append(0x0A) }
        case .keep:
            if !texts.isEmpty, endsWithBreak || trailing > 0 { content.append(0x0A) }
            content += Array(repeating: 0x0A, count: trailing)
        }
        return String(decoding: content, as: UTF8.self)
    }

    private func withoutLeadingSpaces(_ lines: [[UInt8]]) -> [[UInt8]] {
        let first = lines.firstIndex { line in line.contains { $0 != 0x20 } } ?? lines.endIndex
        return lines[..<first].map { _ in [] } + lines[first...]
    }

    /// One break between two lines of text becomes a space. Lines that begin with a blank keep their breaks.
    private func folded(_ lines: ArraySlice<[UInt8]>) -> [UInt8] {
        var content: [UInt8] = []
        var breaks = 0
        var wasText: Bool?
        for line in lines {
            guard let first = line.first else {
                breaks += 1
                continue
            }
            let isText = first != 0x20 && first != 0x09
            if wasText == true, isText {
                content += breaks == 0 ? [0x20] : Array(repeating: 0x0A, count: breaks)
            } else {
                content += Array(repeating: 0x0A, count: breaks + (wasText == nil ? 0 : 1))
            }
            content += line
            (breaks, wasText) = (0, isText)
        }
        return content
    }
}
