import JSON

/// The shared watches that all roll-outs look at.
struct ClusterWatches: Sendable {
    let deployments: SharedWatch
    let pods: SharedWatch

    init(_ client: KubernetesClient) {
        let selector = "\(ObjectScope.managedBy.key)=\(ObjectScope.managedBy.value)"
        deployments = SharedWatch(client, .deployments, labelSelector: selector, trim: Self.trimDeployment)
        pods = SharedWatch(client, .pods, labelSelector: selector, trim: Self.trimPod)
    }

    /// What the watches know about a namespace.
    struct Snapshot: Sendable {
        let deployments: [String: JSON]
        let pods: [JSON]
        let health: Health
    }

    struct Health: Sendable {
        /// False until everything was listed once.
        let isComplete: Bool
        let trouble: KubernetesError?
    }

    /// Each element says that something may have changed; changes that nobody looked at yet are one.
    struct Changes {
        let stream: AsyncStream<Void>
        fileprivate let continuation: AsyncStream<Void>.Continuation
        fileprivate let deploymentsID: Int
        fileprivate let podsID: Int

        /// To look again without any change, because time has passed.
        func nudge() { continuation.yield() }
    }

    func changes(in namespace: String) async -> Changes {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let onChange: @Sendable () -> Void = { continuation.yield() }
        return Changes(
            stream: stream, continuation: continuation,
            deploymentsID: await deployments.follow(namespace: namespace, onChange: onChange),
            podsID: await pods.follow(namespace: namespace, onChange: onChange))
    }

    func end(_ changes: Changes) async {
        await deployments.unfollow(changes.deploymentsID)
        await pods.unfollow(changes.podsID)
        changes.continuation.finish()
    }

    func snapshot(of namespace: String) async -> Snapshot {
        let health = await health
        let deployments = await deployments.objects(in: namespace)
        let pods = await pods.objects(in: namespace)
        return Snapshot(deployments: deployments, pods: pods.map(\.value), health: health)
    }

    /// Asked for by itself where no objects are needed: Swift 6.3.1's optimiser frees the array of a snapshot's
    /// pods before it is filled when nobody reads it.
    var health: Health {
        get async {
            let synchronized = (await deployments.isSynchronized, await pods.isSynchronized)
            let deploymentTrouble = await deployments.trouble
            let podTrouble = await pods.trouble
            return Health(
                isComplete: synchronized.0 && synchronized.1, trouble: deploymentTrouble ?? podTrouble)
        }
    }

    func stop() async {
        await deployments.stop()
        await pods.stop()
    }

    /// `managedFields` are often half of an object.
    private static func trimDeployment(_ object: JSON) -> JSON {
        var trimmed = object
        trimmed["metadata"]?["managedFields"] = nil
        return trimmed
    }

    /// Of a pod's spec, diagnosis reads the containers only.
    private static func trimPod(_ object: JSON) -> JSON {
        var trimmed = object
        trimmed["metadata"]?["managedFields"] = nil
        trimmed["spec"] = .compact([
            "containers": object.at("spec", "containers"),
            "initContainers": object.at("spec", "initContainers"),
        ])
        return trimmed
    }
}
