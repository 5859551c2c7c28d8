/// A calendar date without a time zone (TOML 1.0, "Local Date").
package struct TOMLDate: Sendable, Hashable {
    package var year: Int16
    package var month: UInt8
    package var day: UInt8
}

/// A time of day without a time zone (TOML 1.0, "Local Time").
package struct TOMLTime: Sendable, Hashable {
    package var hour: UInt8
    package var minute: UInt8
    /// 60 only in a leap second.
    package var second: UInt8
    /// Digits beyond the ninth are cut off, not rounded, as TOML 1.0 asks.
    package var nanosecond: UInt32
}

/// A date and a time, with the distance to UTC when the text gives one.
package struct TOMLDateTime: Sendable, Hashable {
    package var date: TOMLDate
    package var time: TOMLTime
    /// Minutes ahead of UTC; nil for a local date-time.
    package var offsetMinutes: Int16?
}

// The descriptions are RFC 3339 section 5.6, with `T` and without needless zeros in fractions.

extension TOMLDate: CustomStringConvertible {
    package var description: String {
        padded(Int(year), 4) + "-" + padded(Int(month), 2) + "-" + padded(Int(day), 2)
    }
}

extension TOMLTime: CustomStringConvertible {
    package var description: String {
        var text = [hour, minute, second].map { padded(Int($0), 2) }.joined(separator: ":")
        if nanosecond > 0 {
            var fraction = padded(Int(nanosecond), 9)
            while fraction.last == "0" { fraction.removeLast() }
            text += "." + fraction
        }
        return text
    }
}

extension TOMLDateTime: CustomStringConvertible {
    package var description: String {
        "\(date)T\(time)" + offsetText
    }

    private var offsetText: String {
        guard let offsetMinutes else { return "" }
        if offsetMinutes == 0 { return "Z" }
        let minutes = Int(offsetMinutes.magnitude)
        return (offsetMinutes < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":"
            + padded(minutes % 60, 2)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
