extension String {
    /// The text with `other` in the place of every `part`, byte by byte.
    ///
    /// For text of others, and parts that mean something to a reader: `replacing` compares what people see as one
    /// character, and that can be a `<` together with a letter before it or marks behind it (Unicode Annex 29, Prepend
    /// and Extend), which browsers, Slack and shells read as the `<` that it is.
    package func replacingEvery(_ part: String, with other: String) -> String {
        let wanted = Array(part.utf8)
        guard let first = wanted.first, utf8.contains(first) else { return self }
        let bytes = Array(utf8)
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count + 16)
        var index = 0
        while index < bytes.count {
            if bytes[index] == first, bytes[index...].starts(with: wanted) {
                kept.append(contentsOf: other.utf8)
                index += wanted.count
            } else {
                kept.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Whether these bytes stand in it, whatever they are joined with.
    package func hasBytes(of part: String) -> Bool {
        var (text, part) = (self, part)
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first else { return true }
                var rest = text[...]
                while rest.count >= part.count, let start = rest.firstIndex(of: first) {
                    rest = rest[start...]
                    if rest.starts(with: part) { return true }
                    rest = rest.dropFirst()
                }
                return false
            }
        }
    }

    /// Whether it is printable ASCII, and this byte: then every byte is a character, and none of them is unseen.
    package func isPlain(besides other: UInt8 = 0x20) -> Bool {
        utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == other }
    }
}
