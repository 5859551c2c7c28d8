import XCTest

@testable import Crypto

final class CryptoTests: XCTestCase {
    func testSHA256() {
        // FIPS 180-4's examples.
        XCTAssertEqual(
            hex(sha256(Array("abc".utf8))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        XCTAssertEqual(
            hex(sha256([])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        XCTAssertEqual(
            hex(sha256(Array(repeating: UInt8(ascii: "a"), count: 1_000_000))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    func testConstantTimeEquals() {
        XCTAssertTrue(constantTimeEquals([], []))
        XCTAssertTrue(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        XCTAssertFalse(constantTimeEquals([1, 2, 3], [1, 2, 4]))
        XCTAssertFalse(constantTimeEquals([1, 2, 3], [0, 2, 3]))
        XCTAssertFalse(constantTimeEquals([1, 2, 3], [1, 2]))
        XCTAssertFalse(constantTimeEquals([], [0]))
    }

    func testRandomBytes() {
        XCTAssertEqual(randomBytes(0), [])
        XCTAssertEqual(randomBytes(33).count, 33)
        XCTAssertEqual(Set((0..<100).map { _ in randomBytes(16) }).count, 100)
    }

    func testHex() {
        XCTAssertEqual(hex([]), "")
        XCTAssertEqual(hex([0, 1, 0x9A, 0xFF]), "00019aff")
        XCTAssertEqual(bytes(fromHex: "00019aFf"), [0, 1, 0x9A, 0xFF])
        XCTAssertEqual(bytes(fromHex: ""), [])
        let all = (UInt8.min...UInt8.max).map { $0 }
        XCTAssertEqual(bytes(fromHex: hex(all)), all)
        for wrong in ["0", "000", "0g", " 00", "00\n", "0x00", "-1", "+1", "é0", "００"] {
            XCTAssertNil(bytes(fromHex: wrong), wrong)
        }
    }
}
