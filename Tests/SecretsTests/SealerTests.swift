import AppFile
import Crypto
import Deploys
import Foundation
import XCTest

@testable import Secrets

final class SealerTests: XCTestCase {
    private static let ring = try? Keyring.empty.rotated().rotated()
    private let cats = AppID(organisation: "Iterate", name: "Cats")

    private func opener(_ ring: Keyring, _ mask: SecretMask = SecretMask()) -> KeyringOpener {
        KeyringOpener(ring, mask: mask)
    }

    private func sealed(
        _ text: String, _ ring: Keyring, _ scope: SealedValue.Scope = .common, app: AppID? = nil, key: Int = 0
    ) throws -> SealedValue {
        try Sealer(ring.keys[key].publicKey).seal(Array(text.utf8), for: app ?? cats, scope)
    }

    private func assert(
        _ value: SealedValue, by opener: KeyringOpener, for uses: Set<SealedValue.Scope> = [.common],
        fails error: OpeningError, line: UInt = #line
    ) {
        XCTAssertThrowsError(try opener.open(value.text, of: cats, for: uses), line: line) {
            XCTAssertEqual($0 as? OpeningError, error, line: line)
        }
    }

    func testWhatIsEncryptedIsOpenedForItsOwnUse() throws {
        let ring = try XCTUnwrap(Self.ring)
        let opener = opener(ring)
        for secret in ["a", "ü\n\"'\\ $x", String(repeating: "🐈", count: Sealer.maxValueBytes / 4)] {
            for scope in SealedValue.Scope.allCases {
                let value = try sealed(secret, ring, scope)
                XCTAssertEqual(value.scope, scope)
                XCTAssertEqual(value.app, "iterate/cats")
                XCTAssertEqual(try opener.open(value.text, of: cats, for: [scope]), secret)
            }
        }
        XCTAssertNotEqual(try sealed("a", ring).text, try sealed("a", ring).text)
    }

    func testOlderKeysStillOpen() throws {
        let ring = try XCTUnwrap(Self.ring)
        let old = try sealed("old", ring, key: 1)
        XCTAssertEqual(try opener(ring).open(old.text, of: cats, for: [.common]), "old")
        let later = opener(.empty)
        assert(old, by: later, fails: .unknownKey(id: ring.keys[1].id.description))
        later.keyring = ring
        XCTAssertEqual(try later.open(old.text, of: cats, for: [.common]), "old")
    }

    func testElsewhereItIsUseless() throws {
        let ring = try XCTUnwrap(Self.ring)
        let opener = opener(ring)
        let dogs = AppID(organisation: "iterate", name: "dogs")
        assert(try sealed("s", ring, app: dogs), by: opener, fails: .otherApp("iterate/dogs"))
        assert(try sealed("s", ring, .prod), by: opener, fails: .otherUse(.prod))
        assert(try sealed("s", ring, .build), by: opener, for: [.common, .prod], fails: .otherUse(.build))
        let foreign = try Keyring.empty.rotated()
        assert(try sealed("s", foreign), by: opener, fails: .unknownKey(id: foreign.keys[0].id.description))
    }

    /// What a value says of itself can be edited, checksum and all; then it does not open.
    func testAnEditedHeadingOpensNothing() throws {
        let ring = try XCTUnwrap(Self.ring)
        let opener = opener(ring)
        let dogs = AppID(organisation: "iterate", name: "dogs")
        func edited(_ value: SealedValue, scope: SealedValue.Scope? = nil, app: String? = nil, key: [UInt8]? = nil,
            cipher: [UInt8]? = nil, point: [UInt8]? = nil
        ) throws -> SealedValue {
            try XCTUnwrap(SealedValue(
                scope: scope ?? value.scope, keyID: key ?? value.keyID, app: app ?? value.app,
                encapsulatedKey: point ?? value.encapsulatedKey, ciphertext: cipher ?? value.ciphertext))
        }
        let (common, theirs) = (try sealed("s", ring), try sealed("s", ring, app: dogs))
        assert(try edited(theirs, app: "iterate/cats"), by: opener, fails: .tampered)
        assert(try edited(common, scope: .prod), by: opener, for: [.prod], fails: .tampered)
        assert(try edited(common, key: ring.keys[1].id.bytes), by: opener, fails: .tampered)
        assert(try edited(common, cipher: common.ciphertext.dropLast() + [1]), by: opener, fails: .tampered)
        assert(try edited(common, point: theirs.encapsulatedKey), by: opener, fails: .tampered)
        assert(
            try edited(common, point: [4] + [UInt8](repeating: 9, count: 64)), by: opener, fails: .tampered)
        XCTAssertThrowsError(try opener.open("hello", of: cats, for: [.common])) {
            XCTAssertEqual($0 as? OpeningError, .unreadable(.foreign))
        }
        let text = common.text
        XCTAssertThrowsError(try opener.open(String(text.dropLast(3)), of: cats, for: [.common])) {
            XCTAssertEqual($0 as? OpeningError, .unreadable(.damaged))
        }
    }

    func testWhatCannotBeAValueIsNotEncrypted() throws {
        let ring = try XCTUnwrap(Self.ring)
        func error(_ bytes: [UInt8]) -> SealingError? {
            do throws(SealingError) {
                _ = try Sealer(ring.keys[0].publicKey).seal(bytes, for: cats, .common)
            } catch { return error }
            return nil
        }
        XCTAssertEqual(error([]), .empty)
        XCTAssertEqual(error([0x61, 0]), .notText)
        XCTAssertEqual(error([0xFF]), .notText)
        XCTAssertEqual(error([UInt8](repeating: 0x61, count: Sealer.maxValueBytes + 1)), .tooLarge)
        XCTAssertNil(error([UInt8](repeating: 0x61, count: Sealer.maxValueBytes)))
    }

    /// Somebody with the public key may encrypt what we would not.
    func testWhatIsNoTextIsNotOpened() throws {
        let ring = try XCTUnwrap(Self.ring)
        let id = ring.keys[0].id
        for bytes: [UInt8] in [[0xFF, 0xFE], [0x61, 0]] {
            let made = HPKE.seal(
                bytes, to: ring.keys[0].publicKey, info: SealedPurpose.info(.common, id, app: "iterate/cats"))
            let value = try XCTUnwrap(SealedValue(
                scope: .common, keyID: id.bytes, app: "iterate/cats", encapsulatedKey: made.encapsulatedKey,
                ciphertext: made.ciphertext))
            assert(value, by: opener(ring), fails: .notText)
        }
    }

    func testWhatWasOpenedIsHiddenFromThenOn() throws {
        let ring = try XCTUnwrap(Self.ring)
        let mask = SecretMask()
        let opener = opener(ring, mask)
        XCTAssertEqual(mask.masked("it is c0rrect-horse"), "it is c0rrect-horse")
        _ = try opener.open(sealed("c0rrect-horse", ring).text, of: cats, for: [.common])
        XCTAssertEqual(mask.masked("it is c0rrect-horse"), "it is •••")
        _ = try opener.open(sealed("production", ring).text, of: cats, for: [.common])
        XCTAssertEqual(mask.masked("production"), "production", "it is everybody's word")
        XCTAssertEqual(mask.of(cats).masked("production"), "•••")
    }
}
