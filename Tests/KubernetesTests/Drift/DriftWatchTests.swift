import Deploys
import HTTP
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// When drift is told again.
final class DriftWatchTests: XCTestCase {
    private static let servicePath = "/api/v1/namespaces/apps-cats-test/services/cats"
    private static let factor = 600

    /// Rolls out, loses the Service, and hands over what is told.
    private func withDrift(
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        _ body: (Reconciler, ClusterPlan, inout AsyncStream<String>.Iterator) async throws -> Void
    ) async throws {
        let cluster = ScriptedCluster(script: RollOutBench.healthy, intercept: intercept)
        let api = try StandInAPI { await cluster.handle($0) }
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        let client = KubernetesClient(
            KubernetesConnection(server: api.url), http: HTTPClient(), retry: retry, timing: .hurried(Self.factor))
        var limits = RollOutLimits()
        limits.maxRollOut = .seconds(30 * Self.factor)
        let reconciler = Reconciler(client, inventory: ListInventory(), limits: limits)
        let plan = try reconciler.plan(TestReleases.small())
        _ = try await reconciler.rollOut(plan) { _ in }
        await cluster.remove(Self.servicePath)
        let (told, tell) = AsyncStream<String>.makeStream()
        let watching = Task { await reconciler.watchDrift { tell.yield($0) } }
        let limit = Task {
            try await Task.sleep(for: .seconds(20))
            tell.finish()
        }
        var iterator = told.makeAsyncIterator()
        try await body(reconciler, plan, &iterator)
        limit.cancel()
        watching.cancel()
        await watching.value
        await reconciler.stop()
        await cluster.dropWatches()
        await api.stop()
    }

    func testRepairThatFailsIsNotTriedAgainAtOnce() async throws {
        let isRefusing = Switch()
        try await withDrift(intercept: { request in
            let isApply = request.method == "PATCH" && request.path == Self.servicePath
            return isApply && isRefusing.isOn ? StandInAPI.recorded("error-422-invalid.http") : nil
        }) { reconciler, plan, told in
            let first = await told.next()
            XCTAssertEqual(first, plan.namespace)
            isRefusing.isOn = true
            let start = ContinuousClock.now
            do throws(RollOutError) {
                _ = try await reconciler.repair(plan)
                XCTFail("it was put right")
            } catch {
                guard case .refusedMidway(let sentence) = error else { return XCTFail("\(error)") }
                XCTAssertTrue(sentence.hasPrefix("Service cats: "), sentence)
            }
            let second = await told.next()
            XCTAssertEqual(second, plan.namespace)
            XCTAssertGreaterThanOrEqual(ContinuousClock.now - start, .seconds(300) / Self.factor)
            isRefusing.isOn = false
            let repaired = try await reconciler.repair(plan)
            XCTAssertEqual(repaired, ["The Service cats was deleted."])
        }
    }

    /// All of it was written down, so that nothing differs from what was left.
    func testAReleaseThatWasPutInPlaceByHalfIsTold() async throws {
        let isRefusing = Switch()
        try await withDrift(intercept: { request in
            let isApply = request.method == "PATCH" && request.path == Self.servicePath && request.fields["dryRun"] == nil
            return isApply && isRefusing.isOn ? StandInAPI.recorded("error-422-invalid.http") : nil
        }) { reconciler, plan, told in
            _ = await told.next()
            _ = try await reconciler.repair(plan)
            isRefusing.isOn = true
            do throws(RollOutError) {
                _ = try await reconciler.rollOut(plan) { _ in }
                XCTFail("it was refused")
            } catch {
                guard case .refusedMidway = error else { return XCTFail("\(error)") }
            }
            isRefusing.isOn = false
            let again = await told.next()
            XCTAssertEqual(again, plan.namespace)
        }
    }
}

/// Set by a test and read by its cluster.
private final class Switch: Sendable {
    private let state = Mutex(false)
    var isOn: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
