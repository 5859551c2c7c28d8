import TOML
import XCTest

/// Everything may be defined once (TOML 1.0, "Keys", "Table", "Inline Table").
final class RedefinitionTests: XCTestCase {
    func testRefusals() {
        let cases = [
            ("a=1\na=2", "2:1: `a` is given twice; the first one is on line 1"),
            ("a=1\n\"a\"=2", "2:1: `a` is given twice; the first one is on line 1"),
            ("[t]\na.b=1\na.b=2", "3:3: `a.b` is given twice; the first one is on line 2"),
            ("a.b=1\na=2", "2:1: `a` cannot be a key here: it is a table made by dotted keys"),
            ("a=1\na.b=2", "2:1: nothing can be added to `a` here: it is a value since line 1"),
            ("a={}\na.b=2", "2:1: nothing can be added to `a` here: it is a complete inline table"),
            ("a=[{}]\na.b=2", "2:1: nothing can be added to `a` here: it is a complete array"),
            ("[a]\n[a]", "2:2: the table `[a]` is defined twice; move its keys to the first one, on line 1"),
            ("[a.b]\n[a]\n[a.b]", "3:4: the table `[a.b]` is defined twice"),
            ("[a.b]\n[a]\n[a]", "3:2: the table `[a]` is defined twice"),
            ("a=1\n[a]", "2:2: `a` cannot be a table here: it is a value since line 1"),
            ("a=1\n[a.b]", "2:2: nothing can be added to `a` here: it is a value"),
            ("a={}\n[a]", "2:2: `a` cannot be a table here: it is a complete inline table"),
            ("a={b={}}\n[a.c]", "2:2: nothing can be added to `a` here"),
            ("a={b={}}\n[a.b.c]", "2:2: nothing can be added to `a` here"),
            ("a.b=1\n[a]", "2:2: `a` cannot be a table here: it is a table made by dotted keys"),
            ("[t]\na.b.c=1\n[t.a.b]", "3:6: `t.a.b` cannot be a table here"),
            ("[a.b.c]\nz=9\n[a]\nb.c.t=1", "4:3: nothing can be added to `c` here:"),
            ("[a.b.c]\n[a]\nb.d=1\n[a.b]", "4:4: `a.b` cannot be a table here: it is a table made by dotted"),
            ("[a]\nb=1\n[a.b]", "3:4: `a.b` cannot be a table here: it is a value since line 2"),
            ("[[a]]\n[a]", "2:2: `a` cannot be a table here: it is an array of tables since line 1"),
            ("[a]\n[[a]]", "2:3: `a` cannot be an array of tables here"),
            ("[a.b]\n[[a]]", "2:3: `a` cannot be an array of tables here"),
            ("a=[]\n[[a]]", "2:3: `a` cannot be an array of tables here: it is a complete array"),
            ("a=[{}]\n[a.b]", "2:2: nothing can be added to `a` here: it is a complete array"),
            ("[[a.b]]\n[a]\nb.c=1", "3:1: nothing can be added to `b` here: it is an array of tables"),
            ("[[a.b]]\n[a]\nb=1", "3:1: `b` cannot be a key here: it is an array of tables"),
            ("[[a]]\nb=1\n[[a.b]]", "3:5: `a.b` cannot be an array of tables here: it is a value"),
            ("[[a]]\n[a.b]\n[[a.b]]", "3:5: `a.b` cannot be an array of tables here"),
        ]
        for (text, expected) in cases {
            let errors = TOMLDocument(Array(text.utf8)).errors.map(\.description)
            XCTAssertEqual(errors.count, 1, "\(text.debugDescription): \(errors)")
            XCTAssertTrue(
                errors.first?.hasPrefix(expected) ?? false, "\(text.debugDescription): \(errors)")
        }
    }

    func testOneMistakeDoesNotHideTheNext() {
        let text = """
            a = x
            b = 2
            b = 3
            = 4
            c = [y]
            d = 5 6
            [e]
            f = 7
            [e]
            f = 8
            [g]
            h = 9 # kept
            """
        let document = TOMLDocument(Array(text.utf8))
        XCTAssertEqual(document.errors.map(\.position.line), [1, 3, 4, 5, 6, 9])
        XCTAssertEqual(rendered(document.table), "{b: 2, d: 5, e: {f: 7}, g: {h: 9}}")
    }

    func testReadingStopsWhereTheNextSettingIsUnclear() {
        let unclear = [
            "a = [\nx,\n'b']\nc = d", "a = '''\n b\nc = d", "[a\nb = c\nd = e",
            "a = {\nb = c,\n}", "a = [[1,\n x]]\nb = c",
        ]
        for text in unclear {
            XCTAssertEqual(TOMLDocument(Array(text.utf8)).errors.count, 1, text)
        }
    }

    func testErrorsAreBounded() {
        let text = String(repeating: "= 1\n", count: 1000)
        XCTAssertEqual(TOMLDocument(Array(text.utf8)).errors.count, TOMLDocument.maxErrors)
    }

    func testSentencesQuoteLittle() {
        let long = String(repeating: "x", count: 100_000)
        for text in ["a = \(long)", "\(long) 1", "\(long)\u{A0}", "[\(long)", "a = 'b' \(long)"] {
            let error = TOMLDocument(Array(text.utf8)).errors.first
            XCTAssertLessThan(error?.message.count ?? .max, 400, String(text.prefix(20)))
        }
    }
}
