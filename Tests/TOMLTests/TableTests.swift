import TOML
import XCTest

/// Which tables may be defined and added to, and where everything stands.
final class TableTests: XCTestCase {
    func testTablesKeepTheOrderOfTheDocument() {
        let text = """
            z = 1
            "quoted key" = 2
            'literal "key"' = 3
            1234 = 4
            a-b_C = 5
            "" = 6
            [b.c]
            d = 7
            [a]
            """
        XCTAssertEqual(
            rendered(text),
            """
            {z: 1, quoted key: 2, literal "key": 3, 1234: 4, a-b_C: 5, : 6, b: {c: {d: 7}}, a: {}}
            """)
    }

    func testKeysThatLookAlikeDiffer() {
        // Composed and decomposed "å", which Swift's strings take for equal.
        XCTAssertEqual(rendered("\"\u{E5}\" = 1\n\"a\u{30A}\" = 2"), "{\u{E5}: 1, a\u{30A}: 2}")
    }

    func testTablesThatMayBeAddedTo() {
        let cases = [
            ("[ a . 'b' . \"c\" ]\nd=1", "{a: {b: {c: {d: 1}}}}"),
            ("[a.b]\n[a]\nc=1", "{a: {b: {}, c: 1}}"),
            ("[a.b.c]\n[a]\nb.d=1", "{a: {b: {c: {}, d: 1}}}"),
            ("a.b=1\na.c=2\na.d.e=3", "{a: {b: 1, c: 2, d: {e: 3}}}"),
            ("a . b = 1\n\"a\".'c'=2", "{a: {b: 1, c: 2}}"),
            ("3.14 = 1", "{3: {14: 1}}"),
            ("[a]\nb.c=1\n[a.b.d]\ne=2", "{a: {b: {c: 1, d: {e: 2}}}}"),
            ("[[a]]\nb=1\n[[a]]\n[[a]]\nb=2", "{a: [{b: 1}, {}, {b: 2}]}"),
            ("[[a]]\n[a.b]\nc=1\n[[a.d]]\n[[a]]\n[a.b]\nc=2", "{a: [{b: {c: 1}, d: [{}]}, {b: {c: 2}}]}"),
            ("[a]\n[[a.b]]\nc=1\n[[a.b]]\nc=2", "{a: {b: [{c: 1}, {c: 2}]}}"),
            ("", "{}"), ("\n# only a comment", "{}"), ("\u{FEFF}a = 1", "{a: 1}"),
            ("# comment\r\n\r\na = 1 # more\r\n", "{a: 1}"), (" \t[a] \t# b\n\tc=1", "{a: {c: 1}}"),
        ]
        for (text, expected) in cases { XCTAssertEqual(rendered(text), expected, text) }
    }

    func testManyNamesInOneTable() throws {
        let count = 1000
        let text = (0..<count).map { "key\($0) = \($0)\n" }.joined()
        let table = try TOMLTable(parsing: Array(text.utf8))
        XCTAssertEqual(table.entries.count, count)
        for number in 0..<count {
            XCTAssertEqual(table["key\(number)"]?.integer, number)
            XCTAssertEqual(table.entry("key\(number)")?.position.line, number + 1)
        }
        XCTAssertNil(table["key\(count)"])
        XCTAssertEqual(
            rendered(text + "key7 = 1"),
            "1001:1: `key7` is given twice; the first one is on line 8")
    }

    func testEveryKeyAndValueKnowsItsPlace() throws {
        let text = """
            \u{FEFF}ø = 1
            """
        XCTAssertTrue(rendered(text).hasPrefix("1:1: `ø` is no key without quotes"))

        let document = """
            a = 1
              "bø" =\t'x'  # ø
            [ table . sub ]
            c = ['ø日🐈', { d = 2 }]
            [[list]]
            [[list]]
            e.f = 3
            [table]
            """
        let table = try TOMLTable(parsing: Array(document.utf8))
        XCTAssertEqual(
            places(table),
            [
                "a 1:1 1:5", "bø 2:3 2:10", "table 8:2 8:2", "table.sub 3:11 3:11",
                "table.sub.c 4:1 4:5", "table.sub.c.0 4:6", "table.sub.c.1 4:13",
                "table.sub.c.1.d 4:15 4:19", "list 5:3 5:3", "list.0 5:3", "list.1 6:3",
                "list.1.e 7:1 7:1", "list.1.e.f 7:3 7:7",
            ])
    }

    func testFormsOfTables() throws {
        let text = "[a.b]\n[c]\nd.e = {f = 1}\n[[g]]"
        let table = try TOMLTable(parsing: Array(text.utf8))
        XCTAssertEqual(table.form, .header)
        XCTAssertEqual(table["a"]?.table?.form, .implied)
        XCTAssertEqual(table["a"]?.table?["b"]?.table?.form, .header)
        XCTAssertEqual(table["c"]?.table?["d"]?.table?.form, .dotted)
        XCTAssertEqual(table["c"]?.table?["d"]?.table?["e"]?.table?.form, .inline)
        XCTAssertEqual(table["g"]?.array?.first?.table?.form, .header)
    }

    /// Path, place of the key, place of the value, of everything in document order.
    private func places(_ table: TOMLTable, _ prefix: String = "") -> [String] {
        table.entries.flatMap { entry in
            let own = "\(prefix)\(entry.name) \(place(entry.position)) \(place(entry.value.position))"
            return [own] + places(entry.value, prefix + entry.name + ".")
        }
    }

    private func places(_ value: TOMLValue, _ prefix: String) -> [String] {
        if let table = value.table { return places(table, prefix) }
        return (value.array ?? []).enumerated().flatMap { index, element in
            ["\(prefix)\(index) \(place(element.position))"]
                + places(element, prefix + "\(index).")
        }
    }

    private func place(_ position: TOMLPosition) -> String {
        "\(position.line):\(position.column)"
    }
}
