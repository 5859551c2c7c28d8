import Deploys
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// What tells one cluster from another.
final class ClusterIdentityTests: XCTestCase {
    private func withIdentity(
        _ handler: @escaping HTTPHandler, body: (ClusterIdentity, StandInAPI) async throws -> Void
    ) async throws {
        let api = try StandInAPI(handler)
        let client = KubernetesClient(
            KubernetesConnection(server: api.url, credential: .none), http: HTTPClient(), timing: TestTiming().timing)
        let result: Result<Void, any Error>
        do { result = .success(try await body(ClusterIdentity(client), api)) } catch { result = .failure(error) }
        await api.stop()
        try result.get()
    }

    func testTheUIDIsAskedForOnce() async throws {
        try await withIdentity { _ in
            StandInAPI.json(["kind": "Namespace", "metadata": ["uid": "8d1bd8a4-7f5f-4c34-9c4c-0d3ac2f0c7f1"]])
        } body: { identity, api in
            for _ in 1...2 {
                let uid = try await identity.uid()
                XCTAssertEqual(uid, "8d1bd8a4-7f5f-4c34-9c4c-0d3ac2f0c7f1")
            }
            XCTAssertEqual(api.requests.map(\.path), ["/api/v1/namespaces/kube-system"])
        }
    }

    /// Nothing is taken for an identity that is none, and nothing wrong is remembered.
    func testClustersThatDoNotSay() async throws {
        let answers: [(HTTPResponse, String)] = [
            (StandInAPI.json(["kind": "Status", "code": 403], status: 403), "The cluster does not say which one it is"),
            (StandInAPI.json(["metadata": [:]]), "The cluster's namespace kube-system has no UID."),
            (StandInAPI.json(["metadata": ["uid": "'; DROP"]]), "The cluster's namespace kube-system has no UID."),
        ]
        for (answer, words) in answers {
            try await withIdentity { _ in answer } body: { identity, _ in
                do throws(AddOnError) {
                    let uid = try await identity.uid()
                    XCTFail("taken for an identity: \(uid)")
                } catch {
                    guard case .unreachable(let sentence) = error else { return XCTFail("\(error)") }
                    XCTAssertTrue(sentence.hasPrefix(words), sentence)
                }
            }
        }
    }
}
