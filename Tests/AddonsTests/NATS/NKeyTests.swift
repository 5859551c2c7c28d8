import Crypto
import XCTest

@testable import Addons

final class NKeyTests: XCTestCase {
    private let seed = "SUAIO3FHUX5PNV2LQIIP7TZ3N4L7TX3W53MQGEIVYFIGA635OZCKEYHFLM"
    private let user = "UD2FLLGFERQVQQ3SBKONNG2QMIMTZQKKLTU3AVG5I3EQEFHBPGPE2XQS"

    func testAPublishedPair() throws {
        let key = try XCTUnwrap(NKey(seedText: seed))
        XCTAssertEqual(key.kind, .user)
        XCTAssertEqual(key.publicText, user)
        XCTAssertEqual(key.seedText, seed)
        XCTAssertEqual(NKey.publicKey(user, of: .user), key.key.publicKey)
        XCTAssertNil(NKey.publicKey(user, of: .account))
    }

    func testEveryKindIsReadBack() throws {
        let letters: [NKey.Kind: Character] = [.operator: "O", .account: "A", .user: "U"]
        for kind in NKey.Kind.allCases {
            let key = try XCTUnwrap(NKey(kind, seed: randomBytes(32)))
            let letter = try XCTUnwrap(letters[kind])
            XCTAssertEqual(key.publicText.first, letter)
            XCTAssertEqual(key.publicText.count, 56)
            XCTAssertTrue(key.seedText.hasPrefix("S\(letter)"))
            XCTAssertEqual(key.seedText.count, 58)
            XCTAssertEqual(NKey(seedText: key.seedText), key)
            XCTAssertEqual(NKey.publicKey(key.publicText, of: kind), key.key.publicKey)
        }
    }

    func testWhatIsNoSeedIsNotTaken() {
        let last = seed.dropLast() + "A"
        let swapped = seed.replacing("IO3F", with: "I3OF")
        for text in ["", "SU", "x", user, String(seed.dropLast()), seed + "A", String(last), swapped, seed.lowercased(), "\(seed)="] {
            XCTAssertNil(NKey(seedText: text), text)
        }
        XCTAssertNil(NKey(.user, seed: [1]))
    }

    func testAKeyInAMessageIsNotItsSeed() throws {
        let key = try XCTUnwrap(NKey(seedText: seed))
        XCTAssertEqual("\(key)", user)
    }

    /// RFC 4648, section 10.
    func testBase32() {
        let vectors = ["": "", "f": "MY", "fo": "MZXQ", "foo": "MZXW6", "foob": "MZXW6YQ", "fooba": "MZXW6YTB", "foobar": "MZXW6YTBOI"]
        for (clear, text) in vectors {
            XCTAssertEqual(Base32.text(Array(clear.utf8)), text)
            XCTAssertEqual(Base32.bytes(text), Array(clear.utf8))
        }
        for text in ["M", "MZX", "MZ", "M1", "my"] { XCTAssertNil(Base32.bytes(text), text) }
    }
}
