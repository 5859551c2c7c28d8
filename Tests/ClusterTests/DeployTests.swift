import AppFile
import Deploys
import JSON
import Kubernetes
import Synchronization
import XCTest

/// Releases that go live, one after the other, and what they leave behind.
final class DeployTests: ClusterCase {
    func testFirstDeploySameAgainAndUpdate() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("update")
        let progress = Mutex<[String]>([])
        let first = await cluster.deploy(try release(1, in: namespace), onProgress: { now in
            progress.withLock { $0.append("\(now.ready)/\(now.wanted)") }
        })
        XCTAssertEqual(first, .live)
        XCTAssertEqual(progress.withLock { $0.last }, "1/1")
        let pods = try await cluster.readyPods(namespace)
        XCTAssertEqual(pods.count, 1)

        let again = await cluster.deploy(try release(1, in: namespace))
        XCTAssertEqual(again, .live)
        let same = try await cluster.readyPods(namespace)
        XCTAssertEqual(same, pods, "the same release rolls no pods")

        let second = await cluster.deploy(try release(2, in: namespace))
        XCTAssertEqual(second, .live)
        try await cluster.eventually("the old pod goes") {
            let ready = try await cluster.readyPods(namespace)
            return ready.count == 1 && ready != pods
        }
    }

    func testWhatAReleaseNoLongerHasIsRemoved() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("prune")
        let cron = CronJob(name: "clean", schedule: "0 3 * * *", path: "/index.html")
        let first = await cluster.deploy(try release(1, in: namespace) { $0.cronJobs = [cron] })
        XCTAssertEqual(first, .live)
        let tasks = try await cluster.client.list(.cronJobs, namespace: namespace).items
        XCTAssertEqual(tasks.map { $0.at("metadata", "name") }, ["web-clean"])
        XCTAssertEqual(tasks.first?.at("spec", "schedule"), "0 3 * * *")
        XCTAssertEqual(tasks.first?.at("spec", "timeZone"), "Etc/UTC")
        _ = try await cluster.client.create([
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "made-by-people", "namespace": .string(namespace)],
        ])
        let second = await cluster.deploy(try release(2, in: namespace))
        XCTAssertEqual(second, .live)
        let left = try await cluster.names(.cronJobs, in: namespace)
        XCTAssertEqual(left, [])
        let maps = try await cluster.names(.configMaps, in: namespace)
        XCTAssertTrue(maps.contains("made-by-people"))
    }

    func testReleaseCommandRunsBeforeThePods() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let namespace = cluster.namespace("command")
        let good = try release(1, in: namespace) { $0.releaseCommand = "echo migrated" }
        let first = await cluster.deploy(good)
        XCTAssertEqual(first, .live)
        let jobs = try await cluster.client.list(.jobs, namespace: namespace).items
        XCTAssertEqual(jobs.first?.at("status", "succeeded"), 1)
        let before = try await cluster.readyPods(namespace)

        let bad = try release(2, in: namespace) { $0.releaseCommand = "echo cannot migrate; exit 3" }
        let second = await cluster.deploy(bad)
        guard case .failed(let cause, _, let evidence) = second else { return XCTFail("\(second)") }
        XCTAssertTrue(cause.contains("release command"), cause)
        XCTAssertTrue(cause.contains("3"), cause)
        XCTAssertTrue(evidence.joined().contains("cannot migrate"), "\(evidence)")
        let after = try await cluster.readyPods(namespace)
        XCTAssertEqual(after, before, "the old version is untouched")
    }

    func testAnInvalidObjectChangesNothing() async throws {
        let cluster = try cluster()
        let namespace = try await cluster.madeNamespace("invalid")
        let invalid = try release(1, in: namespace) {
            $0.cronJobs = [CronJob(name: "bad", schedule: "61 * * * *", path: "/")]
        }
        let outcome = await cluster.deploy(invalid)
        guard case .other(.rejected(let sentence)) = outcome else { return XCTFail("\(outcome)") }
        XCTAssertTrue(sentence.contains("schedule"), sentence)
        let deployments = try await cluster.names(.deployments, in: namespace)
        XCTAssertEqual(deployments, [])
        let services = try await cluster.names(.services, in: namespace)
        XCTAssertEqual(services, [])
    }

    func testRoutesAndCertificates() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        try await cluster.require(.httpRoutes, .listenerSets, .certificates)
        let namespace = cluster.namespace("hosts")
        let outcome = await cluster.deploy(try release(1, in: namespace, hosts: ["ct.test.localhost"]))
        XCTAssertEqual(outcome, .live)
        let routes = try await cluster.client.list(.httpRoutes, namespace: namespace).items
        XCTAssertTrue(
            routes.contains { $0.at("spec", "hostnames") == ["ct.test.localhost"] }, "\(routes)")
        let listeners = try await cluster.names(.listenerSets, in: namespace)
        XCTAssertFalse(listeners.isEmpty)
        let certificates = try await cluster.client.list(.certificates, namespace: namespace).items
        XCTAssertEqual(certificates.first?.at("spec", "dnsNames"), ["ct.test.localhost"])
    }
}
