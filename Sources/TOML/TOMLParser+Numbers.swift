// Values without quotes: booleans and numbers (TOML 1.0, "Integer", "Float", "Boolean").
extension TOMLParser {
    mutating func parseBareValue() throws(TOMLError) -> TOMLValue.Content {
        let start = offset
        let end = endOfToken()
        guard end > start else { throw error("a value is missing here, in front of \(found())") }
        if let moment = try parseMoment(end: end) { return moment }
        let token = UnsafeBufferPointer(rebasing: bytes[start..<end])
        guard let content = Self.word(token) ?? Self.integer(token) ?? Self.float(token) else {
            throw noValue(token)
        }
        offset = end
        return content
    }

    private static func word(_ token: UnsafeBufferPointer<UInt8>) -> TOMLValue.Content? {
        guard token[0] >= UInt8(ascii: "a") else { return nil }
        if token.elementsEqual("true".utf8) { return .boolean(true) }
        if token.elementsEqual("false".utf8) { return .boolean(false) }
        return nil
    }

    // MARK: Integers

    private static func integer(_ token: UnsafeBufferPointer<UInt8>) -> TOMLValue.Content? {
        let isPrefixed = token.count > 2 && token[0] == UInt8(ascii: "0")
        switch isPrefixed ? token[1] : 0 {
        case UInt8(ascii: "x"): return digits(token[2...], radix: 16, isNegative: false)
        case UInt8(ascii: "o"): return digits(token[2...], radix: 8, isNegative: false)
        case UInt8(ascii: "b"): return digits(token[2...], radix: 2, isNegative: false)
        default:
            let sign = signLength(token)
            let hasLeadingZero = token.count > sign + 1 && token[sign] == UInt8(ascii: "0")
            guard !hasLeadingZero else { return nil }
            return digits(
                token[sign...], radix: 10, isNegative: token[0] == UInt8(ascii: "-"))
        }
    }

    private static func signLength(_ token: UnsafeBufferPointer<UInt8>) -> Int {
        token[0] == UInt8(ascii: "-") || token[0] == UInt8(ascii: "+") ? 1 : 0
    }

    /// Nil unless all are digits of the radix, with single underscores between digits only, and
    /// the value fits 64 bits.
    private static func digits(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, radix: Int, isNegative: Bool
    ) -> TOMLValue.Content? {
        var value = 0
        var followsDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_"), followsDigit {
                followsDigit = false
                continue
            }
            guard let digit = hexDigit(byte), digit < radix else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: radix)
            // Built up on the side of its sign, since the lowest number has no positive twin.
            let (next, carry) =
                isNegative
                ? shifted.subtractingReportingOverflow(Int(digit))
                : shifted.addingReportingOverflow(Int(digit))
            guard !overflow, !carry else { return nil }
            value = next
            followsDigit = true
        }
        return followsDigit ? .integer(value) : nil
    }

    // MARK: Floats

    private static func float(_ token: UnsafeBufferPointer<UInt8>) -> TOMLValue.Content? {
        let sign = signLength(token)
        let isNegative = token[0] == UInt8(ascii: "-")
        let rest = token[sign...]
        if rest.elementsEqual("inf".utf8) { return .float(isNegative ? -.infinity : .infinity) }
        if rest.elementsEqual("nan".utf8) { return .float(.nan) }

        var next = token.startIndex + sign
        guard let whole = digitRun(token, &next) else { return nil }
        guard whole == 1 || token[sign] != UInt8(ascii: "0") else { return nil }
        var hasPart = false
        if next < token.count, token[next] == UInt8(ascii: ".") {
            next += 1
            guard digitRun(token, &next) != nil else { return nil }
            hasPart = true
        }
        if next < token.count, token[next] | 0x20 == UInt8(ascii: "e") {
            next += 1
            if next < token.count { next += signLength(.init(rebasing: token[next...])) }
            guard digitRun(token, &next) != nil else { return nil }
            hasPart = true
        }
        guard hasPart, next == token.count else { return nil }
        let plain = token.filter { $0 != UInt8(ascii: "_") }
        return Double(String(decoding: plain, as: UTF8.self)).map { .float($0) }
    }

    /// Moves over decimal digits with single underscores between them; their number, or nil if
    /// there are none or an underscore stands at an end.
    private static func digitRun(
        _ token: UnsafeBufferPointer<UInt8>, _ next: inout Int
    ) -> Int? {
        let start = next
        var followsDigit = false
        while next < token.count {
            switch token[next] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): followsDigit = true
            case UInt8(ascii: "_") where followsDigit: followsDigit = false
            default: return followsDigit ? next - start : nil
            }
            next += 1
        }
        return followsDigit ? next - start : nil
    }
}

// MARK: Sentences

extension TOMLParser {
    private mutating func noValue(_ token: UnsafeBufferPointer<UInt8>) -> TOMLError {
        let text = String(decoding: token, as: UTF8.self)
        if let sentence = Self.invisible(in: text) { return error(sentence) }
        let lower = text.lowercased()
        if ["true", "false", "inf", "nan"].contains(lower), lower != text {
            return error("`\(TOMLText.plain(text))` must be written in lower case: `\(lower)`")
        }
        return error("this \(numberAdvice(token) ?? "is no value; text needs quotes")")
    }

    /// What is wrong with something that begins as a number; nil if it does not.
    private func numberAdvice(_ token: UnsafeBufferPointer<UInt8>) -> String? {
        let sign = Self.signLength(token)
        let digits = token[sign...]
        guard let first = digits.first, first < 0x80, Self.hexDigit(first).map({ $0 < 10 }) ?? false
        else { return nil }
        if digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
            return digits.count > 1 && first == UInt8(ascii: "0")
                ? "begins with a zero, which numbers cannot; leave it out"
                : "does not fit the range of whole numbers, which is 64 bits"
        }
        return "is no number, date or time; text needs quotes"
    }
}
