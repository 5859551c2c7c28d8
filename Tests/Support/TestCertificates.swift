import Foundation
import Subprocess

/// Keys and certificates that openssl(1) makes for a test; they hold for two days.
package struct TestCertificates: Sendable {
    package let directory: URL

    package init(in directory: URL) { self.directory = directory }

    package func path(_ name: String) -> String { directory.appending(path: name).path }
    package func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// Writes `NAME.key` and `NAME.pem`, which is signed by itself.
    /// - Parameters:
    ///   - hosts: as in `DNS:cats.example,IP:127.0.0.1`.
    ///   - arguments: further ones of `openssl req`.
    package func make(_ name: String, for hosts: String? = nil, _ arguments: [String] = []) async throws {
        let common = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
        ]
        let names = hosts.map { ["-addext", "subjectAltName=\($0)"] } ?? []
        let result = try await ProgramRun("openssl", common + names + arguments, timeLimit: .seconds(20)).run()
        guard result.exitCode == 0 else {
            throw TestFailure("openssl req: \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
    }

    /// The arguments by which another certificate signs.
    package func signed(by name: String) -> [String] {
        ["-CA", path("\(name).pem"), "-CAkey", path("\(name).key")]
    }
}
