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
    /// How long nothing may move.
    let deadlineSeconds: Int
    let words: CauseWords
    /// Pods; none of a Job has to become ready.
    private let wanted: Int
    /// When Kubernetes gave up the version before this one: until it has looked at the new one, the status goes
    /// on saying so.
    private let pastDeadline: JSON?

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
        let isOfBefore = !RollOutVerdict.isObserved(applied, generation: generation)
        pastDeadline = isOfBefore ? RollOutVerdict.deadlineUpdate(of: applied) : nil
    }

    static func template(of deployment: JSON) -> String? {
        deployment.at("spec", "template", "metadata", "annotations")?[ObjectScope.templateAnnotation]?.string
    }

    /// How many pods there shall be: an autoscaler may change its mind on the way.
    func wanted(by object: JSON?) -> Int {
        workload == .job ? 0 : object?.at("spec", "replicas")?.int ?? wanted
    }

    /// Whether the verdict that time is up is about an earlier version. It is carried along while a Deployment
    /// goes back to pods that it still has (syncRolloutStatus in pkg/controller/deployment/progress.go).
    func isPastDeadline(of object: JSON) -> Bool {
        pastDeadline != nil && pastDeadline == RollOutVerdict.deadlineUpdate(of: object)
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
