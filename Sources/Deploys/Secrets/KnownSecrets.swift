import Foundation

/// Values that are known to be secret, found in texts in a time that hardly depends on how many they are: a text is
/// looked up by its next bytes, and among the values that begin like that by halving.
struct KnownSecrets: Sendable {
    /// So many bytes are looked up at once; no value is shorter.
    static let headBytes = SecretMask.minKnownBytes
    private static let headMask: UInt64 = (1 << (8 * UInt64(headBytes))) - 1
    private static let firstFilterBits = 1 << 12
    /// Of the filter: then few of a text's bytes are looked up in vain.
    private static let minBitsPerHead = 32

    /// By their heads; sorted, each value once.
    private var values: [UInt64: [[UInt8]]] = [:]
    /// A bit for each head, where its hash says.
    private var filter = [UInt64](repeating: 0, count: firstFilterBits / 64)

    var isEmpty: Bool { values.isEmpty }

    // MARK: Learning

    func contains(_ value: [UInt8]) -> Bool {
        guard value.count >= Self.headBytes, let known = values[Self.head(value)] else { return false }
        let place = Self.place(of: value, 0..<value.count, in: known)
        return place > 0 && known[place - 1] == value
    }

    mutating func insert(_ new: some Sequence<[UInt8]>) {
        var added: [UInt64: [[UInt8]]] = [:]
        for value in new where value.count >= Self.headBytes && !contains(value) {
            added[Self.head(value), default: []].append(value)
        }
        for (head, more) in added {
            add(more, to: head)
            mark(head)
        }
        while filter.count * 64 < values.count * Self.minBitsPerHead {
            filter = [UInt64](repeating: 0, count: filter.count * 2)
            for head in values.keys { mark(head) }
        }
    }

    /// More than so many are sorted together with what is there.
    private static let maxSingleInsertions = 16

    private mutating func add(_ more: [[UInt8]], to head: UInt64) {
        var known = values[head] ?? []
        // Copied by nobody while it grows.
        values[head] = nil
        if more.count <= Self.maxSingleInsertions {
            for value in more { known.insert(value, at: Self.place(of: value, 0..<value.count, in: known)) }
        } else {
            known += more
            known.sort { Self.order($0, $1, 0..<$1.count) < 0 }
        }
        values[head] = known
    }

    private mutating func mark(_ head: UInt64) {
        let bit = bit(of: head)
        filter[bit / 64] |= 1 << UInt64(bit % 64)
    }

    // MARK: Finding

    /// The length of the longest known value at `index`; nil when there is none.
    /// - Parameter head: of the bytes from there.
    func length(at index: Int, of bytes: [UInt8], head: UInt64) -> Int? {
        let bit = bit(of: head)
        guard filter[bit / 64] & 1 << UInt64(bit % 64) != 0, let known = values[head] else { return nil }
        var text = index..<bytes.count
        // Whatever a text begins with stands before it in the order. Is the value right before it no beginning of it,
        // then what both have in common is the most that can be one.
        while text.count >= Self.headBytes {
            let place = Self.place(of: bytes, text, in: known)
            guard place > 0 else { return nil }
            let value = known[place - 1]
            var common = 0
            while common < min(value.count, text.count), value[common] == bytes[index + common] { common += 1 }
            if common == value.count { return common }
            text = index..<(index + common)
        }
        return nil
    }

    /// How many of the sorted values are not behind a part of `bytes`.
    private static func place(of bytes: [UInt8], _ part: Range<Int>, in known: [[UInt8]]) -> Int {
        var (low, high) = (0, known.count)
        while low < high {
            let middle = (low + high) / 2
            if order(known[middle], bytes, part) > 0 { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Less than 0 for a value before a part of `bytes`, as words are ordered; 0 for the same.
    private static func order(_ value: [UInt8], _ bytes: [UInt8], _ part: Range<Int>) -> Int {
        let order = value.withUnsafeBytes { value in
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress, let valueStart = value.baseAddress else { return Int32(0) }
                return memcmp(valueStart, start + part.lowerBound, min(value.count, part.count))
            }
        }
        return order == 0 ? value.count - part.count : Int(order)
    }

    /// So many bytes as a number.
    static func head(_ bytes: [UInt8], at index: Int = 0) -> UInt64 {
        var head: UInt64 = 0
        for place in index..<(index + headBytes) { head = next(head, bytes[place]) }
        return head
    }

    /// The head one byte on.
    static func next(_ head: UInt64, _ byte: UInt8) -> UInt64 { (head << 8 | UInt64(byte)) & headMask }

    /// A multiplication spreads heads evenly (Knuth, TAOCP volume 3, section 6.4).
    private func bit(of head: UInt64) -> Int {
        Int((head &* 0x9E37_79B9_7F4A_7C15) >> 32) & (filter.count * 64 - 1)
    }
}
