import Foundation
import JSON
import Sandbox

/// The one node of a cluster in which nothing runs: every pod is ready as soon as it is there.
struct QuickNode: Sendable {
    let store: ObjectStore

    func run() async {
        while !Task.isCancelled {
            guard let changes = try? await store.watch(.pod) else { return }
            for await change in changes where change.kind != .deleted {
                guard change.object.at("status", "containerStatuses") == nil,
                    let namespace = change.object.at("metadata", "namespace")?.string,
                    let name = change.object.at("metadata", "name")?.string
                else { continue }
                _ = try? await store.modify(.pod, namespace: namespace, name: name, scope: .status, by: "kubelet") {
                    $0["status"] = Self.ready($0)
                }
            }
        }
    }

    private static func ready(_ pod: JSON) -> JSON {
        let now = JSON.string(ObjectStore.timestamp(.now))
        let conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map { type -> JSON in
            ["type": .string(type), "status": "True", "lastTransitionTime": now]
        }
        let containers = (pod.at("spec", "containers")?.array ?? []).map { container -> JSON in
            [
                "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "", "restartCount": 0,
                "ready": true, "started": true, "state": ["running": ["startedAt": now]],
            ]
        }
        return [
            "phase": "Running", "startTime": now, "conditions": .array(conditions),
            "containerStatuses": .array(containers),
        ]
    }
}

/// A Kubernetes of this process, which outlives every bot that works with it.
final class QuickCluster: Sendable {
    let kubeconfig: URL
    private let store = ObjectStore()
    private let api: EmbeddedAPI
    private let work: Task<Void, Never>

    init(in directory: URL) async throws {
        for name in ["default", "kube-system"] {
            _ = try await store.create(
                .namespace, ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]],
                by: "kube-apiserver")
        }
        api = EmbeddedAPI(EmbeddedAPISettings(token: "crashes"), store: store, logs: NoLogs())
        try api.start()
        kubeconfig = directory.appending(path: "kubeconfig")
        try Data((api.kubeconfig()?.prettyText ?? "").utf8).write(to: kubeconfig)
        work = Task { [store] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await ControllerLoop(store: store).run() }
                group.addTask { await QuickNode(store: store).run() }
            }
        }
    }

    func stop() async {
        await api.stop(grace: .zero)
        work.cancel()
        await work.value
    }

    /// The image that an app's pods shall run in a namespace, and the operation that wanted so.
    func deployed(_ app: String, in namespace: String) async -> (image: String, operation: String)? {
        guard let deployment = try? await store.get(.deployment, namespace: namespace, name: app),
            let container = deployment.at("spec", "template", "spec", "containers")?[0]
        else { return nil }
        let name = container["envFrom"]?[0]?.at("secretRef", "name")?.string ?? ""
        let secret = try? await store.get(.secret, namespace: namespace, name: name)
        let value = secret?.at("data", "HOPS_DEPLOYMENT_ID")?.string.flatMap { Data(base64Encoded: $0) } ?? Data()
        return (container["image"]?.string ?? "", String(decoding: value, as: UTF8.self))
    }

    private struct NoLogs: PodLogs {
        func log(
            of pod: JSON, container: String, _ options: PodLogOptions
        ) async throws(APIError) -> AsyncThrowingStream<[UInt8], any Error> {
            AsyncThrowingStream { $0.finish() }
        }
    }
}
