import AppFile
import XCTest

/// What is said about scheduled tasks.
final class CronProblemTests: XCTestCase {
    private func schedule(_ text: String) -> [String] {
        problems("[cronjobs.job]\nschedule = \"\(text)\"\npath = '/'\nmethod = 'GET'")
    }

    func testSchedulesThatAreRight() {
        let texts = [
            "* * * * *", "0 0 1 1 0", "59 23 31 12 7", "*/5 * * * *", "0-30/10,45 * * * *", "5/15 * * * *",
            "0 0 * JAN-MAR mon,Wed,FRI", "0 0 ? * SUN", "  0\\t0 * * *  ", "@hourly", "@daily", "0 0 29 2 *",
            "0 0 31 1,2 *", "0 0 31 2 1", "0 0 30 4 *", "007 * * * *",
        ]
        for text in texts { XCTAssertEqual(schedule(text), [], text) }
    }

    func testWhichFieldIsWrongAndWhy() {
        let fields = "minute, hour, day of the month, month, day of the week"
        let cases = [
            "": "it has 0 fields, and needs five: \(fields)",
            "*": "it has 1 field, and needs five: \(fields)",
            "* * * *": "it has 4 fields, and needs five: \(fields)",
            "0 0 * * * *": "it has 6 fields, and needs five: \(fields), without seconds or years",
            "60 * * * *": "`60` is no minute; it is a whole number from 0 to 59",
            "* 24 * * *": "`24` is no hour; it is a whole number from 0 to 23",
            "* * 0 * *": "`0` is no day of the month; it is a whole number from 1 to 31",
            "* * 32 * *": "`32` is no day of the month; it is a whole number from 1 to 31",
            "* * * 13 *": "`13` is no month; it is a whole number from 1 to 12, or a name such as FEB",
            "* * * MAI *": "`MAI` is no month; it is a whole number from 1 to 12, or a name such as FEB",
            "* * * * 8": "`8` is no day of the week; it is a whole number from 0 to 7, or a name such as MON",
            "* * * * Monday": """
                `Monday` is no day of the week; it is a whole number from 0 to 7, or a name such as MON
                """,
            "* * * * 5L": "`5L` is no day of the week; it is a whole number from 0 to 7, or a name such as MON",
            "* -1 * * *": "`` is no hour; it is a whole number from 0 to 23",
            "1.5 * * * *": "`1.5` is no minute; it is a whole number from 0 to 59",
            "+5 * * * *": "`+5` is no minute; it is a whole number from 0 to 59",
            "99999999999999999999 * * * *": """
                `99999999999999999999` is no minute; it is a whole number from 0 to 59
                """,
            "1, * * * *": "a value is missing beside a comma in the minute `1,`",
            "1,,2 * * * *": "a value is missing beside a comma in the minute `1,,2`",
            "*/0 * * * *": "the step in `*/0` of the minute must be a whole number from 1",
            "*/ * * * *": "the step in `*/` of the minute must be a whole number from 1",
            "*/x * * * *": "the step in `*/x` of the minute must be a whole number from 1",
            "*/5/5 * * * *": "`*/5/5` of the minute has more than one step",
            "* 22-2 * * *": "`22-2` of the hour runs backwards; write 22-23,0-2",
            "* * * NOV-FEB *": "`NOV-FEB` of the month runs backwards; write NOV-12,1-FEB",
            "1-2-3 * * * *": "`1-2-3` is no range of the minute",
            "*-5 * * * *": "`*` is no minute; it is a whole number from 0 to 59",
        ]
        for (text, advice) in cases { assertWrong(text, advice) }
    }

    func testWordsAndZones() {
        let cases = [
            "@reboot": "there is nothing like a start of the machine; give times",
            "@dayly": "`@dayly` is no known word; did you mean \"@daily\"?",
            "@x": "`@x` is no known word",
            "TZ=Europe/Oslo 0 0 * * *": "times are in UTC; leave out `TZ=Europe/Oslo`",
            "CRON_TZ=UTC 0 0 * * *": "times are in UTC; leave out `CRON_TZ=UTC`",
        ]
        for (text, advice) in cases { assertWrong(text, advice) }
    }

    func testTimesThatNeverCome() {
        assertWrong("0 0 31 2 *", "it never comes: none of its months has a day 31")
        assertWrong("0 0 30,31 FEB *", "it never comes: none of its months has a day 30 or 31")
        assertWrong("0 0 31 4,6,9,11 ?", "it never comes: none of its months has a day 31")
    }

    private func assertWrong(_ text: String, _ advice: String) {
        XCTAssertEqual(
            schedule(text),
            [
                """
                2:12: error: `cronjobs.job.schedule` must be a schedule of five fields such as "0 * * * *", \
                not the text "\(text)"; \(advice)
                """
            ])
    }

    func testStepsWithoutEffect() {
        XCTAssertEqual(
            schedule("*/90 * * * *"),
            [
                """
                2:12: warning: the step 90 of the minute is longer than the field, so it has no effect: steps \
                start anew with each hour
                """
            ])
        XCTAssertEqual(schedule("*/59 */23 */30 */11 */6"), [])
        for text in ["* */24 * * *", "* * */31 * *", "* * * */12 *", "* * * * */7"] {
            XCTAssertTrue(schedule(text).first?.hasPrefix("2:12: warning: the step ") ?? false, text)
        }
    }

    func testMethods() {
        XCTAssertEqual(
            problems("[cronjobs.job]\nschedule = '@hourly'\npath = '/'"),
            [
                """
                1:11: warning: `cronjobs.job` has no `method`: it is GET now, and will be POST in a future \
                version; write `method = "GET"` to keep it
                """
            ])
        XCTAssertEqual(
            problems("[cronjobs.job]\nschedule = '@hourly'\npath = '/'\nmethod = 'post'"),
            [
                """
                4:10: error: `cronjobs.job.method` must be an HTTP method such as "POST", not the text "post"; \
                did you mean "POST"?
                """
            ])
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] {
            XCTAssertEqual(
                problems("[cronjobs.job]\nschedule = '@hourly'\npath = '/'\nmethod = '\(method)'"), [])
        }
    }

    func testWhatATaskNeeds() {
        XCTAssertEqual(
            problems("[cronjobs.job]\nmethod = 'GET'"),
            [
                """
                1:11: error: `[cronjobs.job]` needs a `path`: a path such as "/health"
                """,
                """
                1:11: error: `[cronjobs.job]` needs a `schedule`: a schedule of five fields such as "0 * * * *"
                """,
            ])
        XCTAssertEqual(
            problems("[cronjobs.job]\nmethod = 'GET'\nschedul = '@hourly'\npath = '/'"),
            ["3:1: error: unknown key `cronjobs.job.schedul`; did you mean `schedule`?"])
    }

    func testNames() {
        let fault = "is no name of a job; it consists of at most 52 of a-z, 0-9 and `-`"
        for name in ["Job", "a_b", "-a", "1a", String(repeating: "a", count: 53), "\"\"", "\"a b\""] {
            let found = problems("[cronjobs.\(name)]\nschedule = '@hourly'\npath = '/'\nmethod = 'GET'")
            XCTAssertEqual(found, ["1:11: error: `cronjobs.\(name)` \(fault)"])
        }
        let longest = String(repeating: "a", count: 52)
        XCTAssertEqual(problems("[cronjobs.\(longest)]\nschedule = '@hourly'\npath = '/'\nmethod = 'GET'"), [])
        let many = (0..<101).map { "[cronjobs.a\($0)]\nschedule = '@daily'\npath = '/'\nmethod = 'GET'" }
        XCTAssertEqual(
            problems(many.joined(separator: "\n")),
            ["401:11: error: `cronjobs` lists 101 entries; at most 100 are possible"])
    }

    func testHeaders() {
        func headers(_ text: String) -> [String] {
            problems("[cronjobs.a]\nschedule = '@daily'\npath = '/'\nmethod = 'GET'\n[cronjobs.a.headers]\n\(text)")
        }
        XCTAssertEqual(headers("Authorization = 'Bearer x'\nX-Empty = ''\n\"a!#$%&'*+.^_`|~\" = \"tab\\tø\""), [])
        XCTAssertEqual(
            headers("Authorization = 'x'\nauthorization = 'y'"),
            ["7:1: error: the header `authorization` of `cronjobs.a` is given twice; first on line 6"])
        XCTAssertEqual(headers("'X Y' = 'x'"), ["6:1: error: `cronjobs.a.headers.\"X Y\"` is no name of an HTTP header"])
        XCTAssertEqual(
            headers("Content-Length = '5'"),
            ["6:1: error: `cronjobs.a.headers.Content-Length` is set by the caller itself; remove it"])
        XCTAssertEqual(
            headers("A = \"x\\r\\nB: y\""),
            [
                """
                6:5: error: `cronjobs.a.headers.A` must be a text in quotes, not this text; it cannot contain \
                line breaks or control characters
                """
            ])
        XCTAssertEqual(
            headers("A = 5"),
            ["6:5: error: `cronjobs.a.headers.A` must be a text in quotes, not a number; put it in quotes"],
            "which may be a secret")
    }

    /// What stands below the headers' table is one of them.
    func testSettingsOfTheTaskBelowItsHeaders() {
        let text = "[cronjobs.a]\nschedule = '@daily'\npath = '/'\n[cronjobs.a.headers]\nA = 'b'\nmethod = 'POST'"
        XCTAssertEqual(
            problems(text),
            [
                """
                1:11: warning: `cronjobs.a` has no `method`: it is GET now, and will be POST in a future \
                version; write `method = "GET"` to keep it
                """,
                """
                6:1: error: `method` stands under `[cronjobs.a.headers]` (line 4), so it belongs to that table; \
                move it above that line to make it a part of `[cronjobs.a]`
                """,
            ])
    }
}
