import AppFile
import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Synchronization
import XCTest

@testable import Sandbox

/// The bot's reconciler against the embedded cluster: the same requests that a real one would get, and real
/// containers.
final class ReconcilerOnClusterTests: XCTestCase {
    private static let image = "iterapp-test-reconciler:1"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    private func release(
        _ operation: Int64, image: String = image, readiness: String = "/index.html",
        hosts: [String] = ["cats.test.localhost"],
        variables: [ReleasedAppling.Variable] = [.init(name: "PORT", value: .plain("8080"))]
    ) throws -> Release {
        var settings = Appling()
        settings.port = 8080
        settings.readiness = Probe(path: readiness, periodSeconds: 1)
        let appling = ReleasedAppling(
            settings: settings, name: "cats", image: ImageReference(image), replicas: 1,
            hosts: hosts, variables: variables)
        return Release(
            operation: OperationID(operation), app: AppID(organisation: "iterate", name: "cats"),
            appSlug: "cats", environment: .test, namespace: ClusterBench.namespace,
            commit: try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), buildNumber: 1,
            applings: [appling])
    }

    private func withReconciler(
        progressDeadlineSeconds: Int = 180, _ body: (ClusterBench, Reconciler) async throws -> Void
    ) async throws {
        try await ClusterBench().run { bench in
            let api = EmbeddedAPI(
                EmbeddedAPISettings(token: "test-token"), store: bench.store, logs: try bench.runningNode)
            let connection = KubernetesConnection(
                server: "http://127.0.0.1:\(try api.start())", credential: .token("test-token"))
            let reconciler = Reconciler(
                KubernetesClient(connection, http: bench.http),
                options: RenderOptions(progressDeadlineSeconds: progressDeadlineSeconds))
            do {
                try await body(bench, reconciler)
            } catch {
                XCTFail("\(error)")
            }
            await reconciler.stop()
            await api.stop(grace: .zero)
        }
    }

    private func failure(
        of release: Release, _ reconciler: Reconciler
    ) async -> (cause: String, advice: String?, evidence: [String])? {
        do throws(RollOutError) {
            try await reconciler.rollOut(release) { _, _ in }
            return nil
        } catch {
            guard case .failed(_, let cause, let advice, let evidence) = error else {
                XCTFail("\(error)")
                return nil
            }
            return (cause, advice, evidence)
        }
    }

    func testReleasesGoLiveOneAfterTheOther() async throws {
        try await withReconciler { bench, reconciler in
            let progress = Mutex<[String]>([])
            for operation in [Int64(1), 1, 2] {
                let start = ContinuousClock.now
                try await reconciler.rollOut(release(operation)) { ready, wanted in
                    progress.withLock { $0.append("\(ready)/\(wanted)") }
                }
                print("roll-out of operation \(operation) took \(ContinuousClock.now - start)")
            }
            XCTAssertEqual(progress.withLock { $0.last }, "1/1")
            let revision = try await bench.store.get(
                .deployment, namespace: ClusterBench.namespace, name: "cats"
            ).annotations["deployment.kubernetes.io/revision"]
            XCTAssertEqual(revision, "2", "the same operation twice is one roll-out")
        }
    }

    func testFailuresAreToldEarlyAndTheOldVersionStays() async throws {
        try await withReconciler { bench, reconciler in
            try await reconciler.rollOut(release(1)) { _, _ in }
            let good = await bench.pods().filter { Self.isReady($0) }.map(\.name)

            let secret = ReleasedAppling.Variable(name: "TOKEN", value: .secret(name: "api", key: "token"))
            let missing = await failure(of: try release(2, variables: [secret]), reconciler)
            XCTAssertEqual(missing?.cause.contains("“api”"), true, "\(String(describing: missing))")

            let image = await failure(of: try release(3, image: "localhost:1/none:1"), reconciler)
            XCTAssertEqual(image?.cause.contains("localhost:1/none:1"), true, "\(String(describing: image))")

            let still = await bench.pods().filter { Self.isReady($0) }.map(\.name)
            XCTAssertEqual(still, good)
        }
    }

    func testTheOldVersionKeepsItsHostsUntilTheNewOneIsReady() async throws {
        try await withReconciler { bench, reconciler in
            func hosts() async -> JSON? {
                await bench.store.list(.httpRoute).items.first { $0.name == "cats" }?.at("spec", "hostnames")
            }
            try await reconciler.rollOut(release(1)) { _, _ in }
            let broken = try release(2, image: "localhost:1/none:1", hosts: ["dogs.test.localhost"])
            let failed = await failure(of: broken, reconciler)
            XCTAssertNotNil(failed)
            let kept = await hosts()
            XCTAssertEqual(kept, ["cats.test.localhost"])
            try await reconciler.rollOut(release(3, hosts: ["dogs.test.localhost"])) { _, _ in }
            let changed = await hosts()
            XCTAssertEqual(changed, ["dogs.test.localhost"])
        }
    }

    func testHealthCheckThatIsNeverAnswered() async throws {
        try await withReconciler(progressDeadlineSeconds: 2) { _, reconciler in
            let failure = await failure(of: try release(1, readiness: "/nope"), reconciler)
            XCTAssertEqual(failure?.cause.contains("GET /nope on port 8080 answers with status 404"), true)
            XCTAssertEqual(failure?.advice?.contains("readiness_path"), true)
        }
    }

    private static func isReady(_ pod: JSON) -> Bool {
        let conditions = pod.at("status", "conditions")?.array ?? []
        return conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" }
    }
}
