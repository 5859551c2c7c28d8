import Deploys
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Pods begin with what the Secrets of add-ons hold, and are made anew when those are, and only then.
final class AddOnSecretTests: PlanCase {
    /// Gives out numbered passwords, and lets in whoever has the newest one that it was told.
    private final class Server: AddOnServer {
        private let made = Mutex(0)
        private let host = Mutex("db.test")
        let provided = Mutex<[String]>([])
        /// Where clients find it; nil without any.
        let authority = Mutex<String?>(nil)
        let error = Mutex<AddOnError?>(nil)

        func move(to name: String) { host.withLock { $0 = name } }

        func secret(of place: AddOnPlace, kept: [String: String]?) async throws(AddOnError) -> [String: String] {
            let password = kept?["PGPASSWORD"] ?? made.withLock { made in
                made += 1
                return "password-\(made)"
            }
            var secret = ["PGHOST": host.withLock { $0 }, "PGPASSWORD": password]
            secret["NATS_CA_FILE"] = authority.withLock { $0 }
            secret["ca.crt"] = authority.withLock { $0 }
            return secret
        }

        func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String] {
            if place.addOn.name == "web-kept", let error = error.withLock({ $0 }) { throw error }
            provided.withLock { $0.append(secret["PGPASSWORD"] ?? "") }
            return []
        }
    }

    private struct Bench {
        let cluster: ClusterUnderTest
        let server: Server
        let reconciler: Reconciler
        let namespace: String
        let secret: String

        func template() async throws -> JSON? {
            try await cluster.client.get(.deployments, namespace: namespace, name: "web").at("spec", "template")
        }

        func deleteSecret() async throws {
            _ = try await cluster.client.delete(.secrets, namespace: namespace, name: secret, uid: nil)
        }

        func rollOut(_ plan: ClusterPlan) async -> RollOutError? {
            do throws(RollOutError) {
                _ = try await reconciler.rollOut(plan) { _ in }
                return nil
            } catch { return error }
        }
    }

    private func withBench(
        _ title: String, _ kind: AddOn.Kind = .postgres(extensions: []), besides others: [AddOn] = [],
        _ body: (Bench, _ plan: (Int64) throws -> ClusterPlan) async throws -> Void
    ) async throws {
        let (cluster, server) = (try cluster(), Server())
        let addOn = AddOn(kind, name: "web-kept")
        let reconciler = Reconciler(
            cluster.client, inventory: ListInventory(), addOns: AddOnServers(postgres: server, nats: server))
        let bench = Bench(
            cluster: cluster, server: server, reconciler: reconciler, namespace: cluster.namespace(title),
            secret: addOn.name)
        do {
            try await body(bench) { operation in
                withoutPods(
                    try plan(
                        operation, in: bench.namespace, reconciler,
                        variables: addOn.secretVariables.map {
                            .init(name: $0, value: .secret(name: addOn.name, key: $0))
                        }, addOns: others + [addOn]))
            }
        } catch { XCTFail("\(error)") }
        await reconciler.stop()
    }

    /// Of a Redis neither.
    private func withoutPods(_ plan: ClusterPlan) -> ClusterPlan {
        guard var list = try? JSON.parse(plan.text), let items = list["items"]?.array else { return plan }
        list["items"] = .array(items.map { item in
            guard item["kind"] == "Deployment" else { return item }
            var item = item
            item["spec"]?["replicas"] = 0
            return item
        })
        return ClusterPlan(namespace: plan.namespace, text: String(decoding: list.bytes, as: UTF8.self))
    }

    // MARK: Releases that are put back

    func testWhatBeganWithTheSameSecretIsNotRestarted() async throws {
        try await withBench("same-secret") { bench, plan in
            let first = await bench.rollOut(try plan(1))
            XCTAssertNil(first)
            let before = try await bench.template()
            XCTAssertNotNil(before?.at("metadata", "annotations", SecretBindings.annotation))
            let second = await bench.rollOut(try plan(2))
            XCTAssertNil(second)
            let provided = bench.server.provided.withLock { $0.count }
            bench.server.error.withLock { $0 = .unreachable("It is away.") }
            _ = try await bench.reconciler.putBack(try plan(1)) { _ in }
            let after = try await bench.template()
            XCTAssertEqual(after, before)
            XCTAssertEqual(bench.server.provided.withLock { $0.count }, provided, "nobody asks the server")
        }
    }

    func testAReleaseThatIsPutBackBeginsWithTheNewSecret() async throws {
        for kind in [AddOn.Kind.postgres(extensions: []), .nats, .redis] {
            try await withBench("new-\(AddOn(kind, name: "").component)", kind) { bench, plan in
                let first = await bench.rollOut(try plan(1))
                XCTAssertNil(first)
                let before = try await bench.template()
                try await bench.deleteSecret()
                let second = await bench.rollOut(try plan(2))
                XCTAssertNil(second)
                _ = try await bench.reconciler.putBack(try plan(1)) { _ in }
                let after = try await bench.template()
                let uid = try await bench.cluster.client.get(.secrets, namespace: bench.namespace, name: bench.secret)
                    .at("metadata", "uid")?.string ?? ""
                XCTAssertEqual(
                    after?.at("metadata", "annotations", SecretBindings.annotation), .string("web-kept:\(uid)"))
                XCTAssertNotEqual(
                    after?.at("metadata", "annotations", "iterapp.no/template"),
                    before?.at("metadata", "annotations", "iterapp.no/template"), "pods are told apart by it")
                XCTAssertEqual(after?["spec"], before?["spec"], "and nothing else is another one")
            }
        }
    }

    func testValuesThatWereChangedInPlaceAreNewToPods() async throws {
        try await withBench("changed") { bench, plan in
            let first = await bench.rollOut(try plan(1))
            XCTAssertNil(first)
            let before = try await bench.template()
            bench.server.move(to: "other.test")
            let second = await bench.rollOut(try plan(2))
            XCTAssertNil(second)
            _ = try await bench.reconciler.putBack(try plan(1)) { _ in }
            let after = try await bench.template()
            XCTAssertNotEqual(after, before)
            _ = try await bench.reconciler.putBack(try plan(1)) { _ in }
            let again = try await bench.template()
            XCTAssertEqual(again, after)
        }
    }

    /// Only those that a server has or lacks: nobody knows what a key that somebody else wrote is for.
    func testAKeyThatTheServerNoLongerWantsGoesAndPodsAreMadeAnewOnce() async throws {
        try await withBench("optional", .nats) { bench, plan in
            func deploy(_ operation: Int64, _ authority: String?) async throws -> (data: JSON?, begun: JSON?) {
                bench.server.authority.withLock { $0 = authority }
                let error = await bench.rollOut(try plan(operation))
                XCTAssertNil(error)
                let secret = try await bench.cluster.client.get(
                    .secrets, namespace: bench.namespace, name: bench.secret)
                let annotation = try await bench.template()?.at("metadata", "annotations", SecretBindings.annotation)
                return (secret["data"], annotation)
            }
            let first = try await deploy(1, "/ca")
            XCTAssertNotNil(first.data?["ca.crt"])
            let marked: JSON = [
                "apiVersion": "v1", "kind": "Secret",
                "metadata": ["name": .string(bench.secret), "namespace": .string(bench.namespace)],
                "data": ["note": "bWluZQ=="],
            ]
            _ = try await bench.cluster.client.merge(marked)
            let same = try await deploy(2, "/ca")
            XCTAssertEqual(same.begun, first.begun, "another key is no reason to restart anything")
            let without = try await deploy(3, nil)
            XCTAssertEqual(without.data?.object?.keys.sorted(), ["PGHOST", "PGPASSWORD", "note"])
            XCTAssertEqual(without.data?["PGPASSWORD"], first.data?["PGPASSWORD"])
            XCTAssertNotEqual(without.begun, same.begun)
            let again = try await deploy(4, nil)
            XCTAssertEqual(again.begun, without.begun)
            let back = try await deploy(5, "/ca")
            XCTAssertEqual(back.data, same.data)
            XCTAssertNotEqual(back.begun, again.begun)
        }
    }

    /// The server takes the new password, and refuses something else: what ran goes on with the new one.
    func testADeployThatFailedOnTheWayIsPutBackWithTheNewPassword() async throws {
        // Add-ons stand in the order of their names: the first one is not to blame.
        try await withBench("midway", besides: [AddOn(.nats, name: "web-accounts")]) { bench, plan in
            let first = await bench.rollOut(try plan(1))
            XCTAssertNil(first)
            let before = try await bench.template()
            try await bench.deleteSecret()
            bench.server.error.withLock { $0 = .refused("No extension x.", advice: "Take it out.") }
            let failed = await bench.rollOut(try plan(2))
            XCTAssertEqual(
                failed, .failed(appling: "web-kept", cause: "No extension x.", advice: "Take it out.", evidence: []))
            _ = try await bench.reconciler.putBack(try plan(1)) { _ in }
            let left = try await bench.template()
            XCTAssertEqual(left, before, "a password that lets nobody in is no reason to restart anything")
            bench.server.error.withLock { $0 = nil }
            _ = try await bench.reconciler.putBack(try plan(1)) { _ in }
            XCTAssertEqual(bench.server.provided.withLock { $0.last }, "password-3")
            let after = try await bench.template()
            XCTAssertNotEqual(after, before)
        }
    }

    // MARK: Repairs

    func testARepairRestartsWhatBeganWithAnotherSecretAndOnlyOnce() async throws {
        try await withBench("repair") { bench, plan in
            let first = await bench.rollOut(try plan(1))
            XCTAssertNil(first)
            let before = try await bench.template()
            try await bench.deleteSecret()
            let gone = try await bench.reconciler.repair(try plan(1))
            XCTAssertEqual(gone, [], "a Secret that nobody made anew changes nothing")
            let left = try await bench.template()
            XCTAssertEqual(left, before)
            // It was made, and then nothing came of the deploy.
            bench.server.error.withLock { $0 = .unreachable("It is away.") }
            _ = await bench.rollOut(try plan(2))
            bench.server.error.withLock { $0 = nil }
            let told = try await bench.reconciler.repair(try plan(1))
            XCTAssertEqual(
                told, ["The pods of web had begun with a Secret that was made anew since; they were restarted."])
            let after = try await bench.template()
            XCTAssertNotEqual(after, before)
            let again = try await bench.reconciler.repair(try plan(1))
            XCTAssertEqual(again, [])
        }
    }

    func testARepairOfSomethingElseRestartsNothing() async throws {
        try await withBench("edited") { bench, plan in
            let first = await bench.rollOut(try plan(1))
            XCTAssertNil(first)
            let before = try await bench.template()
            try await edit(bench.cluster, bench.namespace) { $0["spec"]?["progressDeadlineSeconds"] = 333 }
            let told = try await bench.reconciler.repair(try plan(1))
            XCTAssertEqual(
                withoutMoments(told), ["`progressDeadlineSeconds` of the Deployment web was changed with kubectl-edit."])
            try await bench.deleteSecret()
            try await edit(bench.cluster, bench.namespace) { $0["spec"]?["progressDeadlineSeconds"] = 333 }
            _ = try await bench.reconciler.repair(try plan(1))
            let after = try await bench.template()
            XCTAssertEqual(after, before)
        }
    }

    func testWhatIsMadeAnewWithItsNamespaceIsBound() async throws {
        for kind in [AddOn.Kind.postgres(extensions: []), .redis] {
            try await withBench("gone-\(AddOn(kind, name: "").component)", kind) { bench, plan in
                let first = await bench.rollOut(try plan(1))
                XCTAssertNil(first)
                _ = try await bench.cluster.client.delete(.namespaces, namespace: nil, name: bench.namespace, uid: nil)
                let told = try await bench.reconciler.repair(try plan(1))
                XCTAssertEqual(told, ["The namespace \(bench.namespace) was deleted, with everything in it."])
                let uid = try await bench.cluster.client.get(.secrets, namespace: bench.namespace, name: bench.secret)
                    .at("metadata", "uid")?.string ?? ""
                let after = try await bench.template()
                XCTAssertEqual(
                    after?.at("metadata", "annotations", SecretBindings.annotation), .string("web-kept:\(uid)"))
                let again = try await bench.reconciler.repair(try plan(1))
                XCTAssertEqual(again, [])
            }
        }
    }
}
