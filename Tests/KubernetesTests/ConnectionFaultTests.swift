import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Kubeconfigs against real TLS servers and proxies: what works as with kubectl, and the sentence where it cannot.
final class ConnectionFaultTests: XCTestCase {
    private struct Bench {
        let directory: URL
        let front: HTTP2FrontEnd
        let timing: TestTiming

        var port: Substring { front.address.split(separator: ":")[1] }

        func path(_ name: String) -> String { directory.appending(path: name).path }

        /// - Parameters:
        ///   - cluster: further settings of the cluster, in YAML's flow form.
        ///   - user: those of the user.
        func client(host: String = "127.0.0.1", _ cluster: String = "", user: String = "") throws -> KubernetesClient {
            let config = """
                current-context: c
                contexts: [{name: c, context: {cluster: prod, user: me}}]
                clusters: [{name: prod, cluster: {server: "https://\(host):\(port)", \(cluster)}}]
                users: [{name: me, user: {\(user)}}]
                """
            try Data(config.utf8).write(to: directory.appending(path: "config"))
            let connection = try KubernetesConnection.find(environment: ["KUBECONFIG": path("config")])
            return KubernetesClient(connection, http: HTTPClient(), timing: timing.timing)
        }

        var certificates: TestCertificates { TestCertificates(in: directory) }
    }

    /// The server trusts the token `good`, or with `asksForCertificate` who has a certificate of `clients.pem`.
    private func withBench(asksForCertificate: Bool = false, _ body: (Bench) async throws -> Void) async throws {
        let api = try StandInAPI { request in
            let isGood = request.headers["Authorization"] == "Bearer good" || asksForCertificate
            return isGood
                ? StandInAPI.json(["host": .string(request.host)]) : StandInAPI.recorded("error-401.http")
        }
        try await withTemporaryDirectory { directory in
            let certificates = TestCertificates(in: directory)
            if asksForCertificate { try await certificates.make("clients") }
            let authority = certificates.path("clients.pem")
            let front = try await HTTP2FrontEnd(
                backendPort: api.port, directory: directory, clientAuthority: asksForCertificate ? authority : nil)
            do {
                try await body(Bench(directory: directory, front: front, timing: TestTiming()))
            } catch {
                XCTFail("\(error)")
            }
            await front.stop()
        }
        await api.stop()
    }

    private func get(_ client: KubernetesClient) async -> Result<JSON, KubernetesError> {
        do throws(KubernetesError) {
            return .success(try await client.get(.pods, namespace: "n", name: "p"))
        } catch {
            return .failure(error)
        }
    }

    private func expect(
        _ client: KubernetesClient, says parts: String..., file: StaticString = #filePath, line: UInt = #line
    ) async {
        guard case .failure(let error) = await get(client) else {
            return XCTFail("no error", file: file, line: line)
        }
        for part in parts {
            XCTAssertTrue(error.sentence.contains(part), "\(part)\n\(error.sentence)", file: file, line: line)
        }
        XCTAssertFalse(error.sentence.contains("hush"), error.sentence, file: file, line: line)
    }

    func testWhomToTrust() async throws {
        try await withBench { bench in
            let authority = "certificate-authority: front.pem"
            let good = try await get(bench.client(authority, user: "token: good")).get()
            XCTAssertEqual(good["host"], "127.0.0.1")
            await expect(
                try bench.client(user: "token: good"), says: "cluster “prod” in the kubeconfig \(bench.path("config"))",
                "certificate-authority-data", "KUBECONFIG")
            try await bench.certificates.make("stranger")
            await expect(
                try bench.client("certificate-authority: stranger.pem", user: "token: good"), says: "is not safe",
                "take from the cluster anew the certificate-authority-data of cluster “prod”")
            await expect(
                try bench.client(host: "localhost", authority, user: "token: good"), says: "tls-server-name",
                "server of cluster “prod”")
            let renamed = try await get(
                bench.client(host: "localhost", authority + ", tls-server-name: cats.example", user: "token: good")
            ).get()
            XCTAssertEqual(renamed["host"], "localhost", "the request still names the server")
            await expect(
                try bench.client(authority + ", tls-server-name: dogs.example", user: "token: good"),
                says: "tls-server-name")
        }
    }

    /// The cluster's authority was renewed while we run.
    func testRenewedAuthority() async throws {
        try await withBench { bench in
            try await bench.certificates.make("ca")
            let client = try bench.client("certificate-authority: ca.pem", user: "token: good")
            await expect(client, says: "certificate-authority-data")
            try FileManager.default.removeItem(atPath: bench.path("ca.pem"))
            try FileManager.default.copyItem(atPath: bench.path("front.pem"), toPath: bench.path("ca.pem"))
            _ = try await get(client).get()
        }
    }

    func testTokensThatEnded() async throws {
        try await withBench { bench in
            let authority = "certificate-authority: front.pem"
            let payload = Data(#"{"exp":1700000000}"#.utf8).base64EncodedString().replacing("=", with: "")
            let client = try bench.client(authority, user: "token: hush.\(payload).hush")
            await expect(
                client, says: "the token of user “me” in the kubeconfig \(bench.path("config")) (KUBECONFIG) expired",
                "2023-11-14T22:13:20Z", "kubectl create token")
            await expect(try bench.client(authority, user: "token: hush"), says: "the token of user “me”", "is unknown or revoked")
            await expect(try bench.client(authority), says: "there are none for user “me”")
            // Somebody writes a new one into the file.
            let again = try bench.client(authority, user: "token: hush")
            _ = try bench.client(authority, user: "token: good")
            _ = try await get(again).get()
        }
    }

    func testClientCertificatesThatAreRenewed() async throws {
        try await withBench(asksForCertificate: true) { bench in
            try await bench.certificates.make("me")
            let client = try bench.client(
                "certificate-authority: front.pem", user: "client-certificate: me.pem, client-key: me.key")
            await expect(client, says: "client certificate of user “me”", "KUBECONFIG")
            try await bench.certificates.make("me", bench.certificates.signed(by: "clients"))
            _ = try await get(client).get()
            // Half of a renewal: the key does not belong to the certificate.
            try await bench.certificates.make("other")
            await expect(
                try bench.client(
                    "certificate-authority: front.pem", user: "client-certificate: me.pem, client-key: other.key"),
                says: "client-certificate and client-key of user “me”")
        }
    }

    func testCertificateThatEnded() async throws {
        try await withBench { bench in
            try await bench.certificates.make("me")
            let pem = try String(contentsOfFile: bench.path("me.pem"), encoding: .utf8)
            let end = try XCTUnwrap(CertificateExpiry.of(pem))
            XCTAssertEqual(end.timeIntervalSinceNow, 2 * 86_400, accuracy: 600)
            let client = try bench.client(
                "certificate-authority: front.pem", user: "client-certificate: me.pem, client-key: me.key")
            await expect(client, says: "renew the client certificate of user “me”")
            bench.timing.setWall(end.addingTimeInterval(60))
            await expect(client, says: "the client certificate of user “me”", "expired at")
        }
    }

    func testProxies() async throws {
        try await withBench { bench in
            let authority = "certificate-authority: front.pem"
            for scheme in ["http", "socks5"] {
                let proxy = try StandInProxy(to: bench.front.address)
                let url = "\(scheme)://me:hush@\(proxy.address)"
                let client = try bench.client(
                    host: "kube.test", authority + ", tls-server-name: cats.example, proxy-url: \"\(url)\"",
                    user: "token: good")
                _ = try await get(client).get()
                XCTAssertEqual(proxy.targets, ["me:hush@kube.test:\(bench.port)"], "names are the proxy's business")
                proxy.stop()
            }
            let gone = try ClientPeer { _ in }
            gone.stop()
            for scheme in ["http", "socks5", "https"] {
                await expect(
                    try bench.client("proxy-url: \"\(scheme)://me:hush@\(gone.address)\"", user: "token: good"),
                    says: "cannot be reached", "the proxy 127.0.0.1")
            }
        }
    }

    /// A server that is told to stop in the middle of requests: those that may be repeated are.
    func testServerThatGoesAwayInTheMiddleOfRequests() async throws {
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let isFirst = Mutex(true)
        let api = try StandInAPI { _ in
            if isFirst.withLock({ first in defer { first = false }; return first }) {
                arrive.finish()
                try? await Task.sleep(for: .seconds(5))
            }
            return StandInAPI.json([:])
        }
        try await withTemporaryDirectory { directory in
            let front = try await HTTP2FrontEnd(backendPort: api.port, directory: directory)
            let connection = KubernetesConnection(
                server: "https://\(front.address)", tls: HTTPClientTLS(authoritiesPEM: front.authorityPEM))
            let client = KubernetesClient(connection, http: HTTPClient(), timing: TestTiming().timing)
            async let answer = client.get(.pods, namespace: "n", name: "p")
            for await _ in arrived {}
            front.relay.cut()
            let value = try await answer
            XCTAssertEqual(value, [:])
            XCTAssertEqual(api.requests.count, 2)
            isFirst.withLock { $0 = true }
            await front.stop()
        }
        await api.stop()
    }

    /// A certificate that is not valid yet, or no longer, may be our clock's fault.
    func testClockThatIsAnHourOff() throws {
        let connection = KubernetesConnection(server: "https://kube")
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        for words in ["certificate is not yet valid", "certificate has expired"] {
            let advice = connection.adviceWhenUntrusted("SSL certificate problem: \(words)", now: now)
            XCTAssertTrue(advice.contains("this machine's clock (it says 2023-11-14T22:13:20Z)"), advice)
        }
    }

    func testIPv6() async throws {
        var settings = HTTPServerSettings()
        (settings.host, settings.port) = ("::1", 0)
        let server = HTTPServer(settings) { StandInAPI.json(["host": .string($0.host)]) }
        let port: Int
        do { port = try server.start() } catch { throw XCTSkip("this machine has no IPv6 (\(error))") }
        let client = KubernetesClient(KubernetesConnection(server: "http://[::1]:\(port)"), http: HTTPClient())
        let answer = try await client.get(.pods, namespace: "n", name: "p")
        XCTAssertEqual(answer["host"], "[::1]")
        await server.stop(grace: .zero)
    }

    /// Who creates something must not create it twice.
    func testCreationIsNotRepeatedBlindly() async throws {
        let object: JSON = ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s", "namespace": "n"]]
        for (status, requests) in [(503, 1), (500, 1), (429, RetryPolicy().maxAttempts)] {
            let api = try StandInAPI { _ in .text(status, "") }
            let client = KubernetesClient(
                KubernetesConnection(server: api.url), http: HTTPClient(), timing: TestTiming().timing)
            do throws(KubernetesError) {
                _ = try await client.create(object)
                XCTFail("no error")
            } catch { XCTAssertTrue(error.isTransient) }
            XCTAssertEqual(api.requests.count, requests, "\(status)")
            await api.stop()
        }
    }
}
