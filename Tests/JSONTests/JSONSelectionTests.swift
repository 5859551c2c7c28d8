import XCTest

@testable import JSON

final class JSONSelectionTests: XCTestCase {
    private func read(_ text: String, _ selection: JSONSelection, maxStringBytes: Int = 100) throws -> JSON {
        try JSON.parse(Array(text.utf8), only: selection, maxStringBytes: maxStringBytes)
    }

    func testWhatIsSelectedIsReadAndNothingElse() throws {
        let text = #"{"a":1,"b":{"c":"x","d":[1,2]},"e":[{"f":true,"g":0},{"f":null},7,{"f":"z"}],"h":1e999}"#
        let selection: JSONSelection = ["a": .scalar, "b": ["c": .scalar], "e": .items(["f": .scalar], maxCount: 3)]
        let expected: JSON = ["a": 1, "b": ["c": "x"], "e": [["f": true], ["f": .null], .null]]
        XCTAssertEqual(try read(text, selection), expected)
        XCTAssertEqual(try read(text, [:]), [:])
    }

    func testWhatIsOfAnotherKindIsLeftOut() throws {
        let selection: JSONSelection = ["a": .scalar, "b": ["c": .scalar], "e": .items(.scalar, maxCount: 1)]
        XCTAssertEqual(try read(#"{"a":{"x":1},"b":[1],"e":"x"}"#, selection), [:])
        XCTAssertEqual(try read(#"{"a":1,"a":[]}"#, selection), [:], "the last of two counts")
        for text in ["[1]", "7", "\"x\"", "null"] { XCTAssertEqual(try read(text, selection), .null) }
    }

    func testLongStringsAreLeftOut() throws {
        let long = String(repeating: "å", count: 51)
        XCTAssertEqual(try read("{\"a\":\"\(long)\",\"b\":\"x\"}", ["a": .scalar, "b": .scalar]), ["b": "x"])
        let fits = String(repeating: "å", count: 50)
        XCTAssertEqual(try read("{\"a\":\"\(fits)\"}", ["a": .scalar]), ["a": .string(fits)])
    }

    func testNamesAreComparedAsTheyRead() throws {
        XCTAssertEqual(try read(#"{"\u0061":1}"#, ["a": .scalar]), ["a": 1])
    }

    func testWhatIsLeftOutIsCheckedAllTheSame() throws {
        let selection: JSONSelection = ["a": .scalar]
        let bad = [
            "", "{", #"{"b":"#, #"{"b":1"#, #"{"b":[1,]}"#, #"{"b":tru}"#, #"{"b":01}"#, #"{"b":1.}"#, #"{"b":-}"#,
            #"{"b":"\x"}"#, #"{"b":"\ud800"}"#, #"{"b":"\u12"}"#, "{\"b\":\"\n\"}", #"{"b":"x}"#, #"{"b":1}x"#,
            #"{"b" 1}"#, #"{b:1}"#, #"{"b":{"c":1,}}"#, #"{"b":[1 2]}"#, #"{"b":nan}"#,
        ]
        for text in bad { XCTAssertThrowsError(try read(text, selection), text) }
        let deep = "{\"b\":" + String(repeating: "[", count: 300) + String(repeating: "]", count: 300) + "}"
        XCTAssertThrowsError(try read(deep, selection)) { error in
            XCTAssertEqual((error as? JSONError)?.reason, "nested more than 200 deep")
        }
    }

    /// The same texts are taken, and refused for the same reason, as when all is read.
    func testUTF8IsCheckedAsByTheWholeParser() {
        var samples: [[UInt8]] = []
        for lead in UInt8(0x7F)...0xFF {
            for second: UInt8 in [0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0] {
                for rest: [UInt8] in [[], [0x80], [0x80, 0xBF], [0x80, 0x41]] { samples.append([lead, second] + rest) }
            }
        }
        var taken = 0
        for sample in samples {
            let text = Array("{\"b\":\"".utf8) + sample + Array("\"}".utf8)
            let whole = Result { () throws(JSONError) in try JSON.parse(text) }
            let selected = Result { () throws(JSONError) in try JSON.parse(text, only: ["a": .scalar]) }
            XCTAssertEqual((try? whole.get()) == nil, (try? selected.get()) == nil, "\(sample)")
            if (try? whole.get()) != nil { taken += 1 }
        }
        XCTAssertGreaterThan(taken, 50)
    }
}
