import Deploys
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// Whole roll-outs over real HTTP, with a script in place of controllers and nodes.
final class ReconcilerTests: XCTestCase {
    static let deploymentPath = "/apis/apps/v1/namespaces/apps-cats-test/deployments/cats"
    static let podPath = "/api/v1/namespaces/apps-cats-test/pods/cats-1"

    /// What one test learns from its roll-out.
    struct Outcome: Sendable {
        let error: RollOutError?
        let progress: [String]
        let requests: [HTTPRequest]
        let took: Duration
    }

    private static func rollOut(
        _ release: Release, times: Int = 1,
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        prepare: (ScriptedCluster) async throws -> Void = { _ in },
        script: @escaping ScriptedCluster.Script
    ) async throws -> Outcome {
        let cluster = ScriptedCluster(script: script, intercept: intercept)
        try await prepare(cluster)
        let api = try StandInAPI { await cluster.handle($0) }
        var retry = RetryPolicy()
        retry.maxAttempts = 2
        retry.firstDelay = .milliseconds(1)
        let client = KubernetesClient(KubernetesConnection(server: api.url), http: HTTPClient(), retry: retry)
        var limits = RollOutLimits()
        // A verdict that never comes must fail the test and not hold it up.
        limits.maxRollOut = .seconds(30)
        let reconciler = Reconciler(client, limits: limits)
        let progress = Mutex<[String]>([])
        var failure: RollOutError?
        let start = ContinuousClock.now
        for _ in 0..<times {
            do throws(RollOutError) {
                try await reconciler.rollOut(release) { ready, wanted in
                    progress.withLock { $0.append("\(ready)/\(wanted)") }
                }
            } catch {
                failure = error
            }
        }
        let took = ContinuousClock.now - start
        await reconciler.stop()
        await cluster.dropWatches()
        await api.stop()
        return Outcome(
            error: failure, progress: progress.withLock { $0 }, requests: api.requests, took: took)
    }

    /// A node that runs everything at once.
    static let healthy: ScriptedCluster.Script = { cluster, deployment in
        let wanted = deployment.at("spec", "replicas")?.int ?? 0
        let name = deployment.at("metadata", "name")?.string ?? ""
        for index in 1...wanted {
            await cluster.put(
                pod(of: deployment, named: "\(name)-\(index)", conditions: [["type": "Ready", "status": "True"]]),
                at: "/api/v1/namespaces/apps-cats-test/pods/\(name)-\(index)")
        }
        await cluster.put(
            withStatus(deployment, ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"], wanted),
            at: "/apis/apps/v1/namespaces/apps-cats-test/deployments/\(name)")
    }

    static func pod(
        of deployment: JSON, named name: String, conditions: JSON = [], containerStatus: JSON? = nil
    ) -> JSON {
        let template = deployment.at("spec", "template")
        return [
            "metadata": [
                "name": .string(name), "namespace": "apps-cats-test", "uid": .string("uid-of-\(name)"),
                "labels": template?.at("metadata", "labels") ?? [:],
                "annotations": template?.at("metadata", "annotations") ?? [:],
            ],
            "spec": template?["spec"] ?? [:],
            "status": [
                "conditions": conditions, "containerStatuses": containerStatus.map { [$0] } ?? [],
            ],
        ]
    }

    static func withStatus(_ deployment: JSON, _ keys: [String], _ count: Int, progressing: String? = nil) -> JSON {
        var changed = deployment
        var status: [String: JSON] = ["observedGeneration": deployment.at("metadata", "generation") ?? 0]
        for key in keys { status[key] = .int(count) }
        if let progressing {
            status["conditions"] = [["type": "Progressing", "status": "False", "reason": .string(progressing)]]
        }
        changed["status"] = .object(status)
        return changed
    }

    /// A node on which the only pod gets stuck with this container status.
    static func stuck(_ containerStatus: JSON) -> ScriptedCluster.Script {
        { cluster, deployment in
            await cluster.put(pod(of: deployment, named: "cats-1", containerStatus: containerStatus), at: podPath)
            await cluster.put(withStatus(deployment, ["replicas", "updatedReplicas"], 1), at: deploymentPath)
        }
    }

    func testReleaseGoesLive() async throws {
        let outcome = try await Self.rollOut(TestReleases.small(), script: Self.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.progress.last, "1/1")
        let patches = outcome.requests.filter { $0.method == "PATCH" }
        let real = patches.filter { $0.fields["dryRun"] == nil }
        XCTAssertEqual(patches.count - real.count, real.count - 1, "all but the namespace are tried first")
        XCTAssertEqual(patches.first?.path, "/api/v1/namespaces/apps-cats-test")
        let firstReal = try XCTUnwrap(patches.dropFirst().firstIndex { $0.fields["dryRun"] == nil })
        XCTAssertTrue(patches[firstReal...].allSatisfy { $0.fields["dryRun"] == nil }, "no dry run after it")
        let kinds = real.map { $0.path.split(separator: "/").dropLast().last ?? "" }
        XCTAssertLessThan(try XCTUnwrap(kinds.firstIndex(of: "secrets")), try XCTUnwrap(kinds.firstIndex(of: "deployments")))
    }

    func testOverheadIsSmall() async throws {
        let outcome = try await Self.rollOut(TestReleases.small(), script: Self.healthy)
        // The promise is 200 ms on a quiet machine; tests share theirs.
        XCTAssertLessThan(outcome.took, .milliseconds(1_000))
        print("apply and follow a small app: \(outcome.took)")
    }

    func testProgressCountsPodsOfAllApplings() async throws {
        let applings = [
            TestReleases.appling(name: "cats-a", replicas: 2, hosts: []),
            TestReleases.appling(name: "cats-b", replicas: 1, hosts: []),
        ]
        let outcome = try await Self.rollOut(TestReleases.release(applings), script: Self.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.progress.last, "3/3")
    }

    func testSameReleaseTwiceIsOneRollOut() async throws {
        let runs = Mutex(0)
        let outcome = try await Self.rollOut(TestReleases.small(), times: 2) { cluster, deployment in
            runs.withLock { $0 += 1 }
            await Self.healthy(cluster, deployment)
        }
        XCTAssertNil(outcome.error)
        XCTAssertEqual(runs.withLock { $0 }, 1)
        let lists = outcome.requests.filter { $0.path == "/api/v1/pods" }
        XCTAssertEqual(lists.count, 2, "both roll-outs share one list and one watch")
    }

    func testRefusedObjectChangesNothing() async throws {
        let outcome = try await Self.rollOut(
            TestReleases.small(),
            intercept: { request in
                let isDryRun = request.fields["dryRun"] == "All" && request.path == Self.deploymentPath
                return isDryRun ? StandInAPI.recorded("error-422-invalid.http") : nil
            }, script: Self.healthy)
        guard case .rejected(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("Deployment cats") && sentence.contains("808000"), sentence)
        let real = outcome.requests.filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }
        XCTAssertEqual(real.map(\.path), ["/api/v1/namespaces/apps-cats-test"])
    }

    func testNamespaceThatIsBeingDeleted() async throws {
        let outcome = try await Self.rollOut(
            TestReleases.small(),
            intercept: {
                $0.fields["dryRun"] == nil ? nil : StandInAPI.recorded("error-403-namespace-terminating.http")
            }, script: Self.healthy)
        guard case .rejected(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("being deleted"), sentence)
    }

    func testCrashLoopFailsEarlyWithTheLastLines() async throws {
        let crashed: JSON = [
            "name": "cats", "ready": false, "restartCount": 2,
            "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off"]],
            "lastState": ["terminated": ["exitCode": 1, "reason": "Error"]],
        ]
        let outcome = try await Self.rollOut(
            TestReleases.small(),
            prepare: { await $0.setLog("starting\n\u{1B}[31mno DATABASE_URL\n", pod: "cats-1", previous: true) },
            script: Self.stuck(crashed))
        XCTAssertEqual(
            outcome.error,
            .failed(
                appling: "cats", cause: "cats stops with exit code 1 when it starts (3 starts so far).",
                advice: "Its last lines of output tell more; check that all the variables it needs are set.",
                evidence: ["starting", "[31mno DATABASE_URL"]))
    }

    func testMissingSecretFailsEarly() async throws {
        let variable = ReleasedAppling.Variable(name: "T", value: .secret(name: "api", key: "t"))
        let waiting: JSON = [
            "name": "cats", "ready": false, "restartCount": 0,
            "state": ["waiting": ["reason": "CreateContainerConfigError", "message": "secret \"api\" not found"]],
        ]
        let outcome = try await Self.rollOut(
            TestReleases.release([TestReleases.appling(variables: [variable])]), script: Self.stuck(waiting))
        guard case .failed(_, let cause, let advice?, _)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(cause.contains("“api”"), cause)
        XCTAssertTrue(advice.contains("kubectl create secret generic api --namespace apps-cats-test"), advice)
    }

    func testHealthCheckFailsAtTheDeadlineWithWhatItMet() async throws {
        let running: JSON = [
            "name": "cats", "ready": false, "restartCount": 0,
            "state": ["running": ["startedAt": "2026-11-20T23:25:52Z"]],
        ]
        let outcome = try await Self.rollOut(
            TestReleases.small(),
            prepare: { cluster in
                await cluster.setLog("listening on 8080\n", pod: "cats-1", previous: false)
                await cluster.put(
                    [
                        "metadata": ["name": "e", "namespace": "apps-cats-test"], "type": "Warning",
                        "reason": "Unhealthy", "lastTimestamp": "2026-11-20T23:26:30Z",
                        "involvedObject": ["uid": "uid-of-cats-1"],
                        "message": "Readiness probe failed: HTTP probe failed with statuscode: 404",
                    ], at: "/api/v1/namespaces/apps-cats-test/events/e")
            },
            script: { cluster, deployment in
                await cluster.put(Self.pod(of: deployment, named: "cats-1", containerStatus: running), at: Self.podPath)
                await cluster.put(
                    Self.withStatus(
                        deployment, ["replicas", "updatedReplicas"], 1, progressing: "ProgressDeadlineExceeded"),
                    at: Self.deploymentPath)
            })
        guard case .failed("cats", let cause, _, let evidence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertEqual(
            cause,
            "cats runs, but its health check fails, 38 seconds after its start: GET /health on port 3000 answers "
                + "with status 404.")
        XCTAssertEqual(evidence, ["listening on 8080"])
    }

    func testLeftoversAreRemovedAndOthersStay() async throws {
        let ours: JSON = ["app.kubernetes.io/managed-by": "iterapp", "app.kubernetes.io/part-of": "cats"]
        func secret(_ name: String, _ labels: JSON) -> JSON {
            ["metadata": ["name": .string(name), "namespace": "apps-cats-test", "labels": labels]]
        }
        let outcome = try await Self.rollOut(
            TestReleases.small(),
            prepare: { cluster in
                let path = "/api/v1/namespaces/apps-cats-test/secrets"
                await cluster.put(secret("cats-env-0123456789", ours), at: "\(path)/cats-env-0123456789")
                await cluster.put(secret("by-hand", [:]), at: "\(path)/by-hand")
            }, script: Self.healthy)
        XCTAssertNil(outcome.error)
        let deletions = outcome.requests.filter { $0.method == "DELETE" }
        XCTAssertEqual(deletions.map(\.path), ["/api/v1/namespaces/apps-cats-test/secrets/cats-env-0123456789"])
        let body = try JSON.parse(XCTUnwrap(deletions.first).body)
        XCTAssertNotNil(body.at("preconditions", "uid"))
    }

    func testNothingIsAppliedThatCannotBeFollowed() async throws {
        let outcome = try await Self.rollOut(
            TestReleases.small(),
            intercept: { $0.path == "/api/v1/pods" ? StandInAPI.recorded("error-403.http") : nil },
            script: Self.healthy)
        guard case .rejected? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertFalse(outcome.requests.contains { $0.method == "PATCH" })
    }

    func testCancellationEndsTheWaiting() async throws {
        let (applied, signal) = AsyncStream<Void>.makeStream()
        let release = try TestReleases.small()
        let waits: ScriptedCluster.Script = { _, _ in signal.finish() }
        let roll = Task { @Sendable in try await Self.rollOut(release, script: waits) }
        for await _ in applied {}
        roll.cancel()
        let outcome = try await roll.value
        XCTAssertEqual(outcome.error, .cancelled)
    }

    func testClusterThatDoesNotAnswer() async throws {
        let outcome = try await Self.rollOut(
            TestReleases.small(), intercept: { _ in .text(503, "down") }, script: Self.healthy)
        guard case .unreachable(let sentence)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("503"), sentence)
    }
}
