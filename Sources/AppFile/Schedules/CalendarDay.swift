/// A day of the Gregorian calendar, also before it was introduced.
///
/// `Foundation.Calendar` would do, but a schedule asks for thousands of days.
struct CalendarDay: Equatable {
    let daysSince1970: Int
    let year: Int
    /// 1 to 12
    let month: Int
    /// 1 to 31
    let day: Int

    init(daysSince1970: Int) {
        self.daysSince1970 = daysSince1970
        // A guess from the average year, which is off by one at most.
        var year = 1970 + Int((Double(daysSince1970) / 365.2425).rounded(.down))
        while Self.daysBefore(year) > daysSince1970 { year -= 1 }
        while Self.daysBefore(year + 1) <= daysSince1970 { year += 1 }
        var rest = daysSince1970 - Self.daysBefore(year)
        var month = 1
        while rest >= Self.days(in: month, of: year) {
            rest -= Self.days(in: month, of: year)
            month += 1
        }
        (self.year, self.month, day) = (year, month, rest + 1)
    }

    /// 0 is Sunday; 1 January 1970 was a Thursday.
    var weekday: Int { (daysSince1970 + 4).modulo(7) }

    var next: CalendarDay { CalendarDay(daysSince1970: daysSince1970 + 1) }

    var firstOfNextMonth: CalendarDay {
        CalendarDay(daysSince1970: daysSince1970 + Self.days(in: month, of: year) - day + 1)
    }

    /// From 1 January 1970 to 1 January of `year`; negative for earlier years.
    private static func daysBefore(_ year: Int) -> Int {
        365 * (year - 1970) + leapDays(before: year) - leapDays(before: 1970)
    }

    private static func leapDays(before year: Int) -> Int {
        let last = year - 1
        return last.quotient(4) - last.quotient(100) + last.quotient(400)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year.modulo(4) == 0 && (year.modulo(100) != 0 || year.modulo(400) == 0)
        return month == 2 && !isLeap ? 28 : maxDays(in: month)
    }

    /// In the longest year.
    static func maxDays(in month: Int) -> Int {
        switch month {
        case 2: 29
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int {
    /// Rounded down, also below zero.
    func quotient(_ divisor: Int) -> Int { self / divisor - (self % divisor < 0 ? 1 : 0) }

    /// What `quotient` leaves, which is never negative.
    func modulo(_ divisor: Int) -> Int { self - quotient(divisor) * divisor }
}
