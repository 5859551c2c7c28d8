import JSON
import XCTest

@testable import YAML

/// What each form means, by the rules of the specification.
final class YAMLTests: XCTestCase {
    private func check(_ text: String, _ wanted: JSON, file: StaticString = #filePath, line: UInt = #line) {
        do {
            let value = try YAML.parse(text)
            XCTAssertEqual(value, wanted, text, file: file, line: line)
        } catch {
            XCTFail("\(error)\n\(text)", file: file, line: line)
        }
    }

    func testCollections() {
        check("", .null)
        check("# only a comment\n\n", .null)
        check("---\n...\n", .null)
        check("a: 1\nb:\n  c: 2\n  d:\n  - x\n  - y: z\n    w: v\n  -\n    - q\ne:", [
            "a": 1, "b": ["c": 2, "d": ["x", ["y": "z", "w": "v"], ["q"]]], "e": .null,
        ])
        check("a:\n- 1\n- 2\nb: 3", ["a": [1, 2], "b": 3])
        check("- - 1\n  - 2\n-\n- a", [[1, 2], .null, "a"])
        check("--- # start\na: b\n... # end\n", ["a": "b"])
        check("\u{FEFF}a: b\r\nc: d\re: f", ["a": "b", "c": "d", "e": "f"])
        check("a:   # comment\n\n  # another\n  b: c # last\n#d: e\n", ["a": ["b": "c"]])
        check("-   a: 1\n    b: 2\n", [["a": 1, "b": 2]])
    }

    func testFlow() {
        check("{a: [1, 'two', \"three\",], b: {c: }, d, \"e\":5}", [
            "a": [1, "two", "three"], "b": ["c": .null], "d": .null, "e": 5,
        ])
        check("x: [\n  a b,\n\t# comment\n  c\n  d]\ny: {}\nz: []", ["x": ["a b", "c d"], "y": [:], "z": []])
        check("[http://x:80/y#z, a:b, -1, -x]", ["http://x:80/y#z", "a:b", -1, "-x"])
        check("{\n\t\"json\" : true,\n\t\"tabs\" : null\n}", ["json": true, "tabs": .null])
    }

    func testScalarsByTheCoreSchema() {
        check("[null, Null, ~, true, FALSE, yes, no, on, off, nUll]", [
            .null, .null, .null, true, false, "yes", "no", "on", "off", "nUll",
        ])
        check("[0, -1, +2, 007, 0o17, 0x1F, 12e3, 1., .5, -1.25e-2, 1_000, 1:20, 2020-01-01, ., e3, 0x, 0xg]", [
            0, -1, 2, 7, 15, 31, 12000.0, 1.0, 0.5, -0.0125, "1_000", "1:20", "2020-01-01", ".", "e3", "0x", "0xg",
        ])
        check("[9223372036854775807, 9223372036854775808]", [.int(.max), .double(9223372036854775808)])
        check("1: a\ntrue: b\n~: c", ["1": "a", "true": "b", "~": "c"])
    }

    func testPlainTextOverLines() {
        check("a: one\n  two\n\n  three  # comment\nb: x", ["a": "one two\nthree", "b": "x"])
        check("word\nword", "word word")
        check("a: b - c\n  - d", ["a": "b - c - d"])
        check("a: it's \"so\" {and} [so], #1 a#b", ["a": #"it's "so" {and} [so],"#])
    }

    func testQuotes() {
        check(#"["\"\\\/\b\f\n\r\t\0\a\e\v\_\N\L\P\x41\u00e9\U0001F600\ud83d\ude00\ "]"#, [
            "\"\\/\u{8}\u{C}\n\r\t\0\u{7}\u{1B}\u{B}\u{A0}\u{85}\u{2028}\u{2029}Aé😀😀 ",
        ])
        check("'it''s'", "it's")
        check("\"one  \n  two\n\n\n  three\\\n  four \\\n\n  five\"", "one two\n\nthreefour \nfive")
        check("'one\n\n two '", "one\ntwo ")
        check("\"a b\" : 'c'", ["a b": "c"])
        check("\"#no comment\": \"a: b\"", ["#no comment": "a: b"])
    }

    func testBlockScalars() {
        check("a: |\n  one\n   two\n\n  three\n\n\nb: x", ["a": "one\n two\n\nthree\n", "b": "x"])
        check("a: |-\n  one\n\n", ["a": "one"])
        check("a: |+\n  one\n\n\nb: x", ["a": "one\n\n\n", "b": "x"])
        check("a: >\n  one\n  two\n\n  three\n    four\n  five\n", ["a": "one two\nthree\n  four\nfive\n"])
        check("a: >-\n\n  one\n  two", ["a": "\none two"])
        check("a: |2 # comment\n    one\n  two\n", ["a": "  one\ntwo\n"])
        check("a: |+1\n  one\n", ["a": " one\n"])
        check("- |\n one\n- >\n two\n three\n", ["one\n", "two three\n"])
        check("a: |\nb: |-\n\nc: |+\n\n", ["a": "", "b": "", "c": "\n"])
        check("a: |\n  # no comment\n  b: c\n# comment", ["a": "# no comment\nb: c\n"])
        check("a: |\n  last", ["a": "last"])
    }

    func testMistakesAreRefusedWithTheirPlace() {
        let cases: [(String, Int, Int)] = [
            ("a: b\n c: d", 2, 2), ("a: b: c", 1, 4), ("a:\n  b: 1\n c: 2", 3, 2), ("a: 1\na: 2", 2, 1),
            ("{a: 1, a: 2}", 1, 8), ("a: &x 1", 1, 4), ("a: *x", 1, 4), ("a: !!str 1", 1, 4), ("<<: {a: b}", 1, 1),
            ("? a\n: b", 1, 1), ("%YAML 1.2\n---\na", 1, 1), ("a\n---\nb", 2, 1), ("a: [1, 2", 1, 9),
            ("a: {b: c", 1, 9), ("a: \"b", 1, 4), ("a: 'b\n---\nc'", 2, 1), ("a: \"\\q\"", 1, 5),
            ("a: \"\\ud83d\"", 1, 5), ("a: \"\\udc00\"", 1, 5), ("a: \"\\xZZ\"", 1, 5), ("a:\n\tb: c", 2, 1),
            ("a: @b", 1, 4), ("a: `b", 1, 4), ("a: %b", 1, 4), ("a: ]", 1, 4), ("a: 'b' c", 1, 8),
            ("a: [b] c", 1, 8), ("a: - b", 1, 4), ("- a\nb: c", 2, 1), ("a: b\n- c", 2, 1), ("[a: b]", 1, 3),
            ("[[a]: b]", 1, 5), ("{[a]: b}", 1, 2), ("[a]: b", 1, 4), ("\"a\nb\": c", 1, 1), ("a: |x\n  b", 1, 5),
            ("a: |\n    \n  b", 3, 1), ("a: .inf", 1, 4), ("a: 1e999", 1, 4), ("ä: 'ö' ü", 1, 8),
            ("--- a: b", 1, 5), ("a: [\n---\n]", 2, 1), ("[,]", 1, 2), ("[?a]", 1, 2),
            ("a: b\nc", 2, 2), ("a\u{0}b", 1, 2),
        ]
        for (text, line, column) in cases {
            do {
                let value = try YAML.parse(text)
                XCTFail("\(text) was taken for \(value)")
            } catch {
                XCTAssertEqual([error.line, error.column], [line, column], "\(error)\n\(text)")
            }
        }
    }
}
