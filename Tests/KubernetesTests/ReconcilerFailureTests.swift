import AppFile
import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// What is told about releases whose pods do not become ready.
final class ReconcilerFailureTests: XCTestCase {
    func testCrashLoopFailsEarlyWithTheLastLines() async throws {
        let crashed: JSON = [
            "name": "cats", "ready": false, "restartCount": 2,
            "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off"]],
            "lastState": ["terminated": ["exitCode": 1, "reason": "Error"]],
        ]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.small(),
            prepare: {
                await $0.setLog("starting\n\u{1B}[31mno DATABASE_URL\n", pod: "cats-1", previous: true)
            },
            script: RollOutBench.stuck(crashed))
        XCTAssertEqual(
            outcome.error,
            .failed(
                appling: "cats", cause: "cats stops with exit code 1 when it starts (3 starts so far).",
                advice: "Its last lines of output tell more; check that all the variables it needs are set.",
                evidence: ["starting", "[31mno DATABASE_URL"]))
    }

    /// There when it was looked for, and deleted a moment later.
    private static func putSecret(_ name: String, keys: [String], on cluster: ScriptedCluster) async {
        let data = Dictionary(uniqueKeysWithValues: keys.map { ($0, JSON.string("eA==")) })
        await cluster.put(
            ["metadata": ["name": .string(name), "namespace": "apps-cats-test"], "data": .object(data)],
            at: "/api/v1/namespaces/apps-cats-test/secrets/\(name)")
    }

    func testMissingSecretFailsEarly() async throws {
        let variable = ReleasedAppling.Variable(name: "T", value: .secret(name: "api", key: "t"))
        let waiting: JSON = [
            "name": "cats", "ready": false, "restartCount": 0,
            "state": [
                "waiting": ["reason": "CreateContainerConfigError", "message": "secret \"api\" not found"]
            ],
        ]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.release([TestReleases.appling(variables: [variable])]),
            prepare: { await Self.putSecret("api", keys: ["t"], on: $0) }, script: RollOutBench.stuck(waiting))
        guard case .failed(_, let cause, let advice?, _)? = outcome.error else {
            return XCTFail("\(outcome)")
        }
        XCTAssertTrue(cause.contains("“api”"), cause)
        XCTAssertTrue(advice.contains("kubectl create secret generic api --namespace apps-cats-test"), advice)
    }

    func testMissingMountedSecretFailsEarlyByItsEvent() async throws {
        var settings = Appling()
        settings.files = MountedFiles(common: [MountedSecret(path: "/keys", secret: "signing-keys")])
        var limits = RollOutLimits()
        limits.lookAtEventsEvery = .milliseconds(10)
        let waiting: JSON = ["name": "cats", "ready": false, "state": ["waiting": ["reason": "ContainerCreating"]]]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.release([TestReleases.appling(settings)]), limits: limits,
            prepare: { cluster in
                await Self.putSecret("signing-keys", keys: [], on: cluster)
                await cluster.put(
                    [
                        "metadata": ["name": "e", "namespace": "apps-cats-test"], "type": "Warning",
                        "reason": "FailedMount", "involvedObject": ["uid": "uid-of-cats-1"],
                        "message":
                            "MountVolume.SetUp failed for volume \"files-1\" : secret \"signing-keys\" not found",
                    ], at: "/api/v1/namespaces/apps-cats-test/events/e")
            }, script: RollOutBench.stuck(waiting))
        guard case .failed("cats", let cause, let advice?, _)? = outcome.error else {
            return XCTFail("\(outcome)")
        }
        XCTAssertEqual(
            cause, "cats needs the Secret “signing-keys”, which does not exist in the namespace apps-cats-test.")
        XCTAssertTrue(advice.contains("kubectl create secret generic signing-keys"), advice)
        XCTAssertLessThan(outcome.took, .seconds(20), "long before the deadline")
    }

    func testHealthCheckFailsAtTheDeadlineWithWhatItMet() async throws {
        let running: JSON = [
            "name": "cats", "ready": false, "restartCount": 0,
            "state": ["running": ["startedAt": "2026-11-20T23:25:52Z"]],
        ]
        let outcome = try await RollOutBench.rollOut(
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
                await cluster.put(
                    RollOutBench.pod(of: deployment, named: "cats-1", containerStatus: running),
                    at: RollOutBench.podPath)
                await cluster.put(
                    RollOutBench.withStatus(
                        deployment, ["replicas", "updatedReplicas"], 1,
                        progressing: "ProgressDeadlineExceeded"),
                    at: RollOutBench.deploymentPath)
            })
        guard case .failed("cats", let cause, _, let evidence)? = outcome.error else {
            return XCTFail("\(outcome)")
        }
        XCTAssertEqual(
            cause,
            "cats runs, but its health check still fails 38 seconds after its start: GET /health on port 3000 "
                + "answers with status 404.")
        XCTAssertEqual(evidence, ["listening on 8080"])
    }
}
