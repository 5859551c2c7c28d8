import AppFile
import XCTest

final class SealedValueTests: XCTestCase {
    /// Made once, with Python's base64 and zlib, from the parts in `known`: text that is pasted today must be
    /// understood by every later version.
    private let knownText = "AQEBAgMEBQYHCAxpdGVyYXRlL2NhdHMEZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo"
        + "-QkZKTlJWWl5iZmpucnZ6foKGiowABAgMEBQYHCAkKCwwNDg8QERITFKO7Aok"

    private var known: SealedValue? {
        SealedValue(
            scope: .prod, keyID: Array(1...8), app: "iterate/cats",
            encapsulatedKey: [4] + Array(100..<164), ciphertext: Array(0..<21))
    }

    func testTheFormStaysTheSame() throws {
        let value = try XCTUnwrap(known)
        XCTAssertEqual(value.text, knownText)
        XCTAssertEqual(try SealedValue(knownText), value)
    }

    func testEveryLengthAndScopeComesBack() throws {
        for scope in SealedValue.Scope.allCases {
            for length in 16...20 {
                let value = try sealed(scope, app: "Org/App", length: length)
                XCTAssertEqual(try SealedValue(value.text), value)
                XCTAssertEqual(value.app, "org/app")
                XCTAssertTrue(value.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
            }
        }
    }

    func testPartsThatCannotBe() {
        func value(keyID: Int = 8, app: String = "a/b", key: Int = 65, first: UInt8 = 4, ciphertext: Int = 16) -> SealedValue? {
            SealedValue(
                scope: .common, keyID: Array(repeating: 0, count: keyID), app: app,
                encapsulatedKey: Array([first] + Array(repeating: 0, count: max(0, key - 1))).prefix(key).map { $0 },
                ciphertext: Array(repeating: 0, count: ciphertext))
        }
        XCTAssertNotNil(value())
        XCTAssertNil(value(keyID: 7))
        XCTAssertNil(value(app: ""))
        XCTAssertNil(value(app: String(repeating: "a", count: 256)))
        XCTAssertNil(value(key: 64))
        XCTAssertNil(value(first: 2))
        XCTAssertNil(value(ciphertext: 15))
    }

    func testAnyCutAndAnyChangeIsTold() throws {
        let text = try sealed(.prod).text
        for length in 4..<text.count {
            XCTAssertEqual(error(String(text.prefix(length))), .damaged, "\(length)")
        }
        for length in 0..<4 { XCTAssertEqual(error(String(text.prefix(length))), .foreign, "\(length)") }
        for index in 4..<text.count {
            var characters = Array(text)
            characters[index] = characters[index] == "A" ? "B" : "A"
            XCTAssertEqual(error(String(characters)), .damaged, "\(index)")
            characters.remove(at: index)
            XCTAssertEqual(error(String(characters)), .damaged, "without \(index)")
        }
        for change in [text + "A", text + "=", text + "\n", text.prefix(60) + " " + text.dropFirst(60), text + text] {
            XCTAssertEqual(error(String(change)), .damaged)
        }
        XCTAssertEqual(error(String(text.dropFirst())), .foreign)
    }

    func testOtherTextsAreForeign() {
        let texts = [
            "", "x", "hunter2", "MBZ53sHc3dNOd9KhArzTy", "not base64!", "🐈",
            "FSXRT02ouBlR4edBprBiUxgP1ii5_nWLwYQycy0OP1wK0z51ZeclZSIRCEtSAwp3nrqBGh9ckemqb9MYrnAdi6_NxQOoyji1dtZn1qNWQUuf6",
        ]
        for text in texts { XCTAssertEqual(error(text), .foreign, text) }
    }

    func testALaterFormIsNotCalledDamaged() throws {
        XCTAssertEqual(error("AgEBAgMEBQYHCAxpdGVyYXRlL2NhdHMEZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo"
                + "-QkZKTlJWWl5iZmpucnZ6foKGiowABAgMEBQYHCAkKCwwNDg8QERITFDdOl0o"), .unknownVersion(2))
    }

    private func error(_ text: String) -> SealedValueError? {
        do throws(SealedValueError) {
            _ = try SealedValue(text)
            return nil
        } catch {
            return error
        }
    }
}

/// A value that is whole, although no key opens it.
func sealed(
    _ scope: SealedValue.Scope, app: String = "iterate/cats", length: Int = 24
) throws -> SealedValue {
    try XCTUnwrap(
        SealedValue(
            scope: scope, keyID: Array(1...8), app: app, encapsulatedKey: [4] + Array(repeating: 0xAB, count: 64),
            ciphertext: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }))
}
