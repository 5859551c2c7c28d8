import Crypto
import Foundation
import Subprocess

/// The key pair of a GitHub App, made by the program `openssl`.
package struct GitHubKeys: Sendable {
    /// PKCS#8.
    package let privatePEM: String
    package let publicKey: RSAPublicKey

    private static let made = Task { try await make() }

    /// One pair for all tests of a process: making one takes a while.
    package static func shared() async throws -> GitHubKeys { try await made.value }

    package static func make(bits: Int = 2_048) async throws -> GitHubKeys {
        let key = try await openssl(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:\(bits)"])
        let publicPEM = try await openssl(["pkey", "-pubout"], input: key)
        return GitHubKeys(privatePEM: key, publicKey: try RSAPublicKey(pem: publicPEM))
    }

    /// What the program printed.
    package static func openssl(_ arguments: [String], input: String = "") async throws -> String {
        var run = ProgramRun("openssl", arguments, timeLimit: .seconds(30))
        run.input = Array(input.utf8)
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw TestFailure("openssl \(arguments.first ?? ""): \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
        return String(decoding: result.output, as: UTF8.self)
    }
}
