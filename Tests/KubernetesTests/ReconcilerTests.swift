import AppFile
import Deploys
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// Whole roll-outs over real HTTP, with a script in place of controllers and nodes.
final class ReconcilerTests: XCTestCase {
    func testReleaseGoesLive() async throws {
        let outcome = try await RollOutBench.rollOut(TestReleases.small(), script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.progress.last, "1/1")
        let patches = outcome.requests.filter { $0.method == "PATCH" }
        let real = patches.filter { $0.fields["dryRun"] == nil }
        XCTAssertEqual(
            patches.count - real.count, real.count - 2, "all but the namespace and the certificate are tried first")
        XCTAssertEqual(patches.first?.path, "/api/v1/namespaces/apps-cats-test")
        let firstReal = try XCTUnwrap(patches.dropFirst().firstIndex { $0.fields["dryRun"] == nil })
        XCTAssertTrue(patches[firstReal...].allSatisfy { $0.fields["dryRun"] == nil }, "no dry run after it")
        let kinds = real.map { $0.path.split(separator: "/").dropLast().last ?? "" }
        XCTAssertLessThan(
            try XCTUnwrap(kinds.firstIndex(of: "secrets")), try XCTUnwrap(kinds.firstIndex(of: "deployments"))
        )
    }

    func testOverheadIsSmall() async throws {
        let outcome = try await RollOutBench.rollOut(TestReleases.small(), script: RollOutBench.healthy)
        // The promise is 200 ms on a quiet machine; tests share theirs.
        XCTAssertLessThan(outcome.took, .milliseconds(1_000))
        print("apply and follow a small app: \(outcome.took)")
    }

    func testProgressCountsPodsOfAllApplings() async throws {
        let applings = [
            TestReleases.appling(name: "cats-a", replicas: 2, hosts: []),
            TestReleases.appling(name: "cats-b", replicas: 1, hosts: []),
        ]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.release(applings), script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.progress.last, "3/3")
    }

    func testSameReleaseTwiceIsOneRollOut() async throws {
        let runs = Mutex(0)
        let outcome = try await RollOutBench.rollOut(TestReleases.small(), times: 2) { cluster, deployment in
            runs.withLock { $0 += 1 }
            await RollOutBench.healthy(cluster, deployment)
        }
        XCTAssertNil(outcome.error)
        XCTAssertEqual(runs.withLock { $0 }, 1)
        let lists = outcome.requests.filter { $0.path == "/api/v1/pods" }
        XCTAssertEqual(lists.count, 2, "both roll-outs share one list and one watch")
    }

    func testRefusedObjectChangesNothing() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { request in
                let isDryRun =
                    request.fields["dryRun"] == "All" && request.path == RollOutBench.deploymentPath
                return isDryRun ? StandInAPI.recorded("error-422-invalid.http") : nil
            }, script: RollOutBench.healthy)
        guard case .rejected(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("Deployment cats") && sentence.contains("808000"), sentence)
        let real = outcome.requests.filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }
        XCTAssertEqual(real.map(\.path), ["/api/v1/namespaces/apps-cats-test"])
    }

    func testKindsThatAreMissingAreNamedWithWhatToInstall() throws {
        for (kind, word) in [
            ("HTTPRoute", "Gateway API"), ("ListenerSet", "Gateway API 1.5"), ("Certificate", "cert-manager"),
            ("PodMonitor", "Prometheus Operator"),
        ] {
            let object: JSON = ["kind": .string(kind), "metadata": ["name": "cats"]]
            let error = Refusals(.notFound("404 page not found"), object).rollOutError(isBegun: false)
            guard case .rejected(let sentence) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(sentence.hasPrefix("The cluster does not know \(kind)s; ") && sentence.contains(word), sentence)
        }
    }

    func testEncryptedTextNeverBecomesAValue() async throws {
        let variable = ReleasedAppling.Variable(name: "TOKEN", value: .encrypted("c2VjcmV0"))
        let outcome = try await RollOutBench.rollOut(
            TestReleases.release([TestReleases.appling(variables: [variable])]), script: RollOutBench.healthy)
        XCTAssertEqual(
            outcome.error,
            .unmet("Its variables are encrypted, and this service has no key to open them.", advice: nil))
        XCTAssertTrue(outcome.requests.isEmpty)
    }

    func testWhatLeadsToTheAppComesLast() async throws {
        var settings = Appling()
        settings.cronJobs = [CronJob(name: "nightly", schedule: "0 4 * * *", path: "/")]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.release([TestReleases.appling(settings, replicas: 2)]), script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        let paths = outcome.requests
            .filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }.map(\.path)
        let deployment = try XCTUnwrap(paths.firstIndex(of: RollOutBench.deploymentPath))
        let after = Set(paths[(deployment + 1)...].map { $0.split(separator: "/").dropLast().last ?? "" })
        XCTAssertTrue(after.isSuperset(of: ["cronjobs", "httproutes", "certificates"]), "\(paths)")
        let before = paths[..<deployment]
        XCTAssertFalse(before.contains { $0.contains("cronjobs") || $0.contains("httproutes") }, "\(paths)")
    }

    func testNothingIsAppliedThatCannotBeFollowed() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            intercept: { $0.path == "/api/v1/pods" ? StandInAPI.recorded("error-403.http") : nil },
            script: RollOutBench.healthy)
        guard case .rejected? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertFalse(outcome.requests.contains { $0.method == "PATCH" })
    }

    func testCancellationEndsTheWaiting() async throws {
        let (applied, signal) = AsyncStream<Void>.makeStream()
        let release = try TestReleases.small()
        let waits: ScriptedCluster.Script = { _, _ in signal.finish() }
        let roll = Task { @Sendable in try await RollOutBench.rollOut(release, script: waits) }
        for await _ in applied {}
        roll.cancel()
        let outcome = try await roll.value
        XCTAssertEqual(outcome.error, .cancelled)
    }

    func testClusterThatDoesNotAnswer() async throws {
        var limits = RollOutLimits()
        limits.maxSilence = .milliseconds(20)
        limits.lookAgainEvery = .milliseconds(10)
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(), limits: limits, intercept: { _ in .text(503, "down") },
            script: RollOutBench.healthy)
        guard case .unreachable(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("503"), sentence)
        XCTAssertEqual(outcome.holdUps, ["The cluster does not answer at the moment; going on as soon as it does."])
    }
}
