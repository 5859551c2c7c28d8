import AppFile
import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Kubernetes
@testable import Sandbox

/// With exactly the rights that `iterapp install` prints, everything works; and each of them is needed.
final class RightsTests: XCTestCase {
    private static let namespace = "apps-cats-test"
    private static let watchServices = APIPermission("watch", group: "", resource: "services")
    private static let watchCertificates = APIPermission(
        "watch", group: KubernetesResource.certificates.group, resource: KubernetesResource.certificates.plural)

    /// What the account has done that needs a right is what it may do: nothing less, nothing more.
    func testWhatIsGrantedIsWhatIsUsed() async throws {
        var used: Set<APIPermission> = []
        try await RightsBench.with { bench in
            try await deployInEveryWay(bench)
            try await failAndPutBack(bench)
            try await drift(bench)
            try await access(bench)
            try await lease(bench)
            used.formUnion(bench.used)
        }
        try await RightsBench.with(isAlive: false) { bench in
            try await certificates(bench)
            used.formUnion(bench.used)
        }
        let granted = Set((Permissions.everywhere + Permissions.atHome).map(APIPermission.init))
        XCTAssertEqual(used.subtracting(granted).sorted(), [], "used without being granted")
        XCTAssertEqual(granted.subtracting(used).sorted(), [], "granted without being used")
    }

    func testNoRightIsForEverything() {
        for permission in Permissions.everywhere + Permissions.atHome {
            XCTAssertFalse("\(permission)".contains("*"), "\(permission)")
        }
        let rules = Permissions.rules(Permissions.everywhere)
        XCTAssertEqual(Set(rules).count, rules.count)
    }

    // MARK: - Releases

    private func appling(_ image: String = "cats", _ adjust: (inout Appling) -> Void = { _ in }) -> Appling {
        var settings = Appling()
        settings.port = 8080
        adjust(&settings)
        return settings
    }

    private func release(
        _ number: Int64, _ settings: Appling, image: String = "registry.test/cats:1", replicas: Int = 1,
        hosts: [String] = [], addOns: [AddOn] = []
    ) throws -> Release {
        let appling = ReleasedAppling(
            settings: settings, name: "cats", image: ImageReference(image), replicas: replicas, hosts: hosts,
            variables: [.init(name: "PORT", value: .plain("8080"))], addOns: addOns.map(\.name))
        return Release(
            operation: OperationID(number), app: AppID(organisation: "iterate", name: "cats"), appSlug: "cats",
            environment: .test, namespace: Self.namespace,
            commit: try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), buildNumber: Int(number),
            applings: [appling], addOns: addOns)
    }

    /// One appling with everything that becomes an object of a kind of its own.
    private func furnished(_ number: Int64) throws -> Release {
        let settings = appling { settings in
            settings.releaseCommand = "true"
            settings.redis = RedisCache()
            settings.metrics = Metrics(path: "/stats", port: 3001)
            settings.domains = ["cats.cool"]
            settings.fromToWWWRedirect = true
            settings.cronJobs = [
                CronJob(
                    name: "nightly", schedule: "13 4 * * *", path: "/", method: "POST",
                    headers: [HTTPHeader(name: "Authorization", value: "Bearer t0ken")])
            ]
        }
        return try release(
            number, settings, replicas: 2, hosts: ["cats.test.localhost"], addOns: [AddOn(.redis, name: "cats-redis")])
    }

    private func reconciler(
        _ bench: RightsBench, _ routing: RenderOptions.Routing = .gateway(GatewayProfile())
    ) -> Reconciler {
        var options = RenderOptions(routing: routing, progressDeadlineSeconds: 20)
        options.podMonitors = true
        options.programImage = "registry.test/iterapp:1"
        return Reconciler(
            bench.client, inventory: bench.inventory, options: options,
            certificates: CertificateKeeper(bench.client, inventory: bench.inventory))
    }

    private func rollOut(
        _ bench: RightsBench, _ release: Release, _ routing: RenderOptions.Routing = .gateway(GatewayProfile())
    ) async throws {
        let reconciler = reconciler(bench, routing)
        do {
            _ = try await reconciler.rollOut(try reconciler.plan(release)) { _ in }
        } catch {
            await reconciler.stop()
            throw error
        }
        await reconciler.stop()
    }

    // MARK: - What the bot does

    /// Every kind is made, changed, and removed again.
    private func deployInEveryWay(_ bench: RightsBench) async throws {
        let routings: [RenderOptions.Routing] = [
            .gateway(GatewayProfile()), .ingress(IngressProfile(controller: .traefik)), .ingress(IngressProfile()),
        ]
        for (index, routing) in routings.enumerated() {
            try await rollOut(bench, try furnished(Int64(index + 1)), routing)
        }
        try await rollOut(bench, try release(9, appling()))
        // An autoscaler decides on the replicas.
        try await bench.edit(.deployment, Self.namespace, "cats") { $0.set(5, at: "spec", "replicas") }
        try await rollOut(bench, try release(10, appling(), replicas: 2))
    }

    private func failAndPutBack(_ bench: RightsBench) async throws {
        let reconciler = reconciler(bench)
        let good = try reconciler.plan(try release(10, appling(), replicas: 2))
        let bad = try release(11, appling(), image: "registry.test/broken:1")
        do throws(RollOutError) {
            _ = try await reconciler.rollOut(try reconciler.plan(bad)) { _ in }
            XCTFail("it is broken")
        } catch {
            if case .failed(_, _, _, let evidence) = error {
                XCTAssertEqual(evidence, ["the last words"])
            } else {
                XCTFail("\(error)")
            }
        }
        _ = try await reconciler.putBack(good) { _ in }
        await reconciler.stop()
    }

    private func drift(_ bench: RightsBench) async throws {
        let reconciler = reconciler(bench)
        let seen = Watched<[String]>([])
        // A bot that had lost the Lease begins once more.
        let noticed = Watched(0)
        let first = Task { await reconciler.watchDrift { _ in noticed.change { $0 += 1 } } }
        try await bench.edit(.service, Self.namespace, "cats") { $0.set(82, at: "spec", "ports", "0", "port") }
        try await noticed.wait(for: "drift") { $0 > 0 }
        _ = try await reconciler.repair(try reconciler.plan(try release(10, appling(), replicas: 2)))
        try await bench.cluster.eventually("the watches") { bench.used.contains(Self.watchServices) }
        try await bench.isQuiet()
        first.cancel()
        await first.value
        let watching = Task { await reconciler.watchDrift { namespace in seen.change { $0.append(namespace) } } }
        try await bench.edit(.service, Self.namespace, "cats") { $0.set(81, at: "spec", "ports", "0", "port") }
        try await bench.edit(.deployment, Self.namespace, "cats") { $0.set(7, at: "spec", "replicas") }
        try await seen.wait(for: "the drift") { $0.contains(Self.namespace) }
        _ = try await reconciler.repair(try reconciler.plan(try release(10, appling(), replicas: 2)))
        watching.cancel()
        await watching.value
        await reconciler.stop()
    }

    private func access(_ bench: RightsBench) async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "access.toml")
            let wake = Signal()
            func write(_ text: String) throws {
                try Data(text.utf8).write(to: file)
                wake.fire()
            }
            try write("[namespaces.\(Self.namespace)]\nedit = [\"kari\"]\nview = [\"ola\"]\n")
            let keeper = AccessKeeper(
                bench.client, path: file.path, grants: AccessGrants(), wake: wake, log: .silent)
            let task = Task { await keeper.run() }
            func people(_ wanted: [String]) async throws {
                try await bench.cluster.eventually("\(wanted) to have access") {
                    await bench.cluster.store.list(.roleBinding).items.filter { $0.namespace == Self.namespace }
                        .compactMap { $0["subjects"]?[0]?["name"]?.string }.sorted() == wanted
                }
            }
            try await people(["kari", "ola"])
            try write("[namespaces.\(Self.namespace)]\nview = [\"per\"]\n")
            try await people(["per"])
            task.cancel()
            await task.value
        }
    }

    private func lease(_ bench: RightsBench) async throws {
        let worked = Watched(0)
        for name in ["a", "b"] {
            let keeper = LeaseKeeper(
                client: bench.client, namespace: "iterapp", identity: LeaseIdentity(name: name), log: .silent)
            await keeper.run { worked.change { $0 += 1 } }
        }
        XCTAssertEqual(worked.value, 2)
        let lease = try await bench.cluster.store.get(.lease, namespace: "iterapp", name: "iterapp")
        XCTAssertNil(lease.at("spec", "holderIdentity"))
        XCTAssertEqual(lease.at("spec", "leaseTransitions"), 1)
    }

    /// Nobody issues anything here, so that there is something to explain.
    private func certificates(_ bench: RightsBench) async throws {
        try await bench.cluster.makeNamespace(Self.namespace, isOurs: true)
        let keeper = CertificateKeeper(bench.client, inventory: bench.inventory)
        let objects = try KubernetesObjects.render(furnished(1)).objects.filter { $0["kind"] == "Certificate" }
        let remarks = await keeper.keep(objects, in: Self.namespace)
        XCTAssertEqual(remarks, [])
        let obstacle = await CertificateProgress(bench.client, keeper).obstacle("cats.test.localhost")
        XCTAssertNotNil(obstacle)
        let all = ClusterCertificates(bench.client, keeper, inventory: bench.inventory, now: { .now })
        let seen = Watched(Set<String>())
        let watching = Task {
            for await snapshot in await all.snapshots() {
                let names = snapshot.healths.map(\.certificate.name)
                seen.change { $0.formUnion(names) }
            }
        }
        try await seen.wait(for: "the certificates") { $0.count == objects.count }
        try await bench.cluster.eventually("the watch") { bench.used.contains(Self.watchCertificates) }
        watching.cancel()
        await watching.value
    }
}

extension APIPermission {
    fileprivate init(_ permission: Permission) {
        let parts = permission.resource.split(separator: "/").map(String.init)
        self.init(
            permission.verb, group: permission.group, resource: parts[0],
            subresource: parts.dropFirst().first ?? "")
    }
}
