import Glibc

/// Cuts a stream of bytes into lines as people would see them on a terminal.
package struct LineSplitter: Sendable {
    /// A longer line is delivered in pieces of at most this length.
    package static let maxLineBytes = 64 << 10

    private var line: [UInt8] = []
    /// A carriage return came last: what follows, unless it is a newline, draws over the line.
    private var returned = false

    package init() {}

    package mutating func take(_ bytes: some Collection<UInt8>, _ deliver: (String) -> Void) {
        let isTaken: Void? = bytes.withContiguousStorageIfAvailable { take(UnsafeRawBufferPointer($0), deliver) }
        if isTaken == nil { Array(bytes).withUnsafeBytes { take($0, deliver) } }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, _ deliver: (String) -> Void) {
        var rest = bytes
        while let end = Self.place(of: UInt8(ascii: "\n"), in: rest) {
            draw(UnsafeRawBufferPointer(rebasing: rest[..<end]), deliver)
            flush(deliver)
            rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
        }
        draw(rest, deliver)
    }

    /// What has no newline.
    private mutating func draw(_ bytes: UnsafeRawBufferPointer, _ deliver: (String) -> Void) {
        var rest = bytes
        while let end = Self.place(of: UInt8(ascii: "\r"), in: rest) {
            append(UnsafeRawBufferPointer(rebasing: rest[..<end]), deliver)
            returned = true
            rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
        }
        append(rest, deliver)
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer, _ deliver: (String) -> Void) {
        guard !bytes.isEmpty else { return }
        if returned {
            line.removeAll(keepingCapacity: true)
            returned = false
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            if line.count == Self.maxLineBytes { deliverPiece(deliver) }
            let piece = rest.prefix(Self.maxLineBytes - line.count)
            line.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece))
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Output comes in large pieces, whose bytes are not worth a step each.
    private static func place(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else { return nil }
        return UnsafeRawPointer(found) - base
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
