import Deploys
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// What is known of environments without asking for it.
final class ClusterHealthTests: XCTestCase {
    private static let namespace = CertificateBench.namespace

    /// Tells each time that something may be different.
    private struct Looks {
        let health: ClusterHealth
        let bench: CertificateBench
        let bell: AsyncStream<Void>
        let ring: @Sendable () -> Void
        let timeLimit = Duration.seconds(20)

        func now() async -> NamespaceHealth? {
            await health.health(of: [namespace, "apps-unknown"])[namespace]
        }

        func wait(_ what: String, _ isMet: (NamespaceHealth) -> Bool) async {
            let end = ContinuousClock.now + timeLimit
            let alarm = Task { [ring] in
                try await Task.sleep(until: end)
                ring()
            }
            defer { alarm.cancel() }
            for await _ in bell {
                if let now = await now(), isMet(now) { return }
                if ContinuousClock.now >= end { return XCTFail("never came: \(what)") }
            }
        }
    }

    private func withHealth(
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        _ body: (Looks) async throws -> Void
    ) async throws {
        try await CertificateBench.with(intercept: intercept) { bench in
            let reconciler = Reconciler(bench.client, inventory: bench.inventory, certificates: bench.keeper)
            let certificates = ClusterCertificates(
                bench.client, bench.keeper, inventory: bench.inventory, now: { .now })
            let (bell, ring) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let looks = Looks(
                health: ClusterHealth(reconciler, certificates, TaskMonitor(bench.client)), bench: bench, bell: bell, ring: { ring.yield() })
            let before = await looks.now()
            let unknown = NamespaceHealth(pods: nil, certificate: .unknown, tasksSeen: .never)
            XCTAssertEqual(before, unknown, "nothing was listed yet")
            let id = await reconciler.watches.deployments.followAll { _ in ring.yield() }
            let watching = Task {
                for await _ in await certificates.snapshots() { ring.yield() }
            }
            try await body(looks)
            await reconciler.watches.deployments.unfollow(id)
            watching.cancel()
            await watching.value
            await reconciler.stop()
            let after = await looks.now()
            XCTAssertEqual(after?.pods, nil, "it may be old")
        }
    }

    private func put(_ name: String, ready: Int?, of wanted: Int, component: String? = nil, _ bench: CertificateBench) async {
        let path = "/apis/apps/v1/namespaces/\(Self.namespace)/deployments/\(name)"
        await bench.cluster.put(
            [
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": [
                    "name": .string(name), "namespace": .string(Self.namespace),
                    "labels": .compact([
                        "app.kubernetes.io/managed-by": "iterapp",
                        "app.kubernetes.io/component": component.map(JSON.string),
                    ]),
                ],
                "spec": ["replicas": .int(wanted)],
                "status": .compact(["replicas": .int(wanted), "readyReplicas": ready.map(JSON.int)]),
            ], at: path)
    }

    func testPodsOfAllApplingsAreCountedAndAddOnsAreNot() async throws {
        try await withHealth { looks in
            await put("cats-web", ready: 1, of: 2, looks.bench)
            await put("cats-worker", ready: nil, of: 1, looks.bench)
            await put("cats-redis", ready: 0, of: 1, component: "redis", looks.bench)
            await looks.wait("the pods") { $0.pods == ReadyPods(ready: 1, wanted: 3) }
            // The old version's pods are there until the new ones serve.
            await put("cats-worker", ready: 2, of: 1, looks.bench)
            await looks.wait("no more than wanted") { $0.pods == ReadyPods(ready: 2, wanted: 3) }
            await looks.bench.cluster.remove("/apis/apps/v1/namespaces/\(Self.namespace)/deployments/cats-web")
            await looks.bench.cluster.remove("/apis/apps/v1/namespaces/\(Self.namespace)/deployments/cats-worker")
            await looks.wait("nothing to count") { $0.pods == nil }
            let watched = Set(looks.bench.api.requests.map(\.path))
            XCTAssertEqual(
                watched.subtracting(["/apis/apps/v1/deployments", "/apis/cert-manager.io/v1/certificates"]), [],
                "nobody asked for anything else")
        }
    }

    func testWhatMayBeOldIsNotTold() async throws {
        let isAway = Watched(false)
        try await withHealth(intercept: { _ in isAway.value ? .text(500, "") : nil }) { looks in
            await put("cats", ready: 1, of: 1, looks.bench)
            await looks.wait("the pods") { $0.pods == ReadyPods(ready: 1, wanted: 1) }
            isAway.change { $0 = true }
            await looks.bench.cluster.dropWatches()
            await looks.wait("the silence") { $0.pods == nil }
            isAway.change { $0 = false }
            await looks.wait("the pods again") { $0.pods == ReadyPods(ready: 1, wanted: 1) }
        }
    }

    func testTheWorstOfTheCertificatesIsTold() async throws {
        try await withHealth { looks in
            let bench = looks.bench
            bench.records.point("cats.cool", to: CertificateBench.ours)
            _ = await bench.keep("cats.cool")
            await looks.wait("the wait") { health in
                if case .waiting(let sentence) = health.certificate { sentence.contains("cats.cool") } else { false }
            }
            await bench.setStatus(["revision": 1, "conditions": [CertificateBench.ready("True")]])
            await looks.wait("the certificate") { $0.certificate == .inOrder }
            let second = CertificateBench.certificate(["www.cats.cool"], name: "cats-more")
            await bench.cluster.put(second, at: CertificateBench.path.replacing("cats-domains", with: "cats-more"))
            await looks.wait("the second one") { health in
                if case .waiting(let sentence) = health.certificate { sentence.contains("www.cats.cool") } else { false }
            }
            await bench.setStatus([
                "revision": 1, "lastFailureTime": "2026-11-21T07:00:00Z", "failedIssuanceAttempts": 1,
                "conditions": [CertificateBench.ready("True")],
            ])
            await looks.wait("the trouble") { health in
                guard case .trouble(let sentence) = health.certificate else { return false }
                return sentence.contains("could not be renewed")
            }
        }
    }
}
