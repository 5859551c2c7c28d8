import Foundation
import XCTest

@testable import Crypto

/// With the vectors of RFC 9180, appendix A.3.1.
final class HPKETests: XCTestCase {
    private struct Vectors: Decodable {
        struct Encryption: Decodable {
            let pt, aad, nonce, ct: String
        }

        let info, pkEm, skEm, pkRm, skRm, enc, key, base_nonce, shared_secret: String
        let encryptions: [Encryption]

        init() throws {
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/hpke-p256-aes128gcm-base.json")
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
        }
    }

    private func bytes(_ hex: String) throws -> [UInt8] { try XCTUnwrap(Crypto.bytes(fromHex: hex)) }

    /// As PKCS#8 around SEC 1 (RFC 5915) without the public key, which follows from the private one.
    private func privateKey(_ hex: String) throws -> P256PrivateKey {
        let head = try bytes("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420")
        let base64 = Data(head + (try bytes(hex))).base64EncodedString()
        return try P256PrivateKey(pem: "-----BEGIN PRIVATE KEY-----\n\(base64)\n-----END PRIVATE KEY-----\n")
    }

    func testThePublishedVectors() throws {
        let vectors = try Vectors()
        let (sender, recipient) = (try privateKey(vectors.skEm), try privateKey(vectors.skRm))
        XCTAssertEqual(hex(sender.publicKey.bytes), vectors.pkEm)
        XCTAssertEqual(hex(recipient.publicKey.bytes), vectors.pkRm)
        let schedule = KeySchedule(sharedSecret: try bytes(vectors.shared_secret), info: try bytes(vectors.info))
        XCTAssertEqual(hex(schedule.key), vectors.key)
        XCTAssertEqual(hex(schedule.nonce), vectors.base_nonce)
        XCTAssertEqual(vectors.encryptions.count, 6)
        for (index, encryption) in vectors.encryptions.enumerated() {
            let (plain, aad) = (try bytes(encryption.pt), try bytes(encryption.aad))
            let (nonce, cipher) = (try bytes(encryption.nonce), try bytes(encryption.ct))
            XCTAssertEqual(AES128GCM.seal(plain, key: schedule.key, nonce: nonce, aad: aad), cipher)
            XCTAssertEqual(AES128GCM.open(cipher, key: schedule.key, nonce: nonce, aad: aad), plain)
            // One message per key agreement is the first of the sequence.
            guard index == 0 else { continue }
            let info = try bytes(vectors.info)
            let sealed = HPKE.seal(plain, to: recipient.publicKey, info: info, aad: aad, ephemeral: sender)
            XCTAssertEqual(hex(sealed.encapsulatedKey), vectors.enc)
            XCTAssertEqual(hex(sealed.ciphertext), encryption.ct)
            XCTAssertEqual(try HPKE.open(sealed, with: recipient, info: info, aad: aad), plain)
        }
    }

    func testEachMessageIsAnother() throws {
        let key = P256PrivateKey()
        for plain in [[], [7], Array("ü".utf8), randomBytes(65_536)] {
            let first = HPKE.seal(plain, to: key.publicKey, info: [1], aad: [2])
            let second = HPKE.seal(plain, to: key.publicKey, info: [1], aad: [2])
            XCTAssertNotEqual(first.encapsulatedKey, second.encapsulatedKey)
            XCTAssertEqual(first.ciphertext.count, plain.count + HPKE.tagBytes)
            XCTAssertEqual(try HPKE.open(first, with: key, info: [1], aad: [2]), plain)
            XCTAssertEqual(try HPKE.open(second, with: key, info: [1], aad: [2]), plain)
        }
    }

    func testNothingElseOpensIt() throws {
        let key = P256PrivateKey()
        let sealed = HPKE.seal(Array("secret".utf8), to: key.publicKey, info: [1], aad: [2])
        func refuses(
            _ error: HPKEError, _ key: P256PrivateKey, _ info: [UInt8] = [1], _ aad: [UInt8] = [2],
            _ point: [UInt8]? = nil, _ cipher: [UInt8]? = nil, line: UInt = #line
        ) {
            let message = HPKE.Sealed(
                encapsulatedKey: point ?? sealed.encapsulatedKey, ciphertext: cipher ?? sealed.ciphertext)
            XCTAssertThrowsError(try HPKE.open(message, with: key, info: info, aad: aad), line: line) {
                XCTAssertEqual($0 as? HPKEError, error, line: line)
            }
        }
        refuses(.refused, P256PrivateKey())
        refuses(.refused, key, [1, 0])
        refuses(.refused, key, [])
        refuses(.refused, key, [1], [])
        refuses(.refused, key, [1], [2], P256PrivateKey().publicKey.bytes)
        for index in sealed.ciphertext.indices {
            var changed = sealed.ciphertext
            changed[index] ^= 1
            refuses(.refused, key, [1], [2], nil, changed)
        }
        for count in [0, 1, 15, 16, 21] { refuses(.refused, key, [1], [2], nil, Array(sealed.ciphertext.prefix(count))) }
        // Not on the curve, the point at infinity, cut short, compressed.
        var off = sealed.encapsulatedKey
        off[64] ^= 1
        refuses(.invalidKey, key, [1], [2], off)
        refuses(.invalidKey, key, [1], [2], [4] + [UInt8](repeating: 0, count: 64))
        refuses(.invalidKey, key, [1], [2], [0])
        refuses(.invalidKey, key, [1], [2], [])
        refuses(.invalidKey, key, [1], [2], Array(sealed.encapsulatedKey.prefix(64)))
        refuses(.invalidKey, key, [1], [2], [2] + sealed.encapsulatedKey[1...32])
    }
}
