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
        guard case .unauthorized = try error("error-401.http") else { return XCTFail() }
        guard case .forbidden = try error("error-403.http") else { return XCTFail() }
        guard case .namespaceTerminating = try error("error-403-namespace-terminating.http") else {
            return XCTFail()
        }
        XCTAssertEqual(try error("error-404.http"), .notFound("deployments.apps \"none\" not found"))
        XCTAssertEqual(
            try error("error-404-namespace.http"), .notFound("namespaces \"no-such-ns\" not found"))
        XCTAssertEqual(
            try error("error-409-conflict.http"),
            .fieldConflicts([FieldConflict(field: ".spec.replicas", manager: "kubectl", subresource: "scale")]))
        for name in ["stale-resource-version", "uid-precondition"] {
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

    /// Whoever believed it would forget objects that live.
    func testOnlyTheAPIServerSaysThatSomethingIsGone() {
        func error(_ body: String) -> KubernetesError {
            KubernetesError(status: 404, headers: [:], body: Array(body.utf8))
        }
        for page in ["<html>404 Not Found</html>", "", "default backend - 404", #"{"code":404,"message":"no"}"#] {
            XCTAssertEqual(error(page), .server(code: 404, message: "HTTP status 404"), page)
        }
        XCTAssertTrue(error("").isTransient)
        for unknownKind in ["404 page not found\n", "404 page not found"] {
            guard case .notFound = error(unknownKind) else { return XCTFail("a kind that is not installed") }
        }
    }

    func testMissingPermissionIsNamed() throws {
        let refusal = try error("error-403.http")
        let permission = try XCTUnwrap(refusal.missingPermission)
        XCTAssertEqual(permission.verb, "get")
        XCTAssertEqual(permission.resource, "deployments")
        XCTAssertEqual(permission.group, "apps")
        XCTAssertEqual(permission.namespace, "apps-cats-test")
        XCTAssertTrue(refusal.sentence.contains("“get” deployments (API group apps) in the namespace apps-cats-test"))
        let clusterWide = try XCTUnwrap(MissingPermission(
            message: #"pods "p" is forbidden: User "me" cannot get resource "pods/log" in API group "" "#
                + "at the cluster scope"))
        XCTAssertNil(clusterWide.namespace)
        XCTAssertEqual(clusterWide.resource, "pods/log")
        for message in [
            #"exceeded quota: q, requested: pods=1"#, #"User "x" cannot"#, #"User "x" cannot get path "/version""#,
        ] {
            XCTAssertNil(MissingPermission(message: message), message)
            XCTAssertTrue(KubernetesError.forbidden(message).sentence.contains(message))
        }
    }

    /// A version that lies in the future is as useless as one that is too old: list again.
    func testVersionOfTheFuture() {
        let body = Array(
            (#"{"kind":"Status","status":"Failure","reason":"Timeout","code":504,"message":"Too large","#
                + #""details":{"causes":[{"reason":"ResourceVersionTooLarge"}],"retryAfterSeconds":1}}"#)
                .utf8)
        XCTAssertEqual(KubernetesError(status: 504, headers: [:], body: body), .expired)
    }

    func testRetryAfterIsRead() {
        let late: HTTPHeaders = [
            "Retry-After": "Sun, 06 Nov 1994 08:49:50 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT",
        ]
        XCTAssertEqual(
            KubernetesError(status: 503, headers: late, body: []),
            .server(code: 503, message: "HTTP status 503", retryAfterSeconds: 13),
            "counted from the server's clock, whatever ours says")
        let old: HTTPHeaders = [
            "Retry-After": "Sunday, 06-Nov-94 08:49:50 GMT", "Date": "Sun Nov  6 08:49:37 1994",
        ]
        XCTAssertEqual(RetryAfter.seconds(in: old), 13)
        for wrong in ["soon", "", "1.5", "Sun, 06 Nov 1994 08:49:50 GMT"] {
            XCTAssertNil(RetryAfter.seconds(in: ["Retry-After": wrong]), wrong)
        }
        XCTAssertEqual(RetryAfter.seconds(in: ["Retry-After": "-5"]), 0)
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
            policy.delay(afterAttempt: 1, .tooManyRequests(retryAfterSeconds: 2), random: 0), .seconds(2))
        XCTAssertEqual(
            policy.delay(afterAttempt: 1, .tooManyRequests(retryAfterSeconds: 9_000), random: 0), .seconds(30))
        let spread = [0.0, 0.5, 1].compactMap {
            policy.delay(afterAttempt: 1, .server(code: 503, message: "", retryAfterSeconds: 2), random: $0)
        }
        XCTAssertEqual(
            spread, [.seconds(2), .milliseconds(2125), .milliseconds(2250)],
            "never before the server's time, and not all at once")
        XCTAssertEqual(
            policy.delay(afterAttempt: 4, .tooManyRequests(retryAfterSeconds: 0), random: 1), .seconds(2),
            "no wait at all would be a loop")
    }
}
