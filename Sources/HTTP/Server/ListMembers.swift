/// The members of a comma-separated list (RFC 9110, section 5.6.1), trimmed, empty ones left out.
struct ListMembers {
    private var rest: Range<Int>

    init(_ range: Range<Int>) { rest = range }

    mutating func next(_ input: Span<UInt8>) -> Range<Int>? {
        while !rest.isEmpty {
            var end = rest.lowerBound
            while end < rest.upperBound, input[end] != UInt8(ascii: ",") { end += 1 }
            let member = input.trimmed(rest.lowerBound..<end)
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
            if !member.isEmpty { return member }
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes of that range are `name` in any case; `name` is in lower case.
    func has(_ name: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count
        where self[range.lowerBound + offset].asciiLowercased != name.utf8Start[offset] {
            return false
        }
        return true
    }

    /// The range without spaces and tabs at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, ByteClass.isBlank(self[start]) { start += 1 }
        while end > start, ByteClass.isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
    }
}
