import JSON

/// The shared watches that all roll-outs look at.
struct ClusterWatches: Sendable {
    let deployments: SharedWatch
    let pods: SharedWatch
    /// Runs only while somebody has a release command to follow, or had one.
    let jobs: SharedWatch

    init(_ client: KubernetesClient) {
        let selector = ObjectScope.managedBySelector
        deployments = SharedWatch(client, .deployments, labelSelector: selector, trim: Self.trimFields)
        jobs = SharedWatch(client, .jobs, labelSelector: selector, trim: Self.trimFields)
        pods = SharedWatch(client, .pods, labelSelector: selector, trim: Self.trimPod)
    }

    /// What the watches know about a namespace; Deployments and Jobs by name.
    struct Snapshot: Sendable {
        let deployments: [String: JSON]
        let jobs: [String: JSON]
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
        let namespace: String
        fileprivate let continuation: AsyncStream<Void>.Continuation
        fileprivate let deploymentsID: Int
        fileprivate let podsID: Int
        fileprivate let jobsID: Int?

        /// To look again without any change, because time has passed.
        func nudge() { continuation.yield() }
    }

    /// - Parameter withJobs: whether Jobs matter, too.
    func changes(in namespace: String, withJobs: Bool) async -> Changes {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let onChange: @Sendable () -> Void = { continuation.yield() }
        return Changes(
            stream: stream, namespace: namespace, continuation: continuation,
            deploymentsID: await deployments.follow(namespace: namespace, onChange: onChange),
            podsID: await pods.follow(namespace: namespace, onChange: onChange),
            jobsID: withJobs ? await jobs.follow(namespace: namespace, onChange: onChange) : nil)
    }

    func end(_ changes: Changes) async {
        await deployments.unfollow(changes.deploymentsID)
        await pods.unfollow(changes.podsID)
        if let id = changes.jobsID { await jobs.unfollow(id) }
        changes.continuation.finish()
    }

    /// What is known about the namespace that these changes are of.
    func snapshot(for changes: Changes) async -> Snapshot {
        let health = await health(for: changes)
        let deployments = await deployments.objects(in: changes.namespace)
        let jobs = await jobs.objects(in: changes.namespace)
        let pods = await pods.objects(in: changes.namespace)
        return Snapshot(deployments: deployments, jobs: jobs, pods: pods.map(\.value), health: health)
    }

    /// Asked for by itself where no objects are needed: Swift 6.3.1's optimiser frees the array of a
    /// snapshot's pods before it is filled when nobody reads it.
    func health(for changes: Changes) async -> Health {
        var isComplete = true
        var trouble: KubernetesError?
        for watch in changes.jobsID == nil ? [deployments, pods] : [deployments, pods, jobs] {
            isComplete = await watch.isSynchronized && isComplete
            let itsTrouble = await watch.trouble
            trouble = trouble ?? itsTrouble
        }
        return Health(isComplete: isComplete, trouble: trouble)
    }

    func stop() async {
        await deployments.stop()
        await pods.stop()
        await jobs.stop()
    }

    /// `managedFields` are often half of an object; what they say of us is all that is needed of them.
    private static func trimFields(_ object: JSON) -> JSON {
        var trimmed = object
        trimmed["metadata"]?["managedFields"] = .string(Ownership.fingerprint(of: object))
        return trimmed
    }

    /// Of a pod's spec, diagnosis reads containers and volumes only.
    private static func trimPod(_ object: JSON) -> JSON {
        var trimmed = object
        trimmed["metadata"]?["managedFields"] = nil
        trimmed["spec"] = .compact([
            "containers": object.at("spec", "containers"),
            "initContainers": object.at("spec", "initContainers"),
            "volumes": object.at("spec", "volumes"),
        ])
        return trimmed
    }
}
