import Deploys
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// Deploys into a namespace that is being deleted.
final class NamespaceDeletionTests: XCTestCase {
    private static let path = "/api/v1/namespaces/apps-cats-test"

    /// As a real server showed one that cannot go.
    private static func terminating() throws -> JSON {
        var namespace = try Recordings.json("namespace-terminating.json")
        namespace["metadata"]?["name"] = "apps-cats-test"
        namespace["metadata"]?["uid"] = "the-old-one"
        return namespace
    }

    /// The cluster keeps the namespace until it was asked for so often, and takes nothing into it until then.
    private func rollOut(
        goneAfter lookCount: Int, limit: Duration = .seconds(20)
    ) async throws -> RollOutBench.Outcome {
        var limits = RollOutLimits()
        limits.maxNamespaceWait = limit
        let timing = Timing(
            sleep: { try await Task.sleep(for: min($0, .milliseconds(5))) }, random: { 0.5 }, now: { .now })
        let namespace = try Self.terminating()
        let looks = Mutex(0)
        return try await RollOutBench.rollOut(
            TestReleases.small(), limits: limits, timing: timing,
            intercept: { request in
                let isGone = looks.withLock { count in
                    if request.method == "GET", request.path == Self.path { count += 1 }
                    return count > lookCount
                }
                if isGone || request.fields["watch"] != nil { return nil }
                if request.path == Self.path { return StandInAPI.json(namespace) }
                guard request.method == "PATCH" else { return nil }
                return StandInAPI.recorded("error-403-namespace-terminating.http")
            }, script: RollOutBench.healthy)
    }

    func testDeployWaitsUntilItIsGone() async throws {
        let outcome = try await rollOut(goneAfter: 3)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(
            outcome.holdUps,
            ["The namespace apps-cats-test is still being deleted; going on as soon as it is gone."])
        XCTAssertEqual(outcome.progress.last, "1/1")
    }

    func testWhatKeepsItIsTold() async throws {
        let outcome = try await rollOut(goneAfter: .max, limit: .milliseconds(30))
        XCTAssertEqual(
            outcome.error,
            .rejected(
                "The namespace apps-cats-test is being deleted since 2026-11-20T23:56:06Z and does not go. Some "
                    + "resources are remaining: configmaps. has 1 resource instances. Some content in the namespace "
                    + "has finalizers remaining: example.com/stay in 1 resource instances. `kubectl get namespace "
                    + "apps-cats-test --output yaml` shows more; deploy again when it is gone."))
        let real = outcome.requests.filter {
            $0.method == "PATCH" && $0.fields["dryRun"] == nil && $0.path != Self.path
        }
        XCTAssertTrue(real.isEmpty)
    }
}
