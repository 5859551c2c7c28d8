extension JSONParser {
    /// RFC 8259, section 7. Stands on the opening quote.
    @inline(__always)
    mutating func string() throws(JSONError) -> String {
        let start = position + 1
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return try validated(UnsafeBufferPointer(rebasing: bytes[start..<index]), at: start)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start, firstEscape: index) }
            if byte < 0x20 { throw controlCharacter(at: index) }
            index += 1
        }
        throw error("the text ends inside a string", at: index)
    }

    private func validated(_ content: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONError) -> String {
        var result = String(decoding: content, as: UTF8.self)
        // Decoding repairs what is wrong, so only UTF-8 comes out as it went in. (`String(validating:)`
        // takes four times as long.)
        if result.withUTF8({ $0.elementsEqual(content) }) { return result }
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = content.makeIterator()
        var offset = start
        while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { offset += scalar.count }
        throw error("a string that is not UTF-8", at: offset)
    }

    func controlCharacter(at index: Int) -> JSONError {
        error("\(name(of: bytes[index])) in a string must be written as an escape", at: index)
    }

    /// Collects the bytes, for a string with at least one escape.
    private mutating func escapedString(from start: Int, firstEscape: Int) throws(JSONError) -> String {
        var content: [UInt8] = []
        content.reserveCapacity(2 * (firstEscape - start) + 32)
        var runStart = start
        position = firstEscape
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                let run = UnsafeBufferPointer(rebasing: bytes[runStart..<position])
                // Checked run by run: an escape between two bytes must not make them one character.
                if !run.allSatisfy({ $0 < 0x80 }) { _ = try validated(run, at: runStart) }
                content.append(contentsOf: run)
                position += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
                try escape(into: &content)
                runStart = position
            } else if byte < 0x20 {
                throw controlCharacter(at: position)
            } else {
                position += 1
            }
        }
        throw error("the text ends inside a string")
    }

    /// Stands behind the backslash.
    mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw error("the text ends inside a string") }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "u"): content.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw error("there is no escape \\ with \(name(of: letter))", at: position - 2)
        }
    }

    /// Stands behind `\u`. A character outside the Basic Multilingual Plane comes as two escapes.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = position - 2
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let second = try fourHexDigits()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw error("half a surrogate pair", at: start)
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = hexDigit(bytes[position]) else {
                throw unexpected("four hexadecimal digits after \\u")
            }
            result = result << 4 | UInt32(digit)
            position += 1
        }
        return result
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// RFC 8259, section 6. Stands on the sign or the first digit.
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        if let whole = try scanNumber() { return .int(whole) }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw error("a number too large", at: start) }
        return .double(value)
    }

    /// - Returns: a whole number's value; nil for one that does not fit, and for every other number.
    mutating func scanNumber() throws(JSONError) -> Int? {
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        // Counted downwards, for Int.min has no positive counterpart; nil once it does not fit.
        var whole: Int? = 0
        let wholeStart = position
        try digits { digit in
            guard let soFar = whole else { return }
            let (product, tooLarge) = soFar.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeAgain) = product.subtractingReportingOverflow(Int(digit))
            whole = tooLarge || tooLargeAgain ? nil : sum
        }
        if bytes[wholeStart] == UInt8(ascii: "0"), position - wholeStart > 1 {
            throw error("a number must not begin with 0", at: wholeStart)
        }
        var isWhole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try digits { _ in }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
                position += 1
            }
            try digits { _ in }
        }
        guard isWhole, let whole else { return nil }
        if isNegative { return whole }
        return whole == .min ? nil : -whole
    }

    /// At least one digit.
    private mutating func digits(_ body: (UInt8) -> Void) throws(JSONError) {
        let start = position
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            body(digit)
            position += 1
        }
        if position == start { throw unexpected("a digit") }
    }
}
