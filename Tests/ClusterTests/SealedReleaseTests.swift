import AppFile
import Deploys
import Foundation
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// A key that was taken away opens nothing any more; what it opened before is in the cluster, and is kept there.
final class SealedReleaseTests: PlanCase {
    private final class Opener: SecretOpener {
        let hasKey = Mutex(true)

        func open(_ text: String, of app: AppID, for uses: Set<SealedValue.Scope>) throws(OpeningError) -> String {
            guard hasKey.withLock({ $0 }) else { throw .unknownKey(id: "5c1d") }
            return "opened \(text)"
        }
    }

    private struct Bench {
        let cluster: ClusterUnderTest
        let opener: Opener
        let reconciler: Reconciler
        let namespace: String
        let learned: @Sendable () -> [String]

        func loseKey() { opener.hasKey.withLock { $0 = false } }

        func secrets() async throws -> [JSON] {
            try await cluster.client.list(.secrets, namespace: namespace).items
                .filter { $0.at("metadata", "name")?.string?.hasPrefix("web-env-") == true }
        }

        func secret() async throws -> JSON {
            let name = try await secrets().first?.at("metadata", "name")?.string
            return try await cluster.client.get(.secrets, namespace: namespace, name: XCTUnwrap(name))
        }

        func error(_ body: () async throws(RollOutError) -> [String]) async -> RollOutError? {
            do throws(RollOutError) {
                _ = try await body()
                return nil
            } catch { return error }
        }
    }

    private func withBench(_ title: String, _ body: (Bench) async throws -> Void) async throws {
        let (cluster, opener) = (try cluster(), Opener())
        let told = LockedList()
        var passwords = Passwords()
        passwords.learnOf = { values, app in for value in values { told.append("\(value) of \(app.key)") } }
        let reconciler = Reconciler(
            cluster.client, inventory: ListInventory(), options: RenderOptions(progressDeadlineSeconds: 60),
            passwords: passwords, opener: opener)
        do {
            try await body(
                Bench(
                    cluster: cluster, opener: opener, reconciler: reconciler, namespace: cluster.namespace(title),
                    learned: { told.values }))
        } catch { XCTFail("\(error)") }
        await reconciler.stop()
    }

    private final class LockedList: Sendable {
        private let list = Mutex<[String]>([])
        var values: [String] { list.withLock { $0 } }
        func append(_ value: String) { list.withLock { $0.append(value) } }
    }

    private func variables(_ text: String) -> [ReleasedAppling.Variable] {
        [.init(name: "PORT", value: .plain("8080")), .init(name: "TOKEN", value: .encrypted(text))]
    }

    private func plan(_ bench: Bench, _ operation: Int64 = 1, _ text: String = "one") throws -> ClusterPlan {
        try plan(operation, in: bench.namespace, bench.reconciler, variables: variables(text))
    }

    private static func value(_ secret: JSON) -> String? {
        secret.at("data", "TOKEN")?.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static let unopened = RollOutError.unmet(
        "`TOKEN` can't be opened: it is encrypted with the key 5c1d, which this Iterapp does not have.",
        advice: "Encrypt the secret again, or ask the operator whether a key was taken away; another installation's "
            + "values can't be opened here.")

    func testAReleaseIsPutBackWithTheValuesThatItHas() async throws {
        try await withBench("sealed-back") { bench in
            try await bench.cluster.requireNode()
            func plan(_ operation: Int64, _ text: String, script: String) throws -> ClusterPlan {
                let release = try release(
                    operation, in: bench.namespace, script: script, variables: variables(text))
                return try bench.cluster.plan(release, bench.reconciler)
            }
            let good = try plan(1, "one", script: ClusterImage.serve)
            _ = try await bench.reconciler.rollOut(good) { _ in }
            let (pods, before) = (try await bench.cluster.readyPods(bench.namespace), try await bench.secret())
            let bad = try plan(2, "two", script: "exit 1")
            let failed = await bench.error { () throws(RollOutError) in
                try await bench.reconciler.rollOut(bad) { _ in }
            }
            guard case .failed? = failed else { return XCTFail("\(String(describing: failed))") }
            let both = try await bench.secrets()
            XCTAssertEqual(both.count, 2, "what is needed to put it back is kept meanwhile")
            bench.loseKey()
            _ = try await bench.reconciler.putBack(good) { _ in }
            let after = try await bench.secrets()
            XCTAssertEqual(after.map { $0["metadata"]?["uid"] }, [before.at("metadata", "uid")])
            XCTAssertEqual(after.first.flatMap(Self.value), "opened one")
            let serving = try await bench.cluster.readyPods(bench.namespace)
            XCTAssertEqual(serving, pods, "the pods that serve are not rolled")
            XCTAssertTrue(bench.learned().contains("opened one of iterate/web"), "it must be read nowhere")
        }
    }

    func testARepairKeepsTheSecretAndPutsRightTheRest() async throws {
        try await withBench("sealed-repair") { bench in
            _ = try await bench.reconciler.rollOut(try plan(bench)) { _ in }
            let before = try await bench.secret()
            bench.loseKey()
            XCTAssertEqual(bench.learned(), [])
            // As at a start, before anything is repaired.
            try await bench.reconciler.openSecrets(of: try plan(bench))
            XCTAssertEqual(bench.learned(), ["opened one of iterate/web"])
            try await edit(bench.cluster, bench.namespace) { $0["spec"]?["progressDeadlineSeconds"] = 333 }
            let told = try await bench.reconciler.repair(try plan(bench))
            XCTAssertEqual(
                withoutMoments(told), ["`progressDeadlineSeconds` of the Deployment web was changed with kubectl-edit."])
            let after = try await bench.secret()
            XCTAssertEqual(after, before)
            let again = try await bench.reconciler.repair(try plan(bench))
            XCTAssertEqual(again, [])
        }
    }

    func testADeployRefusesWhatItCannotOpen() async throws {
        try await withBench("sealed-deploy") { bench in
            _ = try await bench.reconciler.rollOut(try plan(bench)) { _ in }
            bench.loseKey()
            let second = try plan(bench, 2)
            let error = await bench.error { () throws(RollOutError) in
                try await bench.reconciler.rollOut(second) { _ in }
            }
            XCTAssertEqual(error, Self.unopened)
        }
    }

    /// Each of these is a Secret of the right name that may hold anything.
    func testWhatIsNotCertainlyOursIsNotTaken() async throws {
        let changes: [(title: String, change: (Bench, JSON) async throws -> Void)] = [
            ("deleted", { _, _ in }),
            ("replaced", { bench, secret in
                var copy = secret
                for key in ["uid", "resourceVersion", "managedFields", "creationTimestamp"] {
                    copy["metadata"]?[key] = nil
                }
                _ = try await bench.cluster.client.create(copy)
            }),
            ("replaced-as-ours", { bench, secret in
                var copy = secret
                for key in ["uid", "resourceVersion", "managedFields", "creationTimestamp"] {
                    copy["metadata"]?[key] = nil
                }
                copy["data"]?["TOKEN"] = .string(Data("theirs".utf8).base64EncodedString())
                _ = try await bench.cluster.client.apply(copy)
            }),
        ]
        for (title, change) in changes {
            try await withBench("sealed-\(title)") { bench in
                _ = try await bench.reconciler.rollOut(try plan(bench)) { _ in }
                let secret = try await bench.secret()
                let name = secret.at("metadata", "name")?.string ?? ""
                _ = try await bench.cluster.client.delete(.secrets, namespace: bench.namespace, name: name, uid: nil)
                try await change(bench, secret)
                try await assertRefused(bench)
            }
        }
    }

    func testValuesThatSomebodyChangedAreNotTaken() async throws {
        for key in ["data", "labels"] {
            try await withBench("sealed-\(key)") { bench in
                _ = try await bench.reconciler.rollOut(try plan(bench)) { _ in }
                var secret = try await bench.secret()
                secret["metadata"]?["managedFields"] = nil
                if key == "data" {
                    secret["data"]?["TOKEN"] = .string(Data("theirs".utf8).base64EncodedString())
                } else {
                    secret["metadata"]?["labels"]?["app.kubernetes.io/managed-by"] = "somebody"
                }
                try await bench.cluster.put(secret, .secrets, manager: "kubectl-edit")
                try await assertRefused(bench)
            }
        }
    }

    private func assertRefused(_ bench: Bench) async throws {
        bench.loseKey()
        let (plan, before) = (try plan(bench), try await bench.secrets())
        let errors = [
            await bench.error { () throws(RollOutError) in try await bench.reconciler.putBack(plan) { _ in } },
            await bench.error { () throws(RollOutError) in try await bench.reconciler.repair(plan) },
        ]
        XCTAssertEqual(errors, [Self.unopened, Self.unopened])
        let after = try await bench.secrets()
        XCTAssertEqual(after, before)
        XCTAssertEqual(bench.learned(), [])
    }

    func testANameThatDoesNotFollowFromTheTextsIsNone() throws {
        let reconciler = Reconciler(try cluster().client, inventory: ListInventory())
        let objects = try plan(in: "apps-x", reconciler, variables: variables("one")).objects()
        var secret = try XCTUnwrap(objects.first { $0["sealed"] != nil })
        XCTAssertTrue(SealedVariables.isNamedAfterContent(secret))
        secret["sealed"]?["values"]?["TOKEN"] = "two"
        XCTAssertFalse(SealedVariables.isNamedAfterContent(secret))
    }
}
