import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Synchronization
import TestSupport
import XCTest

@testable import Bot

/// After a restart, the mask learns what runs, before anything is told of it.
final class KnownValuesTests: XCTestCase {
    private static let password = "k7QmS2vX9wLr"

    /// A cluster with the Secret of a Redis and nothing else, which can't be asked for Secrets at first.
    private final class Cluster: Sendable {
        let asked = Watched<[String]>([])
        private let outages: Mutex<Int>
        private let outageStatus: Int
        private let lease = Mutex<JSON?>(nil)

        init(outages: Int, status: Int) {
            self.outages = Mutex(outages)
            outageStatus = status
        }

        func answer(_ request: HTTPRequest) async -> HTTPResponse {
            switch request.path {
            case "/api/v1/secrets":
                let isAway = outages.withLock { left in
                    defer { left = max(0, left - 1) }
                    return left > 0
                }
                asked.change { $0.append(isAway ? "secrets in vain" : "secrets") }
                return isAway ? Self.status(outageStatus) : Self.list([Self.secret])
            case let path where path.contains("/leases"):
                if request.method != "GET" { lease.withLock { $0 = try? JSON.parse(request.body) } }
                return lease.withLock { $0 }.map { Self.json($0) } ?? Self.status(404)
            default:
                asked.change { $0.append(String(request.path.split(separator: "/").last ?? "")) }
                return request.target.contains("watch=") ? Self.status(503) : Self.list([])
            }
        }

        private static let secret: JSON = [
            "metadata": ["name": "cats-redis", "namespace": "apps-cats-test"],
            "data": ["REDIS_PASSWORD": .string(Data(password.utf8).base64EncodedString())],
        ]

        private static func list(_ items: [JSON]) -> HTTPResponse {
            json(["kind": "List", "metadata": ["resourceVersion": "1"], "items": .array(items)])
        }

        private static func status(_ code: Int) -> HTTPResponse {
            json(["kind": "Status", "code": .int(code), "message": "no"], code)
        }

        private static func json(_ value: JSON, _ status: Int = 200) -> HTTPResponse {
            HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: .bytes(value.bytes))
        }
    }

    /// - Parameter body: while the bot works, without keys for encrypted values.
    private func withWork(_ cluster: Cluster, _ body: (ServiceParts, Lines) async throws -> Void) async throws {
        var server = HTTPServerSettings()
        server.port = 0
        let api = HTTPServer(server) { await cluster.answer($0) }
        let port = try api.start()
        try await BotBench.with { bench in
            var settings = try bench.settings()
            settings.cluster.connection = KubernetesConnection(server: "http://127.0.0.1:\(port)")
            let parts = try await ServiceParts(settings, log: bench.log.log)
            XCTAssertNil(parts.keys)
            let work = Task { await parts.work.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(parts, bench.log)) } catch { result = .failure(error) }
            work.cancel()
            await work.value
            await parts.close()
            try result.get()
        }
        await api.stop(grace: .zero)
    }

    func testNoTaskIsLookedAtBeforeItIsKnownWhatMustBeReadNowhere() async throws {
        let cluster = Cluster(outages: 2, status: 503)
        try await withWork(cluster) { parts, log in
            try await cluster.asked.wait(for: "a look at tasks") { $0.contains("cronjobs") }
            let asked = cluster.asked.value
            let known = try XCTUnwrap(asked.firstIndex(of: "secrets"), "\(asked)")
            XCTAssertLessThan(known, try XCTUnwrap(asked.firstIndex(of: "cronjobs")))
            XCTAssertTrue(asked.prefix(known).contains("secrets in vain"))
            XCTAssertEqual(parts.basics.mask.masked("it is \(Self.password)."), "it is •••.")
            let warnings = log.all.filter { $0.contains("passwords of apps may show") }
            XCTAssertEqual(warnings.count, 1, "once, not at each try: \(log.all)")
            try await log.wait(for: "info all passwords of apps are hidden now")
        }
    }

    /// Nobody waits for what is refused, as it stays so until somebody changes the rights.
    func testWithoutTheRightToLookItIsSaidAndWorkGoesOn() async throws {
        let cluster = Cluster(outages: .max, status: 403)
        try await withWork(cluster) { parts, log in
            try await log.wait(for: "warning passwords of apps may show in messages and logs")
            try await cluster.asked.wait(for: "a look at tasks") { $0.contains("cronjobs") }
        }
    }
}
