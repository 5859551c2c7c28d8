import JSON

/// One object whose way to its end is followed: a Deployment until its new version is ready, or a release
/// command's Job until it is done.
struct RollOutTarget: Sendable {
    enum Workload: Sendable {
        case deployment
        case job
    }

    let workload: Workload
    /// Of the object.
    let name: String
    let namespace: String
    /// From the answer to our apply: the status counts only from this generation on.
    let uid: String
    let generation: Int
    /// Of Deployments.
    let template: String?
    /// Pods; none of a Job has to become ready.
    let wanted: Int
    /// How long nothing may move.
    let deadlineSeconds: Int
    let words: CauseWords

    /// - Parameter applied: the Deployment or Job as the server answered our apply.
    init(_ applied: JSON, namespace: String) {
        workload = applied["kind"]?.string == "Job" ? .job : .deployment
        name = applied.at("metadata", "name")?.string ?? ""
        self.namespace = namespace
        uid = applied.at("metadata", "uid")?.string ?? ""
        generation = applied.at("metadata", "generation")?.int ?? 0
        template = Self.template(of: applied)
        switch workload {
        case .deployment:
            wanted = applied.at("spec", "replicas")?.int ?? 1
            deadlineSeconds = applied.at("spec", "progressDeadlineSeconds")?.int ?? 600
        case .job:
            wanted = 0
            deadlineSeconds =
                applied.at("spec", "activeDeadlineSeconds")?.int ?? ReleaseJob.activeDeadlineSeconds
        }
        words = CauseWords(of: applied, namespace: namespace, deadlineSeconds: deadlineSeconds)
    }

    static func template(of deployment: JSON) -> String? {
        deployment.at("spec", "template", "metadata", "annotations")?[ObjectScope.templateAnnotation]?.string
    }

    /// The pods that tell how the object as it is now fares.
    func pods(of object: JSON, among pods: [JSON]) -> [JSON] {
        switch workload {
        case .deployment: Pods.current(of: object, among: pods)
        case .job: Pods.owned(byJob: uid, among: pods)
        }
    }
}

extension ClusterWatches.Snapshot {
    /// The target's object; nil when there is none (yet).
    func object(of target: RollOutTarget) -> JSON? {
        switch target.workload {
        case .deployment: deployments[target.name]
        case .job: jobs[target.name]
        }
    }
}
