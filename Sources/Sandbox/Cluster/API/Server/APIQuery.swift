/// A decoded query string: the last value of a repeated name counts.
struct APIQuery: Sendable {
    private let values: [String: String]

    init(_ query: String?) {
        var values: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decode(parts[0])] = parts.count > 1 ? Self.decode(parts[1]) : ""
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// `1`, `t`, `true` and their like, as Go reads them.
    func flag(_ name: String) -> Bool { ["1", "t", "T", "true", "TRUE", "True"].contains(values[name]) }

    /// - Throws: 400 for something else than a whole number.
    func number(_ name: String) throws(APIError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text) else {
            throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax (parameter \(name))")
        }
        return number
    }

    private static func decode(_ text: Substring) -> String {
        PercentCoding.decode(String(text).replacing("+", with: " "))
    }
}

/// Percent-decoding (RFC 3986, section 2.1); what is not a valid escape stays as it is.
enum PercentCoding {
    static func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
