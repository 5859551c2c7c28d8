// Dates and times (TOML 1.0, "Offset Date-Time" to "Local Time"; RFC 3339 section 5.6).
extension TOMLParser {
    /// Reads a date, a time or both, if that is what stands here; otherwise nothing is read.
    ///
    /// - Parameter end: where the run of value characters ends.
    mutating func parseMoment(end: Int) throws(TOMLError) -> TOMLValue.Content? {
        let start = offset
        let startsTime = byte(start + 2) == UInt8(ascii: ":") && end >= start + 3
        let startsDate = byte(start + 4) == UInt8(ascii: "-") && end >= start + 5
        guard startsTime || startsDate, isDigit(start), isDigit(start + 1) else { return nil }
        guard startsTime || isDigit(start + 2) && isDigit(start + 3) else { return nil }
        let content = startsTime ? parseTime().map { .time($0) } : parseDateAndTime()
        guard let content, offset == endOfToken() else {
            offset = start
            let text = TOMLText.plain(text(start..<end))
            throw error(
                """
                `\(text)` is no date or time; they are written 2026-01-31, 08:30:00 or \
                2026-01-31T08:30:00Z
                """)
        }
        return content
    }

    private mutating func parseDateAndTime() -> TOMLValue.Content? {
        guard let date = parseDate() else { return nil }
        switch current {
        case UInt8(ascii: "T"), UInt8(ascii: "t"): break
        // A space separates them only if a time follows; otherwise the value has ended.
        case UInt8(ascii: " ") where isDigit(offset + 1): break
        default: return .date(date)
        }
        offset += 1
        guard let time = parseTime() else { return nil }
        switch current {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            offset += 1
            return .dateTime(TOMLDateTime(date: date, time: time, offsetMinutes: 0))
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard let minutes = parseUTCOffset() else { return nil }
            return .dateTime(TOMLDateTime(date: date, time: time, offsetMinutes: minutes))
        default:
            return .dateTime(TOMLDateTime(date: date, time: time, offsetMinutes: nil))
        }
    }

    private mutating func parseDate() -> TOMLDate? {
        guard let year = number(4), skip(UInt8(ascii: "-")),
            let month = number(2), skip(UInt8(ascii: "-")), let day = number(2),
            (1...12).contains(month), (1...daysIn(month, of: year)).contains(day)
        else { return nil }
        return TOMLDate(year: Int16(year), month: UInt8(month), day: UInt8(day))
    }

    private mutating func parseTime() -> TOMLTime? {
        guard let hour = number(2), skip(UInt8(ascii: ":")),
            let minute = number(2), skip(UInt8(ascii: ":")), let second = number(2),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var nanosecond = 0
        if skip(UInt8(ascii: ".")) {
            var unit = 100_000_000
            guard isDigit(offset) else { return nil }
            while isDigit(offset) {
                nanosecond += unit * Int(current - UInt8(ascii: "0"))
                unit /= 10
                offset += 1
            }
        }
        return TOMLTime(
            hour: UInt8(hour), minute: UInt8(minute), second: UInt8(second),
            nanosecond: UInt32(nanosecond))
    }

    private mutating func parseUTCOffset() -> Int16? {
        let isNegative = current == UInt8(ascii: "-")
        offset += 1
        guard let hour = number(2), skip(UInt8(ascii: ":")), let minute = number(2),
            hour < 24, minute < 60
        else { return nil }
        return Int16((hour * 60 + minute) * (isNegative ? -1 : 1))
    }

    // MARK: Pieces

    private func isDigit(_ at: Int) -> Bool {
        byte(at) >= UInt8(ascii: "0") && byte(at) <= UInt8(ascii: "9")
    }

    private mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard isDigit(offset) else { return nil }
            value = value * 10 + Int(current - UInt8(ascii: "0"))
            offset += 1
        }
        return value
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        offset += 1
        return true
    }

    private func daysIn(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
