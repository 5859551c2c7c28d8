import AppFile
import Foundation
import TestSupport
import XCTest

final class CronScheduleTests: XCTestCase {
    private func date(_ text: String) throws -> Date {
        try Date(text + ":00Z", strategy: .iso8601)
    }

    private func assertNext(
        _ schedule: String, _ start: String, _ expected: String, line: UInt = #line
    ) throws {
        let parsed = try XCTUnwrap(CronSchedule(schedule), schedule, line: line)
        XCTAssertEqual(parsed.next(after: try date(start)), try date(expected), schedule, line: line)
    }

    func testTheNextTime() throws {
        try assertNext("13 * * * *", "2026-01-31T10:12", "2026-01-31T10:13")
        try assertNext("13 * * * *", "2026-01-31T10:13", "2026-01-31T11:13")
        try assertNext("13 * * * *", "2026-12-31T23:13", "2027-01-01T00:13")
        try assertNext("0 6 * * *", "2026-01-31T06:00", "2026-02-01T06:00")
        try assertNext("*/20 8-9 * * *", "2026-01-31T09:40", "2026-02-01T08:00")
        try assertNext("*/20 8-9 * * *", "2026-01-31T08:20", "2026-01-31T08:40")
        try assertNext("5/20 * * * *", "2026-01-31T08:20", "2026-01-31T08:25")
        try assertNext("5/20 * * * *", "2026-01-31T08:45", "2026-01-31T09:05")
        try assertNext("0 0 29 2 *", "2026-01-31T10:12", "2028-02-29T00:00")
        try assertNext("0 0 29 2 *", "2096-02-29T00:00", "2104-02-29T00:00")
        try assertNext("0 0 31 * *", "2026-01-31T10:12", "2026-03-31T00:00")
        try assertNext("0 0 1 JAN,jul *", "2026-01-31T10:12", "2026-07-01T00:00")
        // 31 January 2026 is a Saturday.
        try assertNext("0 12 * * MON-FRI", "2026-01-31T10:12", "2026-02-02T12:00")
        try assertNext("0 12 * * 7", "2026-01-31T10:12", "2026-02-01T12:00")
        try assertNext("0 12 * * fri-sun", "2026-02-01T12:00", "2026-02-06T12:00")
        try assertNext("0 12 ? * 0", "2026-01-31T10:12", "2026-02-01T12:00")
    }

    /// POSIX, crontab: "if both the day of month and day of week are lists, either match".
    func testEitherDayIsEnough() throws {
        try assertNext("0 0 13 * FRI", "2026-01-31T10:12", "2026-02-06T00:00")
        try assertNext("0 0 13 * FRI", "2026-02-12T10:12", "2026-02-13T00:00")
        try assertNext("0 0 31 2 MON", "2026-01-31T10:12", "2026-02-02T00:00")
        try assertNext("0 0 */10 * MON", "2026-01-31T10:12", "2026-02-01T00:00")
        try assertNext("0 0 */1 * MON", "2026-01-31T10:12", "2026-02-02T00:00")
    }

    func testWords() throws {
        try assertNext("@hourly", "2026-01-31T10:12", "2026-01-31T11:00")
        try assertNext("@daily", "2026-01-31T10:12", "2026-02-01T00:00")
        try assertNext("@midnight", "2026-01-31T10:12", "2026-02-01T00:00")
        try assertNext("@weekly", "2026-01-31T10:12", "2026-02-01T00:00")
        try assertNext("@monthly", "2026-01-31T10:12", "2026-02-01T00:00")
        try assertNext("@yearly", "2026-01-31T10:12", "2027-01-01T00:00")
        try assertNext("@annually", "2026-01-31T10:12", "2027-01-01T00:00")
    }

    func testTimesBetweenMinutesAndFarAway() throws {
        let everyMinute = try XCTUnwrap(CronSchedule("* * * * *"))
        let base = try date("2026-01-31T10:12")
        XCTAssertEqual(everyMinute.next(after: base.addingTimeInterval(0.5)), try date("2026-01-31T10:13"))
        XCTAssertEqual(everyMinute.next(after: base.addingTimeInterval(59.9)), try date("2026-01-31T10:13"))
        XCTAssertEqual(everyMinute.next(after: base.addingTimeInterval(-0.1)), base)
        XCTAssertEqual(
            everyMinute.next(after: Date(timeIntervalSince1970: -30)), Date(timeIntervalSince1970: 0))
        XCTAssertNotNil(everyMinute.next(after: .distantPast))
        XCTAssertNil(everyMinute.next(after: Date(timeIntervalSince1970: .infinity)))
        XCTAssertNil(everyMinute.next(after: Date(timeIntervalSince1970: .nan)))
        XCTAssertNotNil(everyMinute.next(after: Date(timeIntervalSince1970: -.infinity)))
        XCTAssertNil(CronSchedule("0 0 29 2 *")?.next(after: try date("9999-01-01T00:00")))
    }

    /// robfig/cron, with which Kubernetes reads schedules, knows no 7 for Sunday.
    func testTheTextIsWhatKubernetesTakes() {
        let texts = [
            "13  *\t* * *": "13 * * * *", "0 0 * * 7": "0 0 * * 0", "0 0 * * 5-7": "0 0 * * 0,5,6",
            "0 0 * * FRI-SUN": "0 0 * * 0,5,6", "0 0 * * 0-7": "0 0 * * 0,1,2,3,4,5,6", "0 0 ? * *": "0 0 ? * *",
            "0 0 * JAN MON-FRI": "0 0 * JAN MON-FRI", "@hourly": "0 * * * *", " @weekly ": "0 0 * * 0",
        ]
        for (text, expected) in texts { XCTAssertEqual(CronSchedule(text)?.text, expected, text) }
    }

    /// Against looking at every minute with Foundation's calendar.
    func testRandomSchedulesAgainstTheCalendar() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("CronScheduleTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try XCTUnwrap(TimeZone(secondsFromGMT: 0))
        for _ in 0..<60 {
            let expected = RandomSchedule(using: &random)
            let schedule = try XCTUnwrap(CronSchedule(expected.text), "seed \(seed): \(expected.text)")
            // Somewhere between 1900 and 2100.
            let minutes = Int.random(in: -36_000_000...68_000_000, using: &random)
            let start = Date(timeIntervalSince1970: Double(minutes * 60))
            let found = try XCTUnwrap(schedule.next(after: start), "seed \(seed): \(expected.text)")
            XCTAssertGreaterThan(found, start)
            XCTAssertTrue(expected.matches(found, calendar), "seed \(seed): \(expected.text) after \(start): \(found)")
            var minute = start.addingTimeInterval(60)
            let end = min(found, start.addingTimeInterval(2 * 86_400))
            while minute < end {
                XCTAssertFalse(expected.matches(minute, calendar), "seed \(seed): \(expected.text) misses \(minute)")
                minute.addTimeInterval(60)
            }
        }
    }
}

private struct RandomSchedule {
    var fields: [(text: String, values: Set<Int>)] = []

    init(using random: inout SeededRandom) {
        for range in [0...59, 0...23, 1...28, 1...12, 0...6] {
            let low = Int.random(in: range, using: &random)
            let high = Int.random(in: low...range.upperBound, using: &random)
            let step = Int.random(in: 1...9, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: fields.append(("*", Set(0...59)))
            case 1: fields.append(("\(low)", [low]))
            case 2: fields.append(("\(low)-\(high)", Set(low...high)))
            case 3: fields.append(("\(low),\(high)", [low, high]))
            default: fields.append(("\(low)-\(high)/\(step)", Set(stride(from: low, through: high, by: step))))
            }
        }
    }

    var text: String { fields.map(\.text).joined(separator: " ") }

    func matches(_ date: Date, _ calendar: Calendar) -> Bool {
        let parts = calendar.dateComponents([.minute, .hour, .day, .month, .weekday], from: date)
        guard let minute = parts.minute, let hour = parts.hour, let day = parts.day, let month = parts.month,
            let weekday = parts.weekday, fields[0].values.contains(minute), fields[1].values.contains(hour),
            fields[3].values.contains(month)
        else { return false }
        let byDate = fields[2].values.contains(day)
        let byWeekday = fields[4].values.contains(weekday - 1)
        return fields[2].text == "*" || fields[4].text == "*" ? byDate && byWeekday : byDate || byWeekday
    }
}
