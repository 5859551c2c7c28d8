import JSON

/// What a plain scalar means: the core schema (section 10.3.2).
extension YAMLParser {
    func resolve(_ text: String, at start: Int) throws(YAMLError) -> JSON {
        switch text {
        case "null", "Null", "NULL", "~": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first || "+-.".utf8.contains(first)
        else { return .string(text) }
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(text.trimmingPrefix { "+-".contains($0) }) {
            throw error("a number that is none", at: start)
        }
        if let whole = Self.whole(text) { return whole }
        if let float = try float(text, at: start) { return float }
        return .string(text)
    }

    /// Decimal, `0o` octal or `0x` hexadecimal; nil when it is none of these or too large.
    private static func whole(_ text: String) -> JSON? {
        let digits = text.utf8.dropFirst("+-".utf8.contains(text.utf8.first ?? 0) ? 1 : 0)
        if digits.count > 2, text.hasPrefix("0o") || text.hasPrefix("0x") {
            let isSigned = text.dropFirst(2).hasPrefix("+") || text.dropFirst(2).hasPrefix("-")
            return isSigned ? nil : Int(text.dropFirst(2), radix: text.hasPrefix("0o") ? 8 : 16).map(JSON.int)
        }
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return Int(text).map(JSON.int)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private func float(_ text: String, at start: Int) throws(YAMLError) -> JSON? {
        var rest = text.utf8[...]
        func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
        func takeDigits() -> Int {
            let count = rest.prefix(while: Self.isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        if let first = rest.first, isSign(first) { rest = rest.dropFirst() }
        let before = takeDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if takeDigits() == 0, before == 0 { return nil }
        } else if before == 0 {
            return nil
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, isSign(sign) { rest = rest.dropFirst() }
            if takeDigits() == 0 { return nil }
        }
        guard rest.isEmpty else { return nil }
        guard let value = Double(text), value.isFinite else { throw error("a number too large", at: start) }
        return .double(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
