import Crypto
import Foundation
import TestSupport
import XCTest

/// Against the program `openssl`, which made the keys.
final class RSAKeyTests: XCTestCase {
    private let text = Array("what is signed".utf8)

    func testASignatureHoldsByOurOwnWordAndByOpenSSLs() async throws {
        let keys = try await GitHubKeys.shared()
        let signature = try RSASigningKey(pem: keys.privatePEM).sign(text)
        XCTAssertEqual(signature.count, 256)
        XCTAssertTrue(keys.publicKey.verifies(signature, of: text))
        XCTAssertFalse(keys.publicKey.verifies(signature, of: text + [0]))
        XCTAssertFalse(keys.publicKey.verifies(Array(signature.reversed()), of: text))
        XCTAssertFalse(keys.publicKey.verifies([], of: text))
        let other = try await GitHubKeys.make()
        XCTAssertFalse(other.publicKey.verifies(signature, of: text))

        try await withTemporaryDirectory { directory in
            let (key, data, signed) = (
                directory.appending(path: "key.pem"), directory.appending(path: "data"), directory.appending(path: "signed")
            )
            try Data(keys.privatePEM.utf8).write(to: key)
            try Data(text).write(to: data)
            try Data(signature).write(to: signed)
            let said = try await GitHubKeys.openssl([
                "dgst", "-sha256", "-prverify", key.path, "-signature", signed.path, data.path,
            ])
            XCTAssertEqual(said, "Verified OK\n")
        }
    }

    /// GitHub hands out the older of the two forms.
    func testBothFormsOfAKeyAreTheSameKey() async throws {
        let keys = try await GitHubKeys.shared()
        let older = try await GitHubKeys.openssl(["rsa", "-traditional"], input: keys.privatePEM)
        XCTAssertTrue(older.hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
        XCTAssertEqual(try RSASigningKey(pem: older).sign(text), try RSASigningKey(pem: keys.privatePEM).sign(text))
    }

    func testWhatIsWrongIsSaidWithoutTheKey() async throws {
        let good = try await GitHubKeys.shared().privatePEM
        let encrypted = try await GitHubKeys.openssl(["pkcs8", "-topk8", "-passout", "pass:secret"], input: good)
        let encryptedOlder = try await GitHubKeys.openssl(
            ["rsa", "-traditional", "-aes128", "-passout", "pass:secret"], input: good)
        let short = try await GitHubKeys.make(bits: 1_024).privatePEM
        let curve = try await GitHubKeys.openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        let publicPEM = try await GitHubKeys.openssl(["pkey", "-pubout"], input: good)
        let cases: [(String, RSAKeyError)] = [
            ("", .noKey), ("not a key", .noKey), (publicPEM, .noKey), (String(good.prefix(good.count / 2)), .noKey),
            (good.replacing("M", with: "!"), .noKey), (encrypted, .encrypted), (encryptedOlder, .encrypted),
            (curve, .notRSA), (short, .tooShort(bits: 1_024)),
        ]
        for (pem, expected) in cases {
            do throws(RSAKeyError) {
                _ = try RSASigningKey(pem: pem)
                XCTFail("\(expected) was taken")
            } catch {
                XCTAssertEqual(error, expected)
                let body = pem.split(separator: "\n").dropFirst().first.map(String.init) ?? "nothing to find"
                XCTAssertFalse("\(error)".contains(body))
            }
        }
    }

    func testOneKeySignsForManyAtOnce() async throws {
        let keys = try await GitHubKeys.shared()
        let key = try RSASigningKey(pem: keys.privatePEM)
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let text = Array("text \(number)".utf8)
                    return keys.publicKey.verifies(key.sign(text), of: text)
                }
            }
            for await holds in group { XCTAssertTrue(holds) }
        }
    }
}
