import Foundation

/// Times that repeat, in UTC, as Kubernetes' CronJob takes them: five fields of numbers, names, ranges, lists and
/// steps, or a word such as `@hourly`
/// (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax).
///
/// As everywhere, when both the day of the month and the day of the week are given, either one is enough.
package struct CronSchedule: Sendable, Equatable {
    /// As Kubernetes takes it: single spaces, and 0 for a Sunday that was written as 7.
    package let text: String

    let minutes: CronTimes
    let hours: CronTimes
    let days: CronTimes
    let months: CronTimes
    let weekdays: CronTimes

    private static let words = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// What it probably does not mean, as a sentence without its end; nil if nothing is doubtful.
    var remark: String? {
        for (field, times) in zip(CronField.allCases, [minutes, hours, days, months, weekdays]) {
            guard let step = times.longStep else { continue }
            return "the step \(step) of the \(field.title) is longer than the field, so it has no effect: steps "
                + "start anew with each \(field.container)"
        }
        return nil
    }

    /// Nil for a text that is no schedule, or one of a time that never comes.
    package init?(_ text: String) {
        do throws(CronError) { try self.init(parsing: text) } catch { return nil }
    }

    init(parsing text: String) throws(CronError) {
        var fields = text.split { $0 == " " || $0 == "\t" }
        if let word = fields.first, word.hasPrefix("@"), fields.count == 1 {
            fields = try Self.fields(of: String(word)).split(separator: " ")
        }
        if let zone = fields.first, zone.hasPrefix("TZ=") || zone.hasPrefix("CRON_TZ=") {
            throw CronError("times are in UTC; leave out \(zone.quoted)")
        }
        guard fields.count == CronField.allCases.count else { throw Self.wrongCount(fields.count) }
        minutes = try CronField.minute.times(in: fields[0])
        hours = try CronField.hour.times(in: fields[1])
        days = try CronField.day.times(in: fields[2])
        months = try CronField.month.times(in: fields[3])
        weekdays = try CronField.weekday.times(in: fields[4])
        let weekday = weekdays.hasSeven
            ? weekdays.values.map(String.init).joined(separator: ",") : String(fields[4])
        self.text = fields[..<4].joined(separator: " ") + " " + weekday
        guard everComes else {
            let days = days.values.map(String.init).joined(separator: " or ")
            throw CronError("it never comes: none of its months has a day \(days)")
        }
    }

    private static func fields(of word: String) throws(CronError) -> String {
        if let fields = words[word] { return fields }
        switch word {
        case "@reboot": throw CronError("there is nothing like a start of the machine; give times")
        case "@every": throw CronError("write the times at which it runs, such as \"*/10 * * * *\"")
        default:
            let near = nearest(to: word, in: words.keys.sorted()).map { "; did you mean \"\($0)\"?" } ?? ""
            throw CronError("\(Substring(word).quoted) is no known word\(near)")
        }
    }

    private static func wrongCount(_ count: Int) -> CronError {
        let fields = CronField.allCases.map(\.title).joined(separator: ", ")
        let seconds = count == 6 ? ", without seconds or years" : ""
        return CronError("it has \(count) field\(count == 1 ? "" : "s"), and needs five: \(fields)\(seconds)")
    }

    /// A day of the week comes in every month, so only days of the month can be ones that no month has.
    private var everComes: Bool {
        guard weekdays.areAll, !days.areAll else { return true }
        return months.values.contains { month in
            days.values.contains { $0 <= CalendarDay.maxDays(in: month) }
        }
    }
}

// MARK: The next time

extension CronSchedule {
    /// The first time later than `date`, in whole minutes. Nil only beyond the year 9999.
    package func next(after date: Date) -> Date? {
        let (earliest, latest) = (-62_135_596_800.0, 253_402_300_799.0)
        guard date.timeIntervalSince1970 < latest else { return nil }
        let minute = Int((max(date.timeIntervalSince1970, earliest) / 60).rounded(.down)) + 1
        var day = CalendarDay(daysSince1970: minute.quotient(Self.minutesPerDay))
        // On the first day from the given minute, on all others from midnight.
        var start = minute.modulo(Self.minutesPerDay)
        let lastYear = day.year + Self.maxYears
        while day.year <= lastYear {
            if !months.contains(day.month) {
                day = day.firstOfNextMonth
            } else if matches(day), let found = minuteOfDay(from: start) {
                let seconds = Double((day.daysSince1970 * Self.minutesPerDay + found) * 60)
                return seconds <= latest ? Date(timeIntervalSince1970: seconds) : nil
            } else {
                day = day.next
            }
            start = 0
        }
        return nil
    }

    private static let minutesPerDay = 24 * 60
    /// The rarest day is 29 February, which after 1896 came again in 1904.
    private static let maxYears = 9

    private func matches(_ day: CalendarDay) -> Bool {
        let byDate = days.contains(day.day)
        let byWeekday = weekdays.contains(day.weekday)
        return days.areAll || weekdays.areAll ? byDate && byWeekday : byDate || byWeekday
    }

    private func minuteOfDay(from start: Int) -> Int? {
        for hour in (start / 60)..<24 where hours.contains(hour) {
            let first = hour == start / 60 ? start % 60 : 0
            if let minute = (first..<60).first(where: minutes.contains) { return hour * 60 + minute }
        }
        return nil
    }
}
