import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Kubernetes
@testable import Sandbox

/// A cluster into which the bot was installed as `iterapp install` says, and the bot's account in it.
final class RightsBench: Sendable {
    static let token = "the-bots-token"
    private static let account = APIUser.serviceAccount("iterapp", namespace: "iterapp")

    let cluster: EmbeddedCluster
    /// Acts as the bot's ServiceAccount.
    let client: KubernetesClient
    let inventory = ListInventory()
    private let settled = Watched(0)

    private init(_ cluster: EmbeddedCluster) {
        self.cluster = cluster
        cluster.api.addToken(Self.token, for: Self.account)
        client = cluster.client(token: Self.token, timing: Self.timing(settled))
    }

    /// Nobody here needs a second to settle.
    private static func timing(_ settled: Watched<Int>) -> Timing {
        Timing(
            sleep: { duration in
                if duration > .seconds(1) { return try await Task.sleep(for: duration) }
                settled.change { $0 += 1 }
                try await Task.sleep(for: .milliseconds(1))
            }, random: Timing.system.random, now: Timing.system.now)
    }

    /// Returns once nobody has had anything to settle for a while, and so everybody waits.
    func isQuiet() async throws {
        var (last, calm) = (-1, 0)
        try await cluster.eventually("it to be quiet") {
            calm = settled.value == last ? calm + 1 : 0
            last = settled.value
            return calm > 10
        }
    }

    /// - Parameter isAlive: whether controllers and a node work.
    static func with(isAlive: Bool = true, _ body: (RightsBench) async throws -> Void) async throws {
        try await EmbeddedCluster.with { cluster in
            let bench = RightsBench(cluster)
            try await bench.install()
            let work = Task {
                guard isAlive else { return }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await ControllerLoop(store: cluster.store).run() }
                    group.addTask { await Hands(store: cluster.store).run() }
                }
            }
            do {
                try await body(bench)
            } catch {
                work.cancel()
                await work.value
                throw error
            }
            work.cancel()
            await work.value
        }
    }

    var used: Set<APIPermission> { cluster.api.usedPermissions(of: Self.account) }

    /// Everything that is installed, in its order, as `kubectl apply --server-side` would do it.
    private func install() async throws {
        try await cluster.makeNamespace("cert-manager")
        var options = InstallOptions(host: "iterapp.example.com")
        options.accessFile = "[namespaces.apps-cats-test]\nedit = [\"kari\"]\n"
        for object in Installation.objects(options) {
            let kind = try XCTUnwrap(
                ResourceKind.find(
                    apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? ""), "\(object)")
            let resource = KubernetesResource(
                group: kind.group, version: kind.version, kind: kind.kind, plural: kind.plural,
                isNamespaced: kind.isNamespaced)
            let path = resource.path(
                namespace: object.at("metadata", "namespace")?.string, name: object.at("metadata", "name")?.string)
            _ = try await cluster.client().object(.init(
                method: "PATCH", path: path,
                query: [(name: "fieldManager", value: "kubectl"), (name: "fieldValidation", value: "Strict")],
                contentType: "application/apply-patch+yaml", body: object.bytes))
        }
    }

    /// As somebody else, who owns the cluster.
    func edit(
        _ kind: ResourceKind, _ namespace: String, _ name: String, by manager: String = "kubectl-edit",
        _ change: @escaping @Sendable (inout JSON) -> Void
    ) async throws {
        _ = try await cluster.store.modify(kind, namespace: namespace, name: name, by: manager, change)
    }
}
