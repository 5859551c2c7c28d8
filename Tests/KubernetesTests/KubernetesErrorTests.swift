import HTTP
import XCTest

@testable import Kubernetes

/// Errors as a real API server sends them.
final class KubernetesErrorTests: XCTestCase {
    private func error(_ recording: String) throws -> KubernetesError {
        let answer = try Recordings.answer(recording)
        return KubernetesError(status: answer.status, headers: [:], body: answer.body)
    }

    func testEveryRecordedErrorHasItsKind() throws {
        XCTAssertEqual(try error("error-401.http"), .unauthorized)
        guard case .forbidden = try error("error-403.http") else { return XCTFail() }
        guard case .namespaceTerminating = try error("error-403-namespace-terminating.http") else {
            return XCTFail()
        }
        XCTAssertEqual(try error("error-404.http"), .notFound("deployments.apps \"none\" not found"))
        XCTAssertEqual(
            try error("error-404-namespace.http"), .notFound("namespaces \"no-such-ns\" not found"))
        for name in ["conflict", "stale-resource-version", "uid-precondition"] {
            guard case .conflict = try error("error-409-\(name).http") else { return XCTFail(name) }
        }
        XCTAssertEqual(try error("list-410-expired-continue.http"), .expired)
        for name in ["400-no-previous-log", "422-invalid", "422-no-field-manager"] {
            guard case .invalid = try error("error-\(name).http") else { return XCTFail(name) }
        }
    }

    func testUnknownFieldIsAMistakeAndNotAFaultOfTheServer() throws {
        let error = try error("error-500-unknown-field-strict.http")
        guard case .invalid(let message) = error else { return XCTFail("\(error)") }
        XCTAssertTrue(message.contains("imagge"))
        XCTAssertFalse(error.isTransient)
    }

    func testServersOwnFaultsAreTransient() {
        let body = Array(
            #"{"kind":"Status","status":"Failure","reason":"InternalError","message":"etcd","code":500}"#.utf8
        )
        XCTAssertEqual(
            KubernetesError(status: 500, headers: [:], body: body), .server(code: 500, message: "etcd"))
        let gateway = KubernetesError(status: 502, headers: [:], body: Array("<html>".utf8))
        XCTAssertEqual(gateway, .server(code: 502, message: "HTTP status 502"))
        XCTAssertTrue(gateway.isTransient)
    }

    func testRetryAfterIsRead() {
        XCTAssertEqual(
            KubernetesError(status: 429, headers: ["Retry-After": "3"], body: []),
            .tooManyRequests(retryAfterSeconds: 3))
    }

    func testDelaysGrowAreSpreadAndEnd() {
        let policy = RetryPolicy()
        func delays(_ random: Double) -> [Duration] {
            (1...10).compactMap { policy.delay(afterAttempt: $0, .unreachable(""), random: random) }
        }
        XCTAssertEqual(delays(0).map { $0 / .milliseconds(1) }, [125, 250, 500, 1000, 2000, 4000])
        XCTAssertEqual(delays(1).map { $0 / .milliseconds(1) }, [250, 500, 1000, 2000, 4000, 8000])
        XCTAssertNil(policy.delay(afterAttempt: 1, .invalid(""), random: 0))
        XCTAssertEqual(
            policy.delay(afterAttempt: 1, .tooManyRequests(retryAfterSeconds: 2), random: 0.3), .seconds(2))
        XCTAssertEqual(
            policy.delay(afterAttempt: 1, .tooManyRequests(retryAfterSeconds: 9_000), random: 0.3),
            .seconds(30))
    }
}
