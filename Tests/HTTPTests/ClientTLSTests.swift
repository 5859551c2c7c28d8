import Foundation
import Subprocess
import TestSupport
import XCTest

@testable import HTTP

/// Trust and identity, against OpenSSL's own server with certificates made for the test.
final class ClientTLSTests: XCTestCase {
    private let client = HTTPClient()

    /// Certificates: `ca`, `other` (authorities), `server` for cats.example, `us`.
    private func withCertificates(_ body: (TestCertificates) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let certificates = TestCertificates(in: directory)
            do {
                try await certificates.make("ca")
            } catch ProgramError.notFound {
                throw XCTSkip("no openssl program to make certificates with")
            }
            try await certificates.make("other")
            let signer = certificates.signed(by: "ca")
            try await certificates.make("server", for: "DNS:cats.example", signer)
            try await certificates.make("us", signer)
            try await body(certificates)
        }
    }

    /// Runs a server that answers every request with a page about the connection.
    private func withServer(
        _ certificates: TestCertificates, _ arguments: [String] = [],
        _ body: (_ address: String) async throws -> Void
    ) async throws {
        let log = certificates.path("server.log")
        let server = try RunningProgram(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificates.path("server.pem"),
                "-key", certificates.path("server.key"),
            ] + arguments,
            logFile: log)
        do {
            try await body(try await address(in: log))
        } catch {
            await server.terminate(grace: .seconds(5))
            throw error
        }
        await server.terminate(grace: .seconds(5))
    }

    /// The server says `ACCEPT 127.0.0.1:40123` when it listens.
    private func address(in log: String) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            let text = try String(contentsOfFile: log, encoding: .utf8)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT 127") }) {
                return String(line.dropFirst(7))
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("openssl s_server did not say where it listens")
    }

    private func get(
        _ address: String, host: String = "cats.example", tls: HTTPClientTLS?
    ) async -> Result<HTTPClientResponse, HTTPClientError> {
        do throws(HTTPClientError) {
            let request = HTTPClientRequest("GET", "https://\(host)/", connectTo: address, tls: tls)
            return .success(try await client.send(request))
        } catch {
            return .failure(error)
        }
    }

    func testOnlyTheNamedAuthorityIsTrusted() async throws {
        try await withCertificates { certificates in
            try await withServer(certificates) { address in
                let trusted = HTTPClientTLS(authoritiesPEM: try certificates.text("ca.pem"))
                let other = HTTPClientTLS(authoritiesPEM: try certificates.text("other.pem"))
                let response = try await get(address, tls: trusted).get()
                XCTAssertEqual(response.status, 200)
                // The connection above must not be used for those who trust somebody else.
                let wrong = [("cats.example", nil), ("cats.example", other), ("dogs.example", trusted)]
                for (host, tls) in wrong {
                    let result = await get(address, host: host, tls: tls)
                    guard case .failure(.untrusted(let reason)) = result else {
                        XCTFail("\(host): \(result)")
                        continue
                    }
                    XCTAssertTrue(reason.contains("certificate"), reason)
                }
            }
        }
    }

    func testClientCertificate() async throws {
        try await withCertificates { certificates in
            let authority = certificates.path("ca.pem")
            let arguments = ["-Verify", "1", "-verify_return_error", "-CAfile", authority]
            try await withServer(certificates, arguments) { address in
                var tls = HTTPClientTLS(authoritiesPEM: try certificates.text("ca.pem"))
                let stranger = await get(address, tls: tls)
                XCTAssertThrowsError(try stranger.get())
                tls.certificatePEM = try certificates.text("us.pem")
                tls.keyPEM = try certificates.text("us.key")
                let response = try await get(address, tls: tls).get()
                XCTAssertEqual(response.status, 200)
                let again = await get(address, tls: HTTPClientTLS(authoritiesPEM: tls.authoritiesPEM))
                XCTAssertThrowsError(try again.get(), "a connection with our certificate was lent out")
            }
        }
    }

    func testUnusableCertificates() async throws {
        try await withCertificates { certificates in
            try await withServer(certificates) { address in
                let authority = try certificates.text("ca.pem")
                let unusable = [
                    HTTPClientTLS(authoritiesPEM: "hush"),
                    HTTPClientTLS(authoritiesPEM: authority, certificatePEM: "hush", keyPEM: "hush"),
                    HTTPClientTLS(
                        authoritiesPEM: authority, certificatePEM: try certificates.text("us.pem"),
                        keyPEM: try certificates.text("other.key")),
                ]
                for tls in unusable {
                    let result = await get(address, tls: tls)
                    XCTAssertThrowsError(try result.get()) {
                        XCTAssertFalse(String(describing: $0).contains("hush"), "\($0)")
                    }
                }
            }
        }
    }

    func testServerThatDoesNotSpeakTLS() async throws {
        let peer = try peer { connection in
            try connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForEnd()
        }
        let result = await get(peer.address, tls: nil)
        guard case .failure(.cannotConnect) = result else { return XCTFail("\(result)") }
    }
}
