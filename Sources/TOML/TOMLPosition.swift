/// A place in a TOML text: line and column, both counted from 1. Columns count Unicode scalars;
/// a tab is one, and a byte order mark at the start is none.
package struct TOMLPosition: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: TOMLPosition, right: TOMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Turns byte offsets into positions. Offsets are asked for in rising order, so counting goes on
/// from the last one and the text is counted once.
struct PositionTracker {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset: Int
    private var position = TOMLPosition(line: 1, column: 1)

    /// - Parameter start: the offset that counts as line 1, column 1.
    init(bytes: UnsafeBufferPointer<UInt8>, start: Int) {
        self.bytes = bytes
        offset = start
    }

    mutating func position(at target: Int) -> TOMLPosition {
        assert(target >= offset, "positions are asked for in rising order")
        let end = min(target, bytes.count)
        var (line, column) = (position.line, position.column)
        while offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0b1100_0000 != 0b1000_0000 {
                // Every UTF-8 byte but the continuation bytes (10xxxxxx) begins a scalar.
                column += 1
            }
            offset += 1
        }
        position = TOMLPosition(line: line, column: column)
        return position
    }
}
