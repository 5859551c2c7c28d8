import TOML
import XCTest

final class ValueTests: XCTestCase {
    /// Each text stands behind `a = `.
    private func check(
        _ cases: [(String, String)], file: StaticString = #filePath, line: UInt = #line
    ) {
        for (text, expected) in cases {
            XCTAssertEqual(
                rendered("a = \(text)"), "{a: \(expected)}", text, file: file, line: line)
            XCTAssertEqual(
                rendered("a = [\(text)]\r\n"), "{a: [\(expected)]}", text, file: file, line: line)
        }
    }

    func testBooleans() {
        check([("true", "true"), ("false", "false")])
    }

    func testIntegers() {
        check([
            ("0", "0"), ("+0", "0"), ("-0", "0"), ("42", "42"), ("+99", "99"), ("-17", "-17"),
            ("1_000", "1000"), ("5_349_221", "5349221"), ("1_2_3_4_5", "12345"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("0xDEADBEEF", "3735928559"), ("0xdead_beef", "3735928559"), ("0x0", "0"),
            ("0x7fffffffffffffff", "9223372036854775807"), ("0x00_1", "1"),
            ("0o01234567", "342391"), ("0o755", "493"), ("0b11010110", "214"), ("0b0_1", "1"),
        ])
    }

    func testFloats() {
        check([
            ("0.0", "float 0.0"), ("-0.0", "float -0.0"), ("+1.0", "float 1.0"),
            ("3.1415", "float 3.1415"), ("-0.01", "float -0.01"), ("5e+22", "float 5e+22"),
            ("1e06", "float 1000000.0"), ("-2E-2", "float -0.02"), ("6.626e-34", "float 6.626e-34"),
            ("224_617.445_991_228", "float 224617.445991228"), ("1e1_0", "float 10000000000.0"),
            ("0e0", "float 0.0"), ("inf", "float inf"), ("+inf", "float inf"),
            ("-inf", "float -inf"), ("nan", "float nan"), ("+nan", "float nan"),
            ("-nan", "float nan"), ("1.7976931348623157e308", "float 1.7976931348623157e+308"),
            ("5e-324", "float 5e-324"), ("9007199254740993.0", "float 9007199254740992.0"),
        ])
    }

    func testDatesAndTimes() {
        check([
            ("1979-05-27T07:32:00Z", "moment 1979-05-27T07:32:00Z"),
            ("1979-05-27t07:32:00z", "moment 1979-05-27T07:32:00Z"),
            ("1979-05-27 07:32:00-07:30", "moment 1979-05-27T07:32:00-07:30"),
            ("1979-05-27T00:32:00.999999+01:00", "moment 1979-05-27T00:32:00.999999+01:00"),
            ("1979-05-27T07:32:00", "local 1979-05-27T07:32:00"),
            ("1979-05-27 07:32:00.5", "local 1979-05-27T07:32:00.5"),
            ("1979-05-27", "date 1979-05-27"), ("2000-02-29", "date 2000-02-29"),
            ("2024-02-29", "date 2024-02-29"), ("0001-01-01", "date 0001-01-01"),
            ("9999-12-31", "date 9999-12-31"), ("07:32:00", "time 07:32:00"),
            ("23:59:60", "time 23:59:60"), ("00:32:00.999999999999", "time 00:32:00.999999999"),
        ])
        XCTAssertEqual(rendered("a = 1979-05-27 # a date"), "{a: date 1979-05-27}")
        XCTAssertEqual(rendered("a = 1979-05-27 \nb = 1"), "{a: date 1979-05-27, b: 1}")
    }

    func testSingleLineStrings() {
        check([
            (#""""#, #""""#), ("''", #""""#), (#""ø 日本 🐈""#, #""ø 日本 🐈""#),
            (#""\b\t\n\f\r\"\\""#, #""<8><9><a><c><d>"\""#), (#""a\u00e5b""#, #""aåb""#),
            (#""\U0001F408""#, #""🐈""#), (#""\u0000\u007F\U0010FFFF""#, "\"<0><7f>\u{10FFFF}\""),
            ("\"a\tb\"", #""a<9>b""#), (#"'C:\no\escapes "here"'"#, #""C:\no\escapes "here"""#),
            ("'a\tb'", #""a<9>b""#), (#""a # b""#, #""a # b""#),
        ])
    }

    func testStringsOfSeveralLines() {
        let cases = [
            ("QQQaQQQ", "QaQ"), ("'''a'''", "QaQ"), ("QQQQQQ", "QQ"), ("''''''", "QQ"),
            ("QQQ\na\nbQQQ", "Qa<a>bQ"), ("'''\na\nb\n'''", "Qa<a>b<a>Q"),
            ("QQQ\r\na\r\nbQQQ", "Qa<a>bQ"), ("'''\r\na\r\nb'''", "Qa<a>bQ"),
            ("QQQa \\\n   \n\t bQQQ", "Qa bQ"), ("QQQa\\  \r\n\r\n bQQQ", "QabQ"),
            ("QQQa\\\nQQQ", "QaQ"), ("QQQaQQbQQQ", "QaQQbQ"), ("QQQQaQQQ", "QQaQ"),
            ("QQQQQaQQQQ", "QQQaQQ"), ("QQQaQQQQQ", "QaQQQ"), ("QQQa\\QQQQ", "QaQQ"),
            ("'''it's ''two'' '''", "Qit's ''two'' Q"), ("'''a'''''", "Qa''Q"),
            ("'''\\u00e5 \\'''", "Q\\u00e5 \\Q"), ("QQQ\\u00e5QQQ", "QåQ"),
            ("QQQ\n\nQQQ", "Q<a>Q"), ("QQQa\tbQQQ", "Qa<9>bQ"),
        ]
        // `Q` stands for a quote, since rows of escaped ones cannot be read.
        check(cases.map { text, expected in (quoted(text), quoted(expected)) })
    }

    private func quoted(_ text: String) -> String {
        text.split(separator: "Q", omittingEmptySubsequences: false).joined(separator: "\"")
    }

    func testNestedArraysAndInlineTables() {
        check([
            ("[]", "[]"), ("[ 1, 2 ]", "[1, 2]"), ("[1,2,]", "[1, 2]"),
            ("[[1], [\"a\", {}],[],]", "[[1], [\"a\", {}], []]"),
            ("[ # one\n 1 # two\n , # three\n\n 2\n]", "[1, 2]"),
            ("{}", "{}"), ("{ }", "{}"), ("{x=1}", "{x: 1}"),
            ("{ x = 1, y.z = 'b', y.\"w v\" = [\n] }", "{x: 1, y: {z: \"b\", w v: []}}"),
            ("{ a = { b = { c = {} } } }", "{a: {b: {c: {}}}}"),
        ])
    }
}
