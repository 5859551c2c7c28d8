import JSON

/// What can be said of a target at one moment.
enum TargetState: Equatable {
    /// - Parameter cause: what keeps it from being ready, if anything does.
    case waiting(ready: Int, cause: RollOutCause?)
    case done(ready: Int)
    case failed
    case deadlineExceeded
    /// Somebody deleted the object or put another version into it.
    case takenAway(sentence: String)

    /// - Parameters:
    ///   - object: as the watch has it; nil when it has none (yet).
    ///   - pods: of the namespace.
    ///   - events: of the namespace; may be empty when they were not asked for.
    ///   - wasSeen: the watch had the object before.
    static func judge(
        _ target: RollOutTarget, object: JSON?, pods: [JSON], events: [JSON] = [], wasSeen: Bool
    ) -> TargetState {
        guard let object, object.at("metadata", "uid")?.string == target.uid else {
            return wasSeen
                ? .takenAway(sentence: "Somebody deleted \(target.words.who) while it was rolled out.")
                : .waiting(ready: 0, cause: nil)
        }
        let pods = target.pods(of: object, among: pods)
        return switch target.workload {
        case .deployment: deployment(target, object, pods, events)
        case .job: job(object, pods, events)
        }
    }

    private static func deployment(
        _ target: RollOutTarget, _ deployment: JSON, _ pods: [JSON], _ events: [JSON]
    ) -> TargetState {
        // The watch may still show what was there before our apply.
        guard (deployment.at("metadata", "generation")?.int ?? 0) >= target.generation else {
            return .waiting(ready: 0, cause: nil)
        }
        guard RollOutTarget.template(of: deployment) == target.template else {
            return .takenAway(
                sentence: "Somebody put another version into \(target.name) while it was rolled out.")
        }
        let ready = min(pods.count(where: Pods.isReady), target.wanted)
        switch RollOutVerdict.judge(deployment, generation: target.generation) {
        case .done: return .done(ready: target.wanted)
        case .deadlineExceeded: return .deadlineExceeded
        case .waiting:
            guard RollOutVerdict.isObserved(deployment, generation: target.generation) else {
                return .waiting(ready: ready, cause: nil)
            }
            let cause = FirstCause.find(in: deployment, pods: pods, events: events)?.cause
            return .waiting(ready: ready, cause: cause)
        }
    }

    private static func job(_ job: JSON, _ pods: [JSON], _ events: [JSON]) -> TargetState {
        switch JobVerdict.judge(job, pods: pods) {
        case .succeeded: .done(ready: 0)
        case .failed: .failed
        case .deadlineExceeded: .deadlineExceeded
        case .running: .waiting(ready: 0, cause: FirstCause.find(in: job, pods: pods, events: events)?.cause)
        }
    }
}

extension TargetState {
    var isDone: Bool { if case .done = self { true } else { false } }

    var ready: Int {
        switch self {
        case .waiting(let ready, _), .done(let ready): ready
        case .failed, .deadlineExceeded, .takenAway: 0
        }
    }
}
