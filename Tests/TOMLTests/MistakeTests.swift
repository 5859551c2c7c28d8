import TOML
import XCTest

/// Documents that must be refused, with the place that is named.
final class MistakeTests: XCTestCase {
    private func check(
        _ cases: [(String, String)], file: StaticString = #filePath, line: UInt = #line
    ) {
        for (text, expected) in cases {
            let errors = TOMLDocument(Array(text.utf8)).errors.map(\.description)
            XCTAssertTrue(
                errors.first?.hasPrefix(expected) ?? false,
                "\(text.debugDescription): \(errors)", file: file, line: line)
            XCTAssertEqual(
                errors.count, 1, "\(text.debugDescription): \(errors)", file: file, line: line)
        }
    }

    func testNumbers() {
        let wrong = [
            "01", "-01", "+01", "00", "0_1", "1_", "_1", "1__2", "+-1", "--1", "0x", "0xg", "0X1",
            "0x_1", "0x1_", "+0x1", "-0b1", "0b2", "0o8", "9223372036854775808",
            "-9223372036854775809", "0x8000000000000000", "1.", ".1", "-.1", "1.e1", "1._1", "1_.1",
            "1.1_", "1e", "1e+", "1e_1", "1e1_", "1e1.1", "1.2.3", "01.1", "-01e1", "Inf", "INF",
            "NaN", "infinity", "+nan_", "1e1e1", "0xFFp1", "١",
        ]
        check(wrong.map { ("\na = \($0)", "2:5: ") })
    }

    func testDatesAndTimes() {
        let wrong = [
            "2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-00-01", "2024-13-01",
            "2024-01-00", "2024-01-32", "2024-1-01", "2024-01-1", "02024-01-01", "10000-01-01",
            "24:00:00", "00:60:00", "00:00:61", "00:00", "1:00:00", "00:00:00.", "00:00:00.x",
            "2024-01-01T", "2024-01-01T00:00", "2024-01-01T00:00Z", "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60", "2024-01-01T00:00:00+0100",
            "2024-01-01T00:00:00+01", "2024-01-01T00:00:00Zx", "2024-01-0100:00:00", "12:00:00Z",
            "2024-01-01 00:00:0", "2024-01-01x", "2024-01-01\u{A0}00:00:00",
        ]
        check(wrong.map { ("a = \($0)", "1:5: ") })
    }

    func testStrings() {
        check([
            ("a = \"b", "1:5: this string is not closed"),
            ("a = \"b\nc = 1", "1:5: this string is not closed"),
            ("a = 'b\r\n", "1:5: this string is not closed"),
            ("a = \"\"\"b\"\"\n\n", "1:5: this string is not closed"),
            ("a = '''b''", "1:5: this string is not closed"),
            ("a = \"\"\"b\"\"\"\"\"\"", "1:14: `\"` follows the value"),
            ("a = '''b''''''", "1:14: `'` follows the value"),
            ("a = \"b\" \"c\"", "1:9: `\"` follows the value"),
            ("a = \"b\u{7}c\"", "1:7: a string cannot contain the control character U+0007"),
            ("a = 'b\u{7F}'", "1:7: a string cannot contain the control character U+007F"),
            ("a = \"\"\"\nb\u{0}\"\"\"", "2:2: a string cannot contain the control character U+0000"),
            ("a = \"\"\"b\rc\"\"\"", "1:9: a carriage return must be followed by a line feed"),
            (#"a = "\e""#, "1:6: a backslash cannot stand before `e`"),
            (#"a = "pass\word""#, "1:10: a backslash cannot stand before `w`;"),
            (#"a = "\x41""#, "1:6: a backslash"), (#"a = "\'""#, "1:6: a backslash"),
            (#"a = "C:\Users""#, "1:8: `\\U` needs 8 hexadecimal digits"),
            (#"a = "\u12""#, "1:6: `\\u` needs 4 hexadecimal digits"),
            (#"a = "\uD800""#, "1:6: this escape is no Unicode character"),
            (#"a = "\U00110000""#, "1:6: this escape is no Unicode character"),
            (#"a = "\UFFFFFFFF""#, "1:6: this escape is no Unicode character"),
            ("a = \"\"\"b \\ c\"\"\"", "1:10: a backslash cannot stand before ` `"),
        ])
    }

    func testKeys() {
        check([
            ("= 1", "1:1: a key is missing here"), ("a", "1:2: `a` must be followed by `=`"),
            ("a b = 1", "1:3: `a` must be followed by `=`, not `b`; a key with spaces needs quotes"),
            ("a = 1\nå = 2", "2:1: `å` is no key without quotes"),
            ("a.å = 2", "1:3: `å` is no key without quotes"), ("a. = 1", "1:4: a key is missing"),
            (".a = 1", "1:1: a key is missing"), ("a..b = 1", "1:3: a key is missing"),
            ("a = ", "1:5: a value is missing"), ("a = # b", "1:5: a value is missing"),
            ("a == 1", "1:4: a value is missing"), ("a : 1", "1:3: `a` must be followed by `=`"),
            ("\"\"\"a\"\"\" = 1", "1:1: a key cannot be a string of several lines"),
            ("'''a''' = 1", "1:1: a key cannot be a string of several lines"),
            ("\"a\n", "1:1: this string is not closed"),
            ("a = 1 b = 2", "1:7: text follows the value of `a`"),
            ("a = 1, b = 2", "1:6: `,` follows the value of `a`"),
            ("a\u{A0}= 1", "1:1: the invisible character U+00A0 stands here"),
            ("a = \u{A0}1", "1:5: the invisible character U+00A0 stands here"),
            ("\u{FEFF}\u{FEFF}a = 1", "1:1: the invisible character U+FEFF stands here"),
            ("a = True", "1:5: `True` must be written in lower case: `true`"),
            ("a = test", "1:5: this is no value; text needs quotes"),
            ("a = cats.cool # b", "1:5: this is no value"),
            ("a = 5m", "1:5: this is no number, date or time; text needs quotes"),
        ])
    }

    func testHeaders() {
        check([
            ("[a", "1:3: `]` is missing"), ("[a\n]", "1:3: `]` is missing"), ("[]", "1:2: a key is missing"),
            ("[[a]", "1:4: `]]` is missing"), ("[a]]", "1:4: `]` follows the header `[a]`"),
            ("[[a] ]", "1:4: `]]` is missing"), ("[a.]", "1:4: a key is missing"), ("[.a]", "1:2: a key"),
            ("[a] b = 1", "1:5: text follows the header `[a]`"), ("[a b]", "1:4: `]` is missing"),
            ("[ [a]]", "1:3: a key is missing"), ("[å]", "1:2: `å` is no key without quotes"),
        ])
    }

    func testArraysAndInlineTables() {
        check([
            ("a = [", "1:5: this array is not closed"), ("a = [1,\n2\n", "1:5: this array is not closed"),
            ("a = [,]", "1:6: a value is missing in front of this comma"),
            ("a = [1,,2]", "1:8: a value is missing in front of this comma"),
            ("a = [1 2]", "1:8: text stands where the array that begins on line 1 needs a comma"),
            ("a = [\n1\nb = 2", "3:1: text stands where the array that begins on line 1"),
            ("a = [}", "1:6: a value is missing here, in front of `}`"),
            ("a = {", "1:6: an inline table must end on its line"),
            ("a = {\nb = 1 }", "1:6: an inline table must end on its line"),
            ("a = { b = 1\n}", "1:12: an inline table must end on its line"),
            ("a = { b = 1,\nc = 2 }", "1:13: an inline table must end on its line"),
            ("a = { b = 1, }", "1:14: an inline table cannot end with a comma"),
            ("a = { b = 1,, c = 2 }", "1:13: a key is missing"), ("a = {,}", "1:6: a key is missing"),
            ("a = { b = 1 c = 2 }", "1:13: text stands where the inline table needs a comma"),
            ("a = { b }", "1:9: `b` must be followed by `=`"), ("a = { [b] }", "1:7: a key is missing"),
            ("a = { b = 1, b = 2 }", "1:14: `b` is given twice"),
            ("a = { b = {}, b.c = 2 }", "1:15: nothing can be added to `b` here"),
            ("a = { b.c = 1, b = 2 }", "1:16: `b` cannot be a key here"),
        ])
    }

    func testControlCharactersAndLineEnds() {
        check([
            ("a = 1 # \u{0}", "1:9: a comment cannot contain the control character U+0000"),
            ("# a\rb", "1:4: a comment cannot contain the control character U+000D"),
            ("\ra = 1", "1:1: a carriage return must be followed"),
            ("a = 1\rb = 2", "1:6: a carriage return must be followed"),
            ("\u{B}a = 1", "1:1: a key is missing here, in front of the control character U+000B"),
            ("a = 1\u{C}", "1:6: the control character U+000C follows the value of `a`"),
        ])
    }
}
