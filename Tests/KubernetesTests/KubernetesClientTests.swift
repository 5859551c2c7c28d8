import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Requests and retries over real sockets.
final class KubernetesClientTests: XCTestCase {
    private func withAPI(
        credential: KubernetesConnection.Credential = .none, timing: TestTiming = TestTiming(),
        _ handler: @escaping HTTPHandler,
        body: (KubernetesClient, StandInAPI) async throws -> Void
    ) async throws {
        let api = try StandInAPI(handler)
        let client = KubernetesClient(
            KubernetesConnection(server: api.url, credential: credential), http: HTTPClient(),
            timing: timing.timing)
        do {
            try await body(client, api)
        } catch {
            await api.stop()
            throw error
        }
        await api.stop()
    }

    func testApplySendsWhatServerSideApplyWants() async throws {
        let object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "cats", "namespace": "ns"],
            "spec": ["path": "/grüße"],
        ]
        try await withAPI { _ in
            StandInAPI.json(["kind": "Deployment"])
        } body: { client, api in
            let answer = try await client.apply(object)
            XCTAssertEqual(answer, ["kind": "Deployment"])
            _ = try await client.apply(object, dryRun: true)
            let request = api.requests[0]
            XCTAssertEqual(request.method, "PATCH")
            XCTAssertEqual(request.path, "/apis/apps/v1/namespaces/ns/deployments/cats")
            XCTAssertEqual(
                request.fields, ["fieldManager": "iterapp", "force": "true", "fieldValidation": "Strict"])
            XCTAssertEqual(request.headers["Content-Type"], "application/apply-patch+yaml")
            XCTAssertNil(request.headers["Authorization"])
            let text = String(decoding: request.body, as: UTF8.self)
            XCTAssertTrue(text.contains(#""/grüße""#), text)
            XCTAssertEqual(api.requests[1].fields["dryRun"], "All")
        }
    }

    func testClusterWideAndCorePaths() async throws {
        let namespace: JSON = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "ns"]]
        try await withAPI { _ in
            StandInAPI.json([:])
        } body: { client, api in
            _ = try await client.apply(namespace)
            _ = try await client.get(.secrets, namespace: "ns", name: "a b")
            XCTAssertEqual(
                api.requests.map(\.path), ["/api/v1/namespaces/ns", "/api/v1/namespaces/ns/secrets/a%20b"])
        }
    }

    func testRecordedErrorsArriveAsTheirKind() async throws {
        try await withAPI { _ in
            StandInAPI.recorded("error-422-invalid.http")
        } body: { client, api in
            do throws(KubernetesError) {
                _ = try await client.get(.deployments, namespace: "ns", name: "cats")
                XCTFail("no error")
            } catch {
                guard case .invalid(let message) = error else { return XCTFail("\(error)") }
                XCTAssertTrue(message.contains("808000"))
            }
            XCTAssertEqual(api.requests.count, 1, "what is wrong is not repeated")
        }
    }

    func testPassingFaultsAreRepeated() async throws {
        let timing = TestTiming()
        let answers = Mutex([429, 503, 200])
        try await withAPI(timing: timing) { _ in
            let status = answers.withLock { $0.removeFirst() }
            return HTTPResponse(status: status, headers: ["Retry-After": "7"], body: .bytes(Array("{}".utf8)))
        } body: { client, api in
            let answer = try await client.get(.pods, namespace: "ns", name: "p")
            XCTAssertEqual(answer, [:])
            XCTAssertEqual(timing.slept, [.milliseconds(7125), .milliseconds(7125)])
            XCTAssertEqual(api.requests.count, 3)
        }
    }

    func testServerThatIsNotThere() async throws {
        let timing = TestTiming()
        let api = try StandInAPI { _ in .text(200, "") }
        await api.stop()
        let client = KubernetesClient(
            KubernetesConnection(server: api.url), http: HTTPClient(), timing: timing.timing)
        do throws(KubernetesError) {
            _ = try await client.list(.pods)
            XCTFail("no error")
        } catch {
            guard case .unreachable(let reason) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(reason.contains(api.url), reason)
        }
        XCTAssertEqual(timing.slept.count, RetryPolicy().maxAttempts - 1)
    }

    func testTokenIsReadAgainAfter401AndAfterAMinute() async throws {
        let timing = TestTiming()
        try await withTemporaryDirectory { directory in
            let file = directory.appendingPathComponent("token")
            try Data("first\n".utf8).write(to: file)
            try await withAPI(credential: .tokenFile(file.path), timing: timing) { request in
                request.headers["Authorization"] == "Bearer stale"
                    ? StandInAPI.recorded("error-401.http") : StandInAPI.json([:])
            } body: { client, api in
                func get() async throws { _ = try await client.get(.pods, namespace: "n", name: "p") }
                try await get()
                try Data("stale".utf8).write(to: file)
                try await get()
                timing.advance(.seconds(61))
                do throws(KubernetesError) {
                    _ = try await client.get(.pods, namespace: "n", name: "p")
                    XCTFail("no error")
                } catch {
                    guard case .unauthorized = error else { return XCTFail("\(error)") }
                }
                try Data("new".utf8).write(to: file)
                try await get()
                let tokens = api.requests.map { $0.headers["Authorization"]?.dropFirst("Bearer ".count) }
                XCTAssertEqual(tokens, ["first", "first", "stale", "stale", "stale", "new"])
            }
        }
    }

    func testRefusedTokenIsReplacedWithoutAnError() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appendingPathComponent("token")
            try Data("old".utf8).write(to: file)
            try await withAPI(credential: .tokenFile(file.path)) { request in
                guard request.headers["Authorization"] == "Bearer old" else { return StandInAPI.json([:]) }
                try? Data("new".utf8).write(to: file)
                return StandInAPI.recorded("error-401.http")
            } body: { client, _ in
                let answer = try await client.get(.pods, namespace: "n", name: "p")
                XCTAssertEqual(answer, [:])
            }
        }
    }

    func testListReadsAllPagesAndBeginsAnewWhenAPageIsTooOld() async throws {
        let expiries = Mutex(1)
        try await withAPI { request in
            switch request.fields["continue"] {
            case nil:
                return StandInAPI.json([
                    "items": [1, 2], "metadata": ["continue": "more", "resourceVersion": "9"],
                ])
            default:
                let expires = expiries.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return expires
                    ? StandInAPI.recorded("list-410-expired-continue.http")
                    : StandInAPI.json(["items": [3], "metadata": ["continue": "", "resourceVersion": "9"]])
            }
        } body: { client, api in
            let list = try await client.list(.pods, labelSelector: "app.kubernetes.io/managed-by=iterapp")
            XCTAssertEqual(list.items, [1, 2, 3])
            XCTAssertEqual(list.resourceVersion, "9")
            XCTAssertEqual(api.requests.map { $0.fields["continue"] }, [nil, "more", nil, "more"])
            XCTAssertEqual(api.requests[0].fields["labelSelector"], "app.kubernetes.io/managed-by=iterapp")
            XCTAssertEqual(api.requests[0].path, "/api/v1/pods")
        }
    }

    func testDeleteNamesTheVeryObject() async throws {
        try await withAPI { _ in
            StandInAPI.json(["kind": "Status"])
        } body: { client, api in
            try await client.delete(.secrets, namespace: "ns", name: "s", uid: "u-1")
            let request = api.requests[0]
            XCTAssertEqual(request.method, "DELETE")
            let options = try JSON.parse(request.body)
            XCTAssertEqual(options.at("preconditions", "uid"), "u-1")
            XCTAssertEqual(options["propagationPolicy"], "Background")
        }
    }

    func testPodLog() async throws {
        try await withAPI { _ in
            StandInAPI.recorded("pod-log.http")
        } body: { client, api in
            let lines = try await client.podLog(
                namespace: "ns", pod: "p", container: "c", previous: true, tailLines: 20)
            XCTAssertEqual(lines.count, 2)
            XCTAssertTrue(lines[1].hasSuffix("done"))
            XCTAssertEqual(api.requests[0].path, "/api/v1/namespaces/ns/pods/p/log")
            let fields = api.requests[0].fields
            XCTAssertEqual(
                [fields["container"], fields["previous"], fields["tailLines"]], ["c", "true", "20"])
        }
    }

    func testAnswersThatAreNoJSON() async throws {
        try await withAPI { _ in
            .text(200, "<html>")
        } body: { client, _ in
            do throws(KubernetesError) {
                _ = try await client.get(.pods, namespace: "n", name: "p")
                XCTFail("no error")
            } catch {
                guard case .malformed = error else { return XCTFail("\(error)") }
            }
        }
    }
}
