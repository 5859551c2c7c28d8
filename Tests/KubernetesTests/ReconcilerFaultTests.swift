import AppFile
import Deploys
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Roll-outs while the API server, the journal or other people get in the way.
final class ReconcilerFaultTests: XCTestCase {
    private static let servicePath = "/api/v1/namespaces/apps-cats-test/services/cats"

    private static func isReal(_ request: HTTPRequest, _ path: String = RollOutBench.deploymentPath) -> Bool {
        request.method == "PATCH" && request.path == path && request.fields["dryRun"] == nil
    }

    func testServerThatIsAwayForTenMinutesInTheMiddle() async throws {
        // At the speed at which this time passes.
        let outage = Duration.seconds(600) / 600
        let began = Mutex<ContinuousClock.Instant?>(nil)
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), longest: .seconds(30_000), timing: .hurried(),
            intercept: { request in
                let start = began.withLock { began in
                    if began == nil, Self.isReal(request) { began = .now }
                    return began
                }
                guard let start, ContinuousClock.now - start < outage else { return nil }
                return .text(503, "away")
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.holdUps.first, "The cluster does not answer at the moment; going on as soon as it does.")
        XCTAssertEqual(outcome.progress.last, "1/1")
        XCTAssertLessThan(outcome.requests.filter { Self.isReal($0) }.count, 200, "asked slower and slower")
    }

    func testServerThatStaysAwayEndsTheDeployInTheEnd() async throws {
        var limits = RollOutLimits()
        limits.maxSilence = .milliseconds(30)
        let inventory = ListInventory()
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), limits: limits, inventory: inventory,
            intercept: { Self.isReal($0) ? .text(503, "away") : nil }, script: RollOutBench.healthy)
        guard case .unreachable(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("503"), sentence)
        XCTAssertTrue(inventory.all.contains { $0.kind == "v1/Service" }, "what was taken before is written down")
    }

    func testAnswersThatAreCutOffAreAskedForAgain() async throws {
        let cuts = Mutex(0)
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { request in
                guard request.method == "PATCH", cuts.withLock({ cuts in
                    cuts += 1
                    return cuts % 3 == 0
                }) else { return nil }
                return .text(200, #"{"kind": "Deploym"#)
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertGreaterThan(cuts.withLock { $0 }, 8)
    }

    func testObjectThatSomebodyChangesAtTheSameMoment() async throws {
        let tries = Mutex(0)
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { request in
                guard Self.isReal(request) else { return nil }
                let isFirst = tries.withLock { tries in
                    tries += 1
                    return tries == 1
                }
                return isFirst ? StandInAPI.recorded("error-409-stale-resource-version.http") : nil
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(tries.withLock { $0 }, 2)
    }

    func testObjectThatIsAlwaysChangedIsRefusedInTheEnd() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: {
                Self.isReal($0) ? StandInAPI.recorded("error-409-stale-resource-version.http") : nil
            }, script: RollOutBench.healthy)
        guard case .refusedMidway(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.hasPrefix("Deployment cats: "), sentence)
    }

    func testRefusalAfterTheDryRunIsNotCalledHarmless() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { Self.isReal($0) ? StandInAPI.recorded("error-422-invalid.http") : nil },
            script: RollOutBench.healthy)
        XCTAssertEqual(
            outcome.error,
            .refusedMidway(
                "Deployment cats: spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 808000: must "
                    + "be between 1 and 65535, inclusive."))
    }

    func testMissingPermissionIsNamedOnce() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { $0.fields["dryRun"] == nil ? nil : StandInAPI.recorded("error-403.http") },
            script: RollOutBench.healthy)
        guard case .rejected(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("deployments"), sentence)
        XCTAssertEqual(sentence.components(separatedBy: "deployments").count, 2, sentence)
    }

    // MARK: The journal

    func testNothingMoreIsAppliedThanIsWrittenDown() async throws {
        let inventory = ListInventory()
        let known = Mutex<Set<String>>([])
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), inventory: inventory,
            intercept: { request in
                if Self.isReal(request) {
                    known.withLock { $0 = Set(inventory.all.map { "\($0.kind) \($0.name)" }) }
                }
                return nil
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertTrue(
            known.withLock { $0 }.isSuperset(of: ["v1/Namespace apps-cats-test", "v1/Service cats"]),
            "\(known.withLock { $0 })")
        XCTAssertTrue(inventory.all.allSatisfy { !$0.uid.isEmpty })
        XCTAssertLessThanOrEqual(inventory.placings.count, 5, "once for each stage")
    }

    func testWithoutTheJournalNothingIsApplied() async throws {
        let inventory = ListInventory()
        inventory.fail()
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), inventory: inventory, script: RollOutBench.healthy)
        guard case .unrecorded(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("the disk is full"), sentence)
        let real = outcome.requests.filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }
        XCTAssertEqual(real.map(\.path), ["/api/v1/namespaces/apps-cats-test"])
    }

    // MARK: Putting back

    func testPuttingBackRunsNoReleaseCommandAndAsksNothingFirst() async throws {
        let failed = PlacedObject(
            namespace: "apps-cats-test", kind: "batch/v1/Job", name: "cats-release-failed", uid: "j", ownership: "")
        let outcome = try await RollOutBench.rollOut(
            TestReleases.migrating(), inventory: ListInventory([failed]), isPuttingBack: true,
            prepare: {
                let job: JSON = [
                    "apiVersion": "batch/v1", "kind": "Job",
                    "metadata": [
                        "name": "cats-release-failed", "namespace": "apps-cats-test", "uid": "j",
                        "labels": ["app.kubernetes.io/managed-by": "iterapp"],
                    ],
                ]
                await $0.put(job, at: "\(RollOutBench.jobs)/cats-release-failed")
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.progress.last, "1/1")
        XCTAssertFalse(outcome.requests.contains { $0.method == "PATCH" && $0.path.contains("/jobs/") })
        XCTAssertFalse(outcome.requests.contains { $0.fields["dryRun"] != nil })
        XCTAssertFalse(
            outcome.requests.contains { $0.method == "DELETE" }, "a command that failed is for people to look at")
    }
}
