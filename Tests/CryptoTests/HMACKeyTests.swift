import Dispatch
import Synchronization
import XCTest

@testable import Crypto

final class HMACKeyTests: XCTestCase {
    /// RFC 4231, section 4.
    func testVectorsOfTheStandard() {
        let vectors: [(key: [UInt8], data: [UInt8], result: String)] = [
            (
                Array(repeating: 0x0B, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                Array(repeating: 0xAA, count: 20), Array(repeating: 0xDD, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                Array(1...25), Array(repeating: 0xCD, count: 50),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
            ),
            (
                Array(repeating: 0xAA, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            ([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ]
        for (key, data, result) in vectors {
            XCTAssertEqual(hex(HMACKey(key).authenticate(data)), result)
        }
    }

    func testSlacksExample() {
        let key = HMACKey(Array("8f742231b10e8888abcd99yyyzzz85a5".utf8))
        let body = """
            token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
            &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
            &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554\
            %2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c
            """
        XCTAssertEqual(
            hex(key.authenticate(Array("v0:1531420618:".utf8), Array(body.utf8))),
            "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
    }

    func testGitHubsExample() {
        let key = HMACKey(Array("It's a Secret to Everybody".utf8))
        XCTAssertEqual(
            hex(key.authenticate(Array("Hello, World!".utf8))),
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    func testPartsAreOneMessageAndUsesDoNotMix() {
        let key = HMACKey([1, 2, 3])
        let whole = key.authenticate(Array("abc".utf8))
        XCTAssertEqual(key.authenticate([], Array("a".utf8), Array("bc".utf8)), whole)
        XCTAssertEqual(key.authenticate(), key.authenticate([]))
        XCTAssertNotEqual(key.authenticate(Array("abd".utf8)), whole)
        XCTAssertEqual(key.authenticate(Array("abc".utf8)), whole)
    }

    func testThreadsShareAKey() {
        let key = HMACKey([1, 2, 3])
        let expected = (0..<50).map { HMACKey([1, 2, 3]).authenticate([UInt8($0)]) }
        let wrong = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 2_000) { number in
            if key.authenticate([UInt8(number % 50)]) != expected[number % 50] { wrong.withLock { $0 += 1 } }
        }
        XCTAssertEqual(wrong.withLock { $0 }, 0)
    }
}
