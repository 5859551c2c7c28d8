/// The offset of the first byte that does not belong to well-formed UTF-8 (RFC 3629 section 4,
/// table 3-7 of the Unicode Standard); nil when the whole text is well-formed.
func firstInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var offset = 0
    while offset < bytes.count {
        offset = endOfASCII(bytes, from: offset)
        guard offset < bytes.count else { return nil }
        guard let length = sequenceLength(bytes, at: offset) else { return offset }
        offset += length
    }
    return nil
}

/// The first offset at or after `start` that holds no ASCII; settings files are nearly all
/// ASCII, so eight bytes are looked at together.
private func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var offset = start
    let raw = UnsafeRawBufferPointer(bytes)
    while offset + 8 <= raw.count,
        raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
        offset += 8
    }
    while offset < bytes.count, bytes[offset] < 0x80 { offset += 1 }
    return offset
}

/// How many bytes the sequence at `offset`, which is not ASCII, has; nil if it is ill-formed.
private func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
    let length: Int
    // The second byte's range excludes overlong forms, surrogates and values past U+10FFFF.
    let second: ClosedRange<UInt8>
    switch bytes[offset] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return nil }
    for next in (offset + 2)..<(offset + max(2, length)) where bytes[next] & 0xC0 != 0x80 {
        return nil
    }
    return length
}
