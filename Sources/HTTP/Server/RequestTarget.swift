/// The forms of a request target that this server takes (RFC 9112, section 3.2): origin form,
/// absolute form, and `*` for OPTIONS. The authority form belongs to CONNECT, which we do not have.
struct RequestTarget {
    /// The host and port of an absolute form; nil for the others.
    private(set) var authority: Range<Int>?
    private var path: Range<Int>
    private var isOptions: Bool

    init(_ input: Span<UInt8>, _ range: Range<Int>, isOptions: Bool) throws(HTTPRefusal) {
        self.isOptions = isOptions
        path = range
        if input[range.lowerBound] == UInt8(ascii: "/") { return }
        if range.count == 1, input[range.lowerBound] == UInt8(ascii: "*"), isOptions { return }
        guard let start = Self.authorityStart(input, range) else { throw .invalidTarget }
        var end = start
        while end < range.upperBound, input[end] != UInt8(ascii: "/"), input[end] != UInt8(ascii: "?") {
            end += 1
        }
        // An empty host names nobody, and user information is an attack (RFC 9110, section 4.2.4).
        guard start < end, HostSyntax.isValid(input, start..<end) else { throw .invalidTarget }
        authority = start..<end
        path = end..<range.upperBound
    }

    private static func authorityStart(_ input: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let start = range.lowerBound
        if range.count > 7, input.has("http://", at: start..<start + 7) { return start + 7 }
        if range.count > 8, input.has("https://", at: start..<start + 8) { return start + 8 }
        return nil
    }

    /// The target as an origin server reads it; OPTIONS for a bare host asks about the whole server
    /// (RFC 9112, section 3.2.4).
    func originForm(_ input: Span<UInt8>) -> String {
        if path.isEmpty { return isOptions ? "*" : "/" }
        let text = input.text(path)
        return input[path.lowerBound] == UInt8(ascii: "?") ? "/" + text : text
    }
}

/// `uri-host [ ":" port ]` (RFC 9110, section 7.2).
enum HostSyntax {
    static func isValid(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        if input[index] == UInt8(ascii: "[") {
            index += 1
            let start = index
            while index < range.upperBound, isAddressByte(input[index]) { index += 1 }
            guard index > start, index < range.upperBound, input[index] == UInt8(ascii: "]") else {
                return false
            }
            index += 1
        } else {
            while index < range.upperBound, ByteClass.isHostName(input[index]) { index += 1 }
            guard index > range.lowerBound else { return false }
        }
        guard index < range.upperBound else { return true }
        guard input[index] == UInt8(ascii: ":") else { return false }
        return isPort(input, index + 1..<range.upperBound)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        ByteClass.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// An empty port is allowed (RFC 3986, section 3.2.3); 16 bits hold every other.
    private static func isPort(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var port = 0
        for index in range {
            guard ByteClass.isDigit(input[index]) else { return false }
            port = port * 10 + Int(input[index]) - 0x30
            guard port <= 65_535 else { return false }
        }
        return true
    }
}
