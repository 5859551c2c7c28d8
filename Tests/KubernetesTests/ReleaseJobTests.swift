import Deploys
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// Release commands on their way: before the new version, once, and with words when they fail.
final class ReleaseJobTests: XCTestCase {
    /// Paths of what was really applied, in order.
    private func applied(_ outcome: RollOutBench.Outcome) -> [String] {
        outcome.requests.filter { $0.method == "PATCH" && $0.fields["dryRun"] == nil }.map(\.path)
    }

    private func isJob(_ path: String) -> Bool { path.hasPrefix(RollOutBench.jobs + "/") }

    func testCommandRunsBeforeTheNewVersion() async throws {
        let outcome = try await RollOutBench.rollOut(TestReleases.migrating(), script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(outcome.progress.last, "1/1")
        let paths = applied(outcome)
        let job = try XCTUnwrap(paths.firstIndex(where: isJob))
        let secret = try XCTUnwrap(paths.firstIndex { $0.contains("/secrets/") })
        let deployment = try XCTUnwrap(paths.firstIndex(of: RollOutBench.deploymentPath))
        XCTAssertTrue(secret < job && job < deployment, "\(paths)")
        XCTAssertFalse(outcome.requests.contains { $0.method == "DELETE" })
    }

    func testFailedCommandStopsTheDeployWithItsLastLines() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.migrating(),
            script: { cluster, job in
                let pod = RollOutBench.pod(of: job, [:]).at("metadata", "name")?.string ?? ""
                await cluster.setLog("migrating\nno such table: cats\n", pod: pod, previous: false)
                await RollOutBench.end(job, exitCode: 3, on: cluster)
            })
        XCTAssertEqual(
            outcome.error,
            .failed(
                appling: "cats", cause: "The release command of cats stops with exit code 3.",
                advice: "Its last lines of output tell more; nothing of the new version was started.",
                evidence: ["migrating", "no such table: cats"]))
        let paths = applied(outcome)
        XCTAssertFalse(paths.contains(RollOutBench.deploymentPath), "nothing of the new version is applied")
        XCTAssertFalse(paths.contains { $0.contains("httproutes") || $0.contains("certificates") })
        XCTAssertFalse(outcome.requests.contains { $0.method == "DELETE" }, "what ended stays to be looked at")
    }

    func testRepeatedStepFindsTheJobThatRan() async throws {
        let runs = Counter()
        let outcome = try await RollOutBench.rollOut(TestReleases.migrating(), times: 2) { cluster, workload in
            if workload["kind"]?.string == "Job" { await runs.increment() }
            await RollOutBench.healthy(cluster, workload)
        }
        XCTAssertNil(outcome.error)
        let count = await runs.count
        XCTAssertEqual(count, 1)
        let watches = outcome.requests.filter { $0.path == "/apis/batch/v1/jobs" && $0.fields["watch"] == "1" }
        XCTAssertEqual(watches.count, 1, "one watch for all")
    }

    /// The same operation goes on after a crash: a command that failed half-way is for people to look at.
    func testFailedCommandIsNotRepeatedByTheSameOperation() async throws {
        let runs = Counter()
        let outcome = try await RollOutBench.rollOut(TestReleases.migrating(), times: 2) { cluster, job in
            await runs.increment()
            await RollOutBench.end(job, exitCode: 3, on: cluster)
        }
        let count = await runs.count
        XCTAssertEqual(count, 1)
        guard case .failed("cats", "The release command of cats stops with exit code 3.", _, _)? = outcome.error
        else { return XCTFail("\(outcome)") }
        XCTAssertEqual(applied(outcome).filter(isJob).count, 2, "it was asked for again, and found")
    }

    /// Deploying the same commit again is another operation, and so another Job: what failed before is in nobody's way.
    func testNewDeployOfTheSameCommitRunsTheCommandAgain() async throws {
        let runs = Counter()
        let cluster = ScriptedCluster(script: { cluster, workload in
            guard workload["kind"]?.string == "Job" else { return await RollOutBench.healthy(cluster, workload) }
            await runs.increment()
            await RollOutBench.end(workload, exitCode: await runs.count == 1 ? 3 : 0, on: cluster)
        })
        let api = try StandInAPI { await cluster.handle($0) }
        let reconciler = Reconciler(
            KubernetesClient(KubernetesConnection(server: api.url), http: HTTPClient()), inventory: ListInventory())
        var failures: [RollOutError?] = []
        for release in [try TestReleases.migrating(operation: 7), try TestReleases.migrating(operation: 8)] {
            do throws(RollOutError) {
                _ = try await reconciler.rollOut(try reconciler.plan(release)) { _ in }
                failures.append(nil)
            } catch {
                failures.append(error)
            }
        }
        let count = await runs.count
        XCTAssertEqual(count, 2)
        guard failures.count == 2, case .failed? = failures[0], failures[1] == nil else {
            return XCTFail("\(failures)")
        }
        await reconciler.stop()
        await cluster.dropWatches()
        await api.stop()
    }

    func testCommandThatCannotStartIsTakenBack() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.migrating(),
            script: { cluster, job in
                let waiting: JSON = ["reason": "ImagePullBackOff", "message": "not found"]
                await RollOutBench.put(
                    RollOutBench.pod(of: job, ["name": "release", "state": ["waiting": waiting]]), on: cluster)
            })
        guard case .failed("cats", let cause, _, _)? = outcome.error else { return XCTFail("\(outcome)") }
        XCTAssertTrue(
            cause.hasPrefix("The cluster cannot fetch the image of the release command of cats"), cause)
        let deletions = outcome.requests.filter { $0.method == "DELETE" }
        XCTAssertEqual(deletions.map(\.path).map(isJob), [true], "it must not run after all")
        let body = try JSON.parse(XCTUnwrap(deletions.first).body)
        XCTAssertNotNil(body.at("preconditions", "uid"))
        XCTAssertEqual(body["propagationPolicy"], "Background")
    }

    func testCommandThatTakesTooLong() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.migrating(),
            script: { cluster, job in
                let name = job.at("metadata", "name")?.string ?? ""
                let pod = RollOutBench.pod(
                    of: job, ["name": "release", "state": ["terminated": ["exitCode": 143, "reason": "Error"]]])
                await cluster.setLog(
                    "row 1 of 9000000\n", pod: pod.at("metadata", "name")?.string ?? "", previous: false)
                await RollOutBench.put(pod, on: cluster)
                await cluster.put(
                    RollOutBench.withConditions(job, ["FailureTarget"], reason: "DeadlineExceeded"),
                    at: "\(RollOutBench.jobs)/\(name)")
            })
        XCTAssertEqual(
            outcome.error,
            .failed(
                appling: "cats", cause: "The release command of cats did not end within 600 seconds.",
                advice: "Let it do less at a time, or do the rest while the app runs; it is stopped by then.",
                evidence: ["row 1 of 9000000"]))
    }

    func testWhatStoodInTheWayIsToldWhenThePodsAreGone() async throws {
        let api = try StandInAPI { _ in StandInAPI.json(["items": [], "metadata": ["resourceVersion": "1"]]) }
        let client = KubernetesClient(KubernetesConnection(server: api.url), http: HTTPClient())
        let job: JSON = [
            "kind": "Job",
            "metadata": ["name": "cats-release-1", "uid": "j1", "labels": ["app.kubernetes.io/name": "cats"]],
        ]
        let target = RollOutTarget(job, namespace: "ns")
        func cause(_ last: Diagnosis) async -> String? {
            let failure = RollOutFailure(target: target, reason: .deadline(last: last))
            let error = await RollOutEvidence(client: client, limits: RollOutLimits()).error(
                for: [failure],
                snapshot: .init(
                    deployments: [:], jobs: ["cats-release-1": job], pods: [],
                    health: .init(isComplete: true, trouble: nil)))
            guard case .failed(_, let cause, _, _) = error else { return nil }
            return cause
        }
        func pod(_ status: JSON) -> JSON {
            ["metadata": ["name": "p", "ownerReferences": [["uid": "j1"]]], "status": status]
        }
        let unscheduled: JSON = [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/1 nodes are available: 1 Insufficient cpu.",
        ]
        let noRoom = await cause(Diagnosis(of: job, .job, pods: [pod(["conditions": [unscheduled]])]))
        XCTAssertEqual(noRoom?.hasPrefix("No machine of the cluster has room for the release command of cats"), true)
        let unknown = await cause(Diagnosis(of: job, .job, pods: [pod([:])]))
        XCTAssertEqual(unknown, "The release command of cats did not end within 600 seconds.")
        await api.stop()
    }

    private actor Counter {
        private(set) var count = 0
        func increment() { count += 1 }
    }
}
