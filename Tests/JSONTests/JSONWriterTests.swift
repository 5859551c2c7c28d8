import XCTest

@testable import JSON

final class JSONWriterTests: XCTestCase {
    func testWritesTheShortestText() {
        let value: JSON = [
            "b": [1, -2, 2.5, true, false, .null, "x"], "a": [:], "c": [], "url": "https://x/y",
        ]
        XCTAssertEqual(
            value.text,
            #"{"a":{},"b":[1,-2,2.5,true,false,null,"x"],"c":[],"url":"https://x/y"}"#)
        XCTAssertEqual(value.bytes, Array(value.text.utf8))
    }

    func testKeysAreInByteOrder() {
        let keys = ["", "A", "Z", "a", "aa", "ab", "b", "e\u{301}", "z", "ø", "\u{FFFD}", "🚀"]
        let value = JSON.object(Dictionary(uniqueKeysWithValues: keys.shuffled().map { ($0, .null) }))
        XCTAssertEqual(value.text, "{" + keys.map { "\"\($0)\":null" }.joined(separator: ",") + "}")
    }

    func testSameValueSameBytes() {
        let keys = (0..<500).map { "key\($0)" }
        let texts = Set((0..<5).map { _ in
            var members: [String: JSON] = [:]
            for key in keys.shuffled() { members[key] = .string(key) }
            return JSON.object(members).text
        })
        XCTAssertEqual(texts.count, 1)
    }

    func testEscapesWhatJSONAndYAMLCannotHoldPlainly() {
        XCTAssertEqual(
            JSON.string("\"\\/\u{8}\u{C}\n\r\t\0\u{1F}").text, #""\"\\/\b\f\n\r\t\u0000\u001f""#)
        XCTAssertEqual(
            JSON.string("\u{7F}\u{80}\u{85}\u{9F}\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}").text,
            #""\u007f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffff""#)
        let plain = "~ \u{A0}©\u{2027}\u{202A}\u{FEFE}\u{FF00}\u{FFFD}ÿ€🚀e\u{301}"
        XCTAssertEqual(Array(JSON.string(plain).text.utf8), Array("\"\(plain)\"".utf8))
    }

    func testNumbers() {
        XCTAssertEqual(JSON.int(.min).text, "-9223372036854775808")
        XCTAssertEqual(JSON.double(1).text, "1.0")
        XCTAssertEqual(JSON.double(0.1).text, "0.1")
        XCTAssertEqual(JSON.double(1e300).text, "1e+300")
        for value in [Double.infinity, -.infinity, .nan] { XCTAssertEqual(JSON.double(value).text, "null") }
    }

    func testPrettyText() {
        let value: JSON = ["b": [1, [:], ["x": "y"]], "a": []]
        XCTAssertEqual(
            value.prettyText,
            """
            {
              "a": [],
              "b": [
                1,
                {},
                {
                  "x": "y"
                }
              ]
            }
            """)
    }

    func testWhatIsWrittenReadsBackTheSame() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let value = arbitrary(depth: 4, using: &random)
            XCTAssertEqual(try JSON.parse(value.bytes), value)
            XCTAssertEqual(try JSON.parse(value.prettyText), value)
        }
    }

    private func arbitrary(depth: Int, using random: inout SystemRandomNumberGenerator) -> JSON {
        switch Int.random(in: depth == 0 ? 2...7 : 0...7, using: &random) {
        case 0:
            let count = Int.random(in: 0...5, using: &random)
            return .array((0..<count).map { _ in arbitrary(depth: depth - 1, using: &random) })
        case 1:
            var members: [String: JSON] = [:]
            for _ in 0..<Int.random(in: 0...5) {
                members[arbitraryText(using: &random)] = arbitrary(depth: depth - 1, using: &random)
            }
            return .object(members)
        case 2: return .null
        case 3: return .bool(.random(using: &random))
        case 4: return .int(Int(truncatingIfNeeded: random.next()) >> Int.random(in: 0...63, using: &random))
        case 5:
            let value = Double(bitPattern: random.next())
            return .double(value.isFinite ? value : 0.5)
        default: return .string(arbitraryText(using: &random))
        }
    }

    private func arbitraryText(using random: inout SystemRandomNumberGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8) {
            // Half of the characters from ASCII, the rest from all of Unicode.
            let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x10FFFF
            let code = UInt32.random(in: 0...limit, using: &random)
            if let scalar = Unicode.Scalar(code) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
