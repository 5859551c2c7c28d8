import JSON

/// What keeps a Deployment's new version from becoming ready, or a Job from ending well, over all its pods.
struct Diagnosis: Equatable {
    /// What several pods have in common.
    struct Finding: Equatable {
        /// Of the pod that knows most about it.
        var first: FirstCause
        /// None when it is about pods that are not there.
        var pods: Int
        /// The pods were not started equally often.
        var startsDiffer = false
    }

    /// The most telling first.
    private(set) var findings: [Finding] = []
    /// All that there are of the version, the ready ones too.
    let pods: Int
    /// Only events know more: why a pod does not begin to start, or what its health check meets with.
    private(set) var needsEvents: Bool

    var first: FirstCause? { findings.first?.first }

    /// - Parameters:
    ///   - object: a Deployment or a Job; which, it need not say itself, as objects of lists do not.
    ///   - pods: of a Deployment's current version only: what is wrong with old ones is not our news.
    ///   - events: of the namespace; none when they were not asked for.
    ///   - oldPodsLeave: whether something of the namespace is just ending.
    init(
        of object: JSON, _ workload: RollOutTarget.Workload = .deployment, pods: [JSON],
        events: EventIndex = EventIndex(), oldPodsLeave: Bool = false
    ) {
        let isJob = workload == .job
        let pods = isJob ? pods : Pods.active(pods)
        self.pods = pods.count
        needsEvents = isJob && pods.isEmpty
        for pod in pods where !Pods.isReady(pod) {
            if !isJob || !Pods.hasStarted(pod) { needsEvents = true }
            guard let cause = FirstCause.of(pod, events: events.about(pod)) else { continue }
            // A command that ended well has still to be counted by the Job's controller.
            if isJob, case .exited(code: 0, _, _) = cause.cause { continue }
            add(cause)
        }
        if let detail = Self.refusal(of: object, hasPods: !pods.isEmpty, events) {
            let mayPass: Bool
            if case .quota = PodRefusal(detail) { mayPass = oldPodsLeave } else { mayPass = false }
            let cause = FirstCause(cause: .podsRefused(detail: detail, mayPass: mayPass))
            findings.append(Finding(first: cause, pods: 0))
        }
        if object.at("spec", "paused")?.bool == true {
            findings.append(Finding(first: FirstCause(cause: .paused), pods: 0))
        }
        sort { _ in false }
    }

    /// The same with those first that end the roll-out.
    func led(by isLeading: (FirstCause) -> Bool) -> Diagnosis {
        var led = self
        led.sort(isLeading)
        return led
    }

    func keeping(_ isKept: (FirstCause) -> Bool) -> Diagnosis {
        var kept = self
        kept.findings.removeAll { !isKept($0.first) }
        return kept
    }

    private mutating func add(_ cause: FirstCause) {
        let index = findings.firstIndex { finding in
            finding.first.cause.identity == cause.cause.identity
                && finding.first.container?.name == cause.container?.name
        }
        guard let index else { return findings.append(Finding(first: cause, pods: 1)) }
        findings[index].pods += 1
        if findings[index].first.cause.restarts != cause.cause.restarts { findings[index].startsDiffer = true }
        if findings[index].first.isLess(telling: cause) { findings[index].first = cause }
    }

    /// What is equally telling stays in the order of the pods.
    private mutating func sort(_ isLeading: (FirstCause) -> Bool) {
        func key(_ offset: Int, _ finding: Finding) -> (Int, Int, Int, Int) {
            (isLeading(finding.first) ? 0 : 1, finding.first.cause.rank, -finding.pods, offset)
        }
        findings = findings.enumerated().sorted { key($0.offset, $0.element) < key($1.offset, $1.element) }
            .map(\.element)
    }

    private static func refusal(of object: JSON, hasPods: Bool, _ events: EventIndex) -> String? {
        if let failure = Pods.condition("ReplicaFailure", of: object), failure["status"]?.string == "True" {
            return failure["message"]?.string ?? "no reason was given"
        }
        // Not even the ReplicaSet could be made (pkg/controller/deployment/util/deployment_util.go).
        if let progress = Pods.condition("Progressing", of: object),
            progress["reason"]?.string == "ReplicaSetCreateError"
        {
            return progress["message"]?.string ?? "no reason was given"
        }
        // A Job has no such conditions.
        return hasPods ? nil : events.about(object).creationFailure
    }
}

extension FirstCause {
    /// Whether another pod with the same trouble knows more about it.
    fileprivate func isLess(telling other: FirstCause) -> Bool {
        if isPast != other.isPast { return isPast }
        switch (cause, other.cause) {
        case (.notReady(nil, _), .notReady(_?, _)): return true
        case (.notReady(_?, let own), .notReady(_?, let others)): return (own ?? 0) < (others ?? 0)
        default: return cause.restarts < other.cause.restarts
        }
    }
}
