import Deploys
import JSON

/// Waits until a namespace that is being deleted is gone: deploying again right after deleting is common.
struct NamespaceGate {
    let client: KubernetesClient
    let limits: RollOutLimits
    let patience: Patience
    let onHoldUp: @Sendable (_ sentence: String?) -> Void

    private static let lookAgainEvery: Duration = .seconds(1)

    /// - Throws: `.rejected` with what keeps it when it does not go.
    func waitUntilGone(_ name: String) async throws(RollOutError) {
        let start = client.timing.now()
        var uid: String?
        var isTold = false
        defer { if isTold { onHoldUp(nil) } }
        while let namespace = try await look(name) {
            guard namespace.isBeingDeleted, uid == nil || namespace.at("metadata", "uid")?.string == uid else {
                return
            }
            uid = namespace.at("metadata", "uid")?.string
            guard client.timing.now() - start < limits.maxNamespaceWait else {
                throw .rejected(Self.sentence(namespace))
            }
            if !isTold {
                isTold = true
                onHoldUp("The namespace \(name) is still being deleted; going on as soon as it is gone.")
            }
            do { try await client.timing.sleep(Self.lookAgainEvery) } catch { throw .cancelled }
        }
    }

    private func look(_ name: String) async throws(RollOutError) -> JSON? {
        do throws(KubernetesError) {
            return try await patience.ask { () throws(KubernetesError) in
                try await client.find(.namespaces, namespace: nil, name: name)
            }
        } catch {
            let namespace: JSON = ["kind": "Namespace", "metadata": ["name": .string(name)]]
            throw Refusals(error, namespace).rollOutError(isBegun: false)
        }
    }

    /// What keeps a namespace from going stands in its conditions
    /// (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/#NamespaceStatus).
    static func sentence(_ namespace: JSON) -> String {
        let name = namespace.at("metadata", "name")?.string ?? ""
        let since = namespace.at("metadata", "deletionTimestamp")?.string.map { " since \($0)" } ?? ""
        let reasons = (namespace.at("status", "conditions")?.array ?? [])
            .filter { $0["status"]?.string == "True" }
            .compactMap { $0["message"]?.string }
            .map { $0.hasSuffix(".") ? $0 : "\($0)." }
        return
            (["The namespace \(name) is being deleted\(since) and does not go."] + reasons + [
                "`kubectl get namespace \(name) --output yaml` shows more; deploy again when it is gone."
            ]).joined(separator: " ")
    }
}

extension JSON {
    /// Its deletion was asked for; finalizers may keep it for a while.
    var isBeingDeleted: Bool { at("metadata", "deletionTimestamp")?.string != nil }
}
