import JSON

/// What can be said of a target at one moment.
enum TargetState: Equatable {
    /// - Parameter diagnosis: what keeps it from being ready, if anything does; nil while the cluster has not looked
    ///   at the new version.
    case waiting(ready: Int, Diagnosis?)
    case done(ready: Int)
    case failed
    case deadlineExceeded
    /// Somebody deleted the object or put another version into it.
    case takenAway(sentence: String)

    /// - Parameters:
    ///   - object: as the watch has it; nil when it has none (yet).
    ///   - pods: of the namespace.
    ///   - events: of the namespace; none when they were not asked for.
    ///   - wasSeen: the watch had the object before.
    ///   - heedsDeadline: false after a time in which the cluster's parts could not speak with each other.
    static func judge(
        _ target: RollOutTarget, object: JSON?, pods: [JSON], events: EventIndex = EventIndex(), wasSeen: Bool,
        heedsDeadline: Bool = true
    ) -> TargetState {
        guard let object, object.at("metadata", "uid")?.string == target.uid else {
            return wasSeen
                ? .takenAway(sentence: "Somebody deleted \(target.words.who) while it was rolled out.")
                : .waiting(ready: 0, nil)
        }
        let own = target.pods(of: object, among: pods)
        switch target.workload {
        case .deployment:
            let heeds = heedsDeadline && !target.isPastDeadline(of: object)
            let isLeaving = pods.contains { $0["metadata"]?["deletionTimestamp"] != nil }
            return deployment(target, object, own, events, heeds, oldPodsLeave: isLeaving)
        case .job: return job(object, own, events)
        }
    }

    private static func deployment(
        _ target: RollOutTarget, _ deployment: JSON, _ pods: [JSON], _ events: EventIndex, _ heedsDeadline: Bool,
        oldPodsLeave: Bool
    ) -> TargetState {
        // The watch may still show what was there before our apply.
        guard (deployment.at("metadata", "generation")?.int ?? 0) >= target.generation else {
            return .waiting(ready: 0, nil)
        }
        guard RollOutTarget.template(of: deployment) == target.template else {
            return .takenAway(
                sentence: "Somebody put another version into \(target.name) while it was rolled out.")
        }
        let wanted = target.wanted(by: deployment)
        switch RollOutVerdict.judge(deployment, generation: target.generation, heedsDeadline: heedsDeadline) {
        case .done: return .done(ready: wanted)
        case .deadlineExceeded: return .deadlineExceeded
        case .waiting:
            let ready = min(pods.count(where: Pods.isReady), wanted)
            guard RollOutVerdict.isObserved(deployment, generation: target.generation) else {
                return .waiting(ready: ready, nil)
            }
            let diagnosis = Diagnosis(of: deployment, pods: pods, events: events, oldPodsLeave: oldPodsLeave)
            return .waiting(ready: ready, diagnosis)
        }
    }

    private static func job(_ job: JSON, _ pods: [JSON], _ events: EventIndex) -> TargetState {
        switch JobVerdict.judge(job, pods: pods) {
        case .succeeded: .done(ready: 0)
        // The watch on pods may lag behind the one on Jobs, and only an ended pod tells how it ended.
        case .failed: pods.isEmpty || pods.contains(where: hasEnded) ? .failed : .waiting(ready: 0, nil)
        case .deadlineExceeded: .deadlineExceeded
        case .running: .waiting(ready: 0, Diagnosis(of: job, .job, pods: pods, events: events))
        }
    }

    private static func hasEnded(_ pod: JSON) -> Bool {
        if pod["metadata"]?["deletionTimestamp"] != nil { return true }
        if ["Failed", "Succeeded"].contains(pod.at("status", "phase")?.string) { return true }
        return PodContainer.all(of: pod).contains { $0.status.at("state", "terminated") != nil }
    }
}

extension TargetState {
    var isDone: Bool { if case .done = self { true } else { false } }

    var needsEvents: Bool { if case .waiting(_, let diagnosis?) = self { diagnosis.needsEvents } else { false } }

    var ready: Int {
        switch self {
        case .waiting(let ready, _), .done(let ready): ready
        case .failed, .deadlineExceeded, .takenAway: 0
        }
    }
}
