import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// The cluster that the tests run against: the one that `ITERAPP_TEST_KUBECONFIG` names, or an embedded one.
final class ClusterUnderTest: Sendable {
    static let kubeconfig = ProcessInfo.processInfo.environment["ITERAPP_TEST_KUBECONFIG"].flatMap {
        $0.isEmpty ? nil : $0
    }

    let client: KubernetesClient
    let http = HTTPClient()
    /// What reconcilers write down.
    let inventory = ListInventory()
    private let embedded: EmbeddedCluster?
    private let namespaces = Mutex<Set<String>>([])
    /// Of this run: no two runs share a namespace.
    private let run = String(UUID().uuidString.lowercased().prefix(6))

    var isEmbedded: Bool { embedded != nil }

    init() throws {
        if let path = Self.kubeconfig {
            embedded = nil
            client = KubernetesClient(try Kubeconfig(path: path).connection(), http: http)
        } else {
            let embedded = try EmbeddedCluster(http: http)
            self.embedded = embedded
            client = KubernetesClient(embedded.connection, http: http)
        }
    }

    /// A name for a namespace that is taken away at the end, with all that is in it.
    func namespace(_ title: String) -> String {
        let name = "apps-ct\(run)-\(title)"
        namespaces.withLock { _ = $0.insert(name) }
        return name
    }

    /// And makes it.
    func madeNamespace(_ title: String, labels: JSON = [:]) async throws -> String {
        let name = namespace(title)
        _ = try await client.apply([
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name), "labels": labels],
        ])
        return name
    }

    /// Removes the namespaces. Those of a named cluster are not waited for.
    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for name in namespaces.withLock({ $0 }) {
                group.addTask { [client] in
                    do throws(KubernetesError) {
                        _ = try await client.delete(.namespaces, namespace: nil, name: name, uid: nil)
                    } catch {
                        // Not every test comes to making its namespace.
                        if case .notFound = error { return }
                        print("The namespace \(name) was not removed: \(error.sentence)")
                    }
                }
            }
        }
        await embedded?.stop()
    }

    // MARK: What it has

    /// Skips the test where the cluster does not know a kind.
    func require(_ resources: KubernetesResource...) async throws {
        for resource in resources {
            let root = resource.group.isEmpty ? "/api" : "/apis/\(resource.group)"
            let known = try? await client.object(.init(path: "\(root)/\(resource.version)"))
            let names = (known?["resources"]?.array ?? []).compactMap { $0["name"]?.string }
            guard names.contains(resource.plural) else {
                throw XCTSkip("this cluster has no \(resource.plural) of \(resource.apiVersion)")
            }
        }
    }

    /// Skips the test where no pod could run.
    func requireNode() async throws {
        if isEmbedded { return try await ClusterImage.make() }
        let nodes = KubernetesResource(
            group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)
        guard try await !client.list(nodes).items.isEmpty else {
            throw XCTSkip("this cluster has no node that could run pods")
        }
        guard ClusterImage.named != nil else {
            throw XCTSkip("ITERAPP_TEST_IMAGE names no image that this cluster could run")
        }
    }

    // MARK: Deploying

    enum Outcome: Equatable {
        case live
        case failed(cause: String, advice: String?, evidence: [String])
        case other(RollOutError)

        /// The cause, or what else kept the release from going live.
        var sentence: String {
            switch self {
            case .live: ""
            case .failed(let cause, _, _): cause
            case .other(let error): "\(error)"
            }
        }
    }

    func reconciler(
        _ options: RenderOptions = RenderOptions(progressDeadlineSeconds: 60)
    ) -> Reconciler {
        Reconciler(client, inventory: inventory, options: options)
    }

    /// What the release is in the cluster, with the command that makes any image do what `SCRIPT` says.
    func plan(_ release: Release, _ reconciler: Reconciler) throws(RollOutError) -> ClusterPlan {
        let plan = try reconciler.plan(release)
        guard var list = try? JSON.parse(plan.text), let items = list["items"]?.array else { return plan }
        list["items"] = .array(items.map { item in
            guard item["kind"] == "Deployment",
                var container = item.at("spec", "template", "spec", "containers")?[0]
            else { return item }
            container["command"] = ["sh", "-c", .string(ClusterImage.start)]
            var item = item
            item["spec"]?["template"]?["spec"]?["containers"] = [container]
            return item
        })
        return ClusterPlan(namespace: plan.namespace, text: String(decoding: list.bytes, as: UTF8.self))
    }

    /// - Parameter remarks: takes what was told besides.
    func deploy(
        _ release: Release, options: RenderOptions = RenderOptions(progressDeadlineSeconds: 60),
        remarks: (([String]) -> Void)? = nil,
        onProgress: @escaping @Sendable (RollOutProgress) -> Void = { _ in }
    ) async -> Outcome {
        let reconciler = reconciler(options)
        let outcome: Outcome
        do throws(RollOutError) {
            let told = try await reconciler.rollOut(try plan(release, reconciler), onProgress: onProgress)
            remarks?(told)
            outcome = .live
        } catch {
            if case .failed(_, let cause, let advice, let evidence) = error {
                outcome = .failed(cause: cause, advice: advice, evidence: evidence)
            } else {
                outcome = .other(error)
            }
        }
        await reconciler.stop()
        return outcome
    }

    // MARK: Looking

    /// The pods of a Deployment that are ready, by name.
    func readyPods(_ namespace: String) async throws -> [String] {
        try await client.list(.pods, namespace: namespace).items.filter { pod in
            pod.at("metadata", "deletionTimestamp") == nil
                && (pod.at("status", "conditions")?.array ?? []).contains {
                    $0["type"] == "Ready" && $0["status"] == "True"
                }
        }.compactMap { $0.at("metadata", "name")?.string }.sorted()
    }

    func names(_ resource: KubernetesResource, in namespace: String) async throws -> [String] {
        try await client.list(resource, namespace: namespace).items
            .compactMap { $0.at("metadata", "name")?.string }.sorted()
    }

    /// Waits until something holds; other programs make it so.
    func eventually(
        _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < end else { return XCTFail("never: \(what)") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
