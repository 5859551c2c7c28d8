/// Collects a response's head from the lines that libcurl hands out one by one.
struct HTTPClientHead {
    static let maxHeadBytes = 256 << 10

    private(set) var status = 0
    /// The final response's head is complete; later lines are trailers.
    private(set) var isComplete = false
    private var fields: [(name: String, value: String)] = []
    private var bytes = 0

    var headers: HTTPHeaders {
        var result = HTTPHeaders()
        for (name, value) in fields { result.add(name, value) }
        return result
    }

    /// False when the head grows too large.
    mutating func take(line: UnsafeBufferPointer<UInt8>) -> Bool {
        if isComplete { return true }
        bytes += line.count
        guard bytes <= Self.maxHeadBytes else { return false }
        let text = Self.trimmed(line[...])
        if line.starts(with: "HTTP/".utf8) {
            // An informational response (1xx) may have come before (RFC 9110, section 15.2).
            fields = []
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if text.isEmpty {
            isComplete = status >= 200
        } else if line.first == 0x20 || line.first == 0x09 {
            // A folded line (RFC 9112, section 5.2) continues the value before it.
            if let last = fields.indices.last { fields[last].value += " " + text }
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            fields.append((Self.trimmed(line[..<colon]), Self.trimmed(line[(colon + 1)...])))
        }
        return true
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
