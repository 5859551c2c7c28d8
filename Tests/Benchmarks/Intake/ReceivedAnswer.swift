import Foundation

/// An answer that has come whole: with `Content-Length`, or in chunks of which the last one is there.
struct ReceivedAnswer {
    private let bytes: [UInt8]
    private let bodyStart: Int

    /// - Returns: nil while more of it is to come.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.position(of: "\r\n\r\n", from: 0) else { return nil }
        self.bytes = bytes
        bodyStart = end + 4
        // Servers write `Content-Length` and `content-length`.
        if let field = bytes.position(of: "ontent-", "ength: ", upTo: end) {
            let digits = bytes[field..<end].prefix { (48...57).contains($0) }
            let length = digits.reduce(0) { $0 * 10 + Int($1) - 48 }
            guard bytes.count >= bodyStart + length else { return nil }
        } else if !bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8) {
            return nil
        }
    }

    /// - Parameter mark: what the body has to hold; empty for anything.
    func isGood(_ mark: String) -> Bool {
        bytes.dropFirst(9).prefix(3).elementsEqual("200".utf8)
            && (mark.isEmpty || bytes.position(of: mark, from: bodyStart) != nil)
    }
}

extension [UInt8] {
    fileprivate func position(of text: StaticString, from start: Int) -> Int? {
        position(of: text.utf8Start, text.utf8CodeUnitCount, from: start)
    }

    fileprivate func position(of text: String, from start: Int) -> Int? {
        var text = text
        return text.withUTF8 { text in text.baseAddress.flatMap { position(of: $0, text.count, from: start) } }
    }

    /// Where the second text ends that comes one byte behind the first one's end, as in `ontent-Length: `.
    fileprivate func position(of first: StaticString, _ second: StaticString, upTo end: Int) -> Int? {
        var start = 0
        while let found = position(of: first, from: start), found < end {
            let behind = found + first.utf8CodeUnitCount + 1
            if position(of: second, from: behind) == behind { return behind + second.utf8CodeUnitCount }
            start = behind
        }
        return nil
    }

    private func position(of text: UnsafePointer<UInt8>, _ length: Int, from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var index = start
            while index + length <= count {
                guard let found = memchr(base + index, Int32(text[0]), count - index - length + 1) else { return nil }
                index = UnsafeRawPointer(found) - base
                if memcmp(base + index, text, length) == 0 { return index }
                index += 1
            }
            return nil
        }
    }
}
