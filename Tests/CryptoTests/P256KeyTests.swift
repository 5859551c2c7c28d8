import Crypto
import Foundation
import TestSupport
import XCTest

/// Against the program `openssl`.
final class P256KeyTests: XCTestCase {
    func testAKeySurvivesItsTextForm() throws {
        let key = P256PrivateKey()
        XCTAssertTrue(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try P256PrivateKey(pem: key.pem)
        XCTAssertEqual(again.publicKey, key.publicKey)
        XCTAssertEqual(again.pem, key.pem)
        XCTAssertEqual(try P256PublicKey(pem: key.publicKey.pem), key.publicKey)
        XCTAssertEqual(key.publicKey.bytes.count, 65)
        XCTAssertEqual(key.publicKey.bytes[0], 4)
        XCTAssertNotEqual(P256PrivateKey().publicKey, key.publicKey)
    }

    func testOpenSSLReadsOursAndWeItsOwn() async throws {
        let key = P256PrivateKey()
        let told = try await GitHubKeys.openssl(["pkey", "-pubout"], input: key.pem)
        XCTAssertEqual(told, key.publicKey.pem)
        let made = try await GitHubKeys.openssl(["ecparam", "-name", "prime256v1", "-genkey", "-noout"])
        XCTAssertTrue(made.hasPrefix("-----BEGIN EC PRIVATE KEY-----"))
        let read = try P256PrivateKey(pem: made)
        let itsPublic = try await GitHubKeys.openssl(["pkey", "-pubout"], input: made)
        XCTAssertEqual(read.publicKey.pem, itsPublic)
        XCTAssertTrue(read.pem.hasPrefix("-----BEGIN PRIVATE KEY-----"))
        // A file may hold the short form of the point; ours is the long one all the same.
        let short = try await GitHubKeys.openssl(["ec", "-pubout", "-conv_form", "compressed"], input: made)
        XCTAssertEqual(try P256PublicKey(pem: short), read.publicKey)
        XCTAssertEqual(try P256PublicKey(pem: short).pem, itsPublic)
    }

    func testWhatIsNoneIsToldApart() async throws {
        func error(_ pem: String) -> P256KeyError? {
            do throws(P256KeyError) { _ = try P256PrivateKey(pem: pem) } catch { return error }
            return nil
        }
        let key = P256PrivateKey()
        XCTAssertEqual(error(""), .noPrivateKey)
        XCTAssertEqual(error(key.publicKey.pem), .noPrivateKey)
        XCTAssertEqual(error(String(key.pem.prefix(100))), .noPrivateKey)
        let keys = try await GitHubKeys.shared()
        XCTAssertEqual(error(keys.privatePEM), .notP256)
        let other = try await GitHubKeys.openssl(["ecparam", "-name", "secp384r1", "-genkey", "-noout"])
        XCTAssertEqual(error(other), .notP256)
        let locked = try await GitHubKeys.openssl(
            ["pkcs8", "-topk8", "-passout", "pass:hush"], input: key.pem)
        XCTAssertEqual(error(locked), .encrypted)
        XCTAssertThrowsError(try P256PublicKey(pem: key.pem)) { XCTAssertEqual($0 as? P256KeyError, .noPublicKey) }
        let rsa = try await GitHubKeys.openssl(["pkey", "-pubout"], input: keys.privatePEM)
        XCTAssertThrowsError(try P256PublicKey(pem: rsa)) { XCTAssertEqual($0 as? P256KeyError, .notP256) }
        let ed = try await GitHubKeys.openssl(["genpkey", "-algorithm", "ed25519"])
        XCTAssertEqual(error(ed), .notP256)
    }
}
