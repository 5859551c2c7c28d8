/// Cuts a stream of bytes into lines as people would see them on a terminal.
package struct LineSplitter: Sendable {
    /// A longer line is delivered in pieces of at most this length.
    package static let maxLineBytes = 64 << 10

    private var line: [UInt8] = []
    /// A carriage return came last: what follows, unless it is a newline, draws over the line.
    private var returned = false

    package init() {}

    package mutating func take(_ bytes: some Collection<UInt8>, _ deliver: (String) -> Void) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"):
                flush(deliver)
            case UInt8(ascii: "\r"):
                returned = true
            default:
                if returned {
                    line.removeAll(keepingCapacity: true)
                    returned = false
                }
                if line.count == Self.maxLineBytes { deliverPiece(deliver) }
                line.append(byte)
            }
        }
    }

    /// Delivers the last line if it had no newline.
    package mutating func finish(_ deliver: (String) -> Void) {
        if !line.isEmpty { flush(deliver) }
    }

    private mutating func flush(_ deliver: (String) -> Void) {
        deliver(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
        returned = false
    }

    /// Keeps back the bytes of a character that is not complete yet.
    private mutating func deliverPiece(_ deliver: (String) -> Void) {
        var end = line.count
        while end > line.count - 4, line[end - 1] & 0xC0 == 0x80 { end -= 1 }
        // Now `line[end - 1]` begins the last character; ASCII is complete in itself.
        if line[end - 1] < 0x80 { end = line.count } else { end -= 1 }
        deliver(String(decoding: line[..<end], as: UTF8.self))
        line.removeFirst(end)
    }
}
