import XCTest

@testable import JSON

final class JSONParserTests: XCTestCase {
    func testReadsEveryKindOfValue() throws {
        let text = #"""
             { "null": null, "yes": true, "no": false, "items": [1, -2.5, "x", [], {}],
            	"nested": {"a": {"b": "c"}} }
            """#
        let expected: JSON = [
            "null": .null, "yes": true, "no": false, "items": [1, -2.5, "x", [], [:]],
            "nested": ["a": ["b": "c"]],
        ]
        XCTAssertEqual(try JSON.parse(text), expected)
        XCTAssertEqual(expected.at("nested", "a", "b")?.string, "c")
        XCTAssertNil(expected.at("nested", "z", "b"))
    }

    func testReadsScalarsAtTheTop() throws {
        XCTAssertEqual(try JSON.parse("null"), .null)
        XCTAssertEqual(try JSON.parse(" \"\" \r\n"), "")
        XCTAssertEqual(try JSON.parse("-7"), -7)
    }

    func testReadsFromAnySequence() throws {
        XCTAssertEqual(try JSON.parse(AnySequence(Array("[1]".utf8))), [1])
        XCTAssertEqual(try JSON.parse(ArraySlice("xx[1]".utf8)[2...]), [1])
    }

    func testLastOfTwoMembersCounts() throws {
        XCTAssertEqual(try JSON.parse(#"{"a":1,"b":2,"a":3}"#), ["a": 3, "b": 2])
    }

    func testIntegersAreExact() throws {
        XCTAssertEqual(try JSON.parse("9223372036854775807"), .int(.max))
        XCTAssertEqual(try JSON.parse("-9223372036854775808"), .int(.min))
        XCTAssertEqual(try JSON.parse("9007199254740993"), .int(9_007_199_254_740_993))
        XCTAssertEqual(try JSON.parse("-0"), .int(0))
        XCTAssertEqual(try JSON.parse("9223372036854775808"), .double(0x1p63))
        XCTAssertEqual(try JSON.parse("-9223372036854775809"), .double(-0x1p63))
        XCTAssertEqual(try JSON.parse("1000000000000000000000000"), .double(1e24))
    }

    func testFractionsAndExponentsAreDoubles() throws {
        XCTAssertEqual(try JSON.parse("1.0"), .double(1))
        XCTAssertEqual(try JSON.parse("1e2"), .double(100))
        XCTAssertEqual(try JSON.parse("-1.5E-3"), .double(-0.0015))
        XCTAssertEqual(try JSON.parse("0.1e+1"), .double(1))
        XCTAssertEqual(try JSON.parse("5e-324"), .double(.leastNonzeroMagnitude))
        XCTAssertEqual(try JSON.parse("1e-400"), .double(0))
    }

    func testEscapes() throws {
        let value = try JSON.parse(#""\"\\\/\b\f\n\r\t\u0041\u00e6\u20AC\ud83d\uDE80\u0000é""#)
        XCTAssertEqual(value.string, "\"\\/\u{8}\u{C}\n\r\tAæ€🚀\0é")
        XCTAssertEqual(try JSON.parse(#"{"\u0061":1}"#), ["a": 1])
    }

    func testUTF8IsKept() throws {
        let text = "smørbrød 🇩🇰 \u{10FFFF} \u{7F} \u{FFFE}"
        XCTAssertEqual(try JSON.parse("\"\(text)\"").string, text)
    }

    func testNestingHasALimit() throws {
        let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        XCTAssertNoThrow(try JSON.parse(deep(200)))
        XCTAssertThrowsError(try JSON.parse(deep(201))) {
            XCTAssertEqual(String(describing: $0), "line 1, column 201: nested more than 200 deep")
        }
        XCTAssertNoThrow(try JSON.parse(deep(3), maxDepth: 3))
        XCTAssertThrowsError(try JSON.parse(deep(4), maxDepth: 3))
        XCTAssertNoThrow(try JSON.parse("[[1],[2],[3],{}]", maxDepth: 2), "siblings do not add up")
    }

    func testEndlessNestingDoesNotOverflowTheStack() {
        for text in ["[", #"{"a":"#, #"[{"a":"#] {
            let bytes = Array(String(repeating: text, count: 1_000_000).utf8)
            XCTAssertThrowsError(try JSON.parse(bytes, maxDepth: .max))
        }
    }

    /// What is refused, where, and why.
    func testRefusals() {
        let cases: [(String, String)] = [
            ("", "line 1, column 1: expected a value, but the text ends"),
            ("  \n ", "line 2, column 2: expected a value, but the text ends"),
            ("nul", "line 1, column 1: expected a value; did you mean null?"),
            ("[\n  1,\n  truex\n]", "line 3, column 7: expected ',' or ']' after an item, found 'x'"),
            ("[1,]", "line 1, column 4: expected a value, found ']'"),
            ("[1 2]", "line 1, column 4: expected ',' or ']' after an item, found '2'"),
            ("[1", "line 1, column 3: expected ',' or ']' after an item, but the text ends"),
            (#"{"a":1,}"#, "line 1, column 8: expected a member's name in quotes, found '}'"),
            ("{a:1}", "line 1, column 2: expected a member's name in quotes, found 'a'"),
            (#"{"a" 1}"#, "line 1, column 6: expected ':' after a member's name, found '1'"),
            (#"{"a":1"#, "line 1, column 7: expected ',' or '}' after a member, but the text ends"),
            ("1 1", "line 1, column 3: expected the end of the text, found '1'"),
            ("01", "line 1, column 1: a number must not begin with 0"),
            ("-01", "line 1, column 2: a number must not begin with 0"),
            ("-", "line 1, column 2: expected a digit, but the text ends"),
            ("1.", "line 1, column 3: expected a digit, but the text ends"),
            (".5", "line 1, column 1: expected a value, found '.'"),
            ("+1", "line 1, column 1: expected a value, found '+'"),
            ("1e+", "line 1, column 4: expected a digit, but the text ends"),
            ("[1.e1]", "line 1, column 4: expected a digit, found 'e'"),
            ("0x10", "line 1, column 2: expected the end of the text, found 'x'"),
            ("1e999", "line 1, column 1: a number too large"),
            ("NaN", "line 1, column 1: expected a value, found 'N'"),
            ("'a'", "line 1, column 1: expected a value, found '''"),
            ("// x", "line 1, column 1: expected a value, found '/'"),
            ("\u{FEFF}1", "line 1, column 1: expected a value, found byte 0xEF"),
            ("\u{A0}1", "line 1, column 1: expected a value, found byte 0xC2"),
            ("1\0", "line 1, column 2: expected the end of the text, found byte 0x0"),
            ("\"a", "line 1, column 3: the text ends inside a string"),
            ("\"a\\", "line 1, column 4: the text ends inside a string"),
            ("\"a\nb\"", "line 1, column 3: byte 0xA in a string must be written as an escape"),
            ("\"\\t\tb\"", "line 1, column 4: byte 0x9 in a string must be written as an escape"),
            (#""\x""#, "line 1, column 2: there is no escape \\ with 'x'"),
            (#""\u12g4""#, "line 1, column 6: expected four hexadecimal digits after \\u, found 'g'"),
            (#""\u12"#, "line 1, column 6: expected four hexadecimal digits after \\u, but the text ends"),
            (#""x\ud83d""#, "line 1, column 3: half a surrogate pair"),
            (#""\ud83dA""#, "line 1, column 2: half a surrogate pair"),
            (#""\ud83d\n""#, "line 1, column 2: half a surrogate pair"),
            (#""\ud83dA""#, "line 1, column 2: half a surrogate pair"),
            (#""\ude80\ud83d""#, "line 1, column 2: half a surrogate pair"),
            (#""\ud83d\ud83d""#, "line 1, column 2: half a surrogate pair"),
        ]
        for (text, problem) in cases {
            XCTAssertThrowsError(try JSON.parse(text), text) {
                XCTAssertEqual(String(describing: $0), problem, text)
            }
        }
    }

    func testBytesThatAreNotUTF8AreRefused() {
        let wrong: [[UInt8]] = [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ]
        for bytes in wrong {
            for prefix in ["ab", "\\n", "\u{E6}"] {
                let text = [0x22] + Array(prefix.utf8) + bytes + [0x22]
                XCTAssertThrowsError(try JSON.parse(text), "\(bytes)") {
                    XCTAssertEqual(String(describing: $0), "line 1, column 4: a string that is not UTF-8")
                }
            }
        }
        // Two halves of a character around an escape do not make a whole one.
        XCTAssertThrowsError(try JSON.parse([0x22, 0xC3, 0x5C, 0x6E, 0xA6, 0x22]))
        XCTAssertThrowsError(try JSON.parse([0x22, 0x5C, 0x6E, 0xC3, 0x5C, 0x6E, 0x22]))
    }
}
