/// A tar archive in memory, in the `ustar` form (POSIX.1-2024, pax, "ustar Interchange Format").
struct TarArchive {
    private(set) var bytes: [UInt8] = []
    private static let block = 512

    /// - Parameter path: relative, of at most 255 bytes with a slash somewhere in the last 100.
    mutating func add(_ path: String, _ content: [UInt8], mode: Int) {
        bytes += Self.header(path, size: content.count, mode: mode)
        bytes += content
        bytes += [UInt8](repeating: 0, count: (Self.block - content.count % Self.block) % Self.block)
    }

    /// The whole archive: two blocks of zeros are its end.
    func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 2 * Self.block) }

    private static func header(_ path: String, size: Int, mode: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: some Sequence<UInt8>, at offset: Int, _ length: Int) {
            for (index, byte) in text.prefix(length).enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int, at offset: Int, _ digits: Int) {
            let text = String(number, radix: 8)
            put((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8, at: offset, digits)
        }
        let (prefix, name) = split(Array(path.utf8))
        put(name, at: 0, 100)
        octal(mode, at: 100, 7)
        octal(0, at: 108, 7)
        octal(0, at: 116, 7)
        octal(size, at: 124, 11)
        octal(0, at: 136, 11)
        put("        ".utf8, at: 148, 8)
        header[156] = UInt8(ascii: "0")
        put("ustar\u{0}00".utf8, at: 257, 8)
        put(prefix, at: 345, 155)
        octal(header.reduce(0) { $0 + Int($1) }, at: 148, 6)
        header[154] = 0
        return header
    }

    /// A name has 100 bytes; what does not fit goes before a slash, into the prefix.
    private static func split(_ path: [UInt8]) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>) {
        guard path.count > 100 else { return ([], path[...]) }
        let slash = path.indices.first { path[$0] == UInt8(ascii: "/") && path.count - $0 - 1 <= 100 }
        guard let slash else { return ([], path[...]) }
        return (path[..<slash], path[(slash + 1)...])
    }
}
