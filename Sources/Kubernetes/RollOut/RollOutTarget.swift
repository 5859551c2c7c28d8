import Deploys
import JSON

/// One Deployment whose roll-out is followed.
struct RollOutTarget: Sendable {
    let appling: ReleasedAppling
    let namespace: String
    /// From the answer to our apply: the status counts only from this generation on.
    let uid: String
    let generation: Int
    let template: String?
    let wanted: Int
    let progressDeadlineSeconds: Int

    /// - Parameter applied: the Deployment as the server answered our apply.
    init(_ applied: JSON, appling: ReleasedAppling, namespace: String) {
        self.appling = appling
        self.namespace = namespace
        uid = applied.at("metadata", "uid")?.string ?? ""
        generation = applied.at("metadata", "generation")?.int ?? 0
        template = Self.template(of: applied)
        wanted = applied.at("spec", "replicas")?.int ?? 1
        progressDeadlineSeconds = applied.at("spec", "progressDeadlineSeconds")?.int ?? 600
    }

    var name: String { appling.name }

    var words: CauseWords {
        CauseWords(
            name: name, settings: appling.settings, namespace: namespace,
            deadlineSeconds: progressDeadlineSeconds)
    }

    static func template(of deployment: JSON) -> String? {
        deployment.at("spec", "template", "metadata", "annotations")?[ObjectScope.templateAnnotation]?.string
    }
}

/// What can be said of a target at one moment.
enum TargetState: Equatable {
    /// - Parameter cause: what keeps it from being ready, if anything does.
    case waiting(ready: Int, cause: RollOutCause?)
    case done(ready: Int)
    case deadlineExceeded
    /// Somebody deleted the Deployment or put another version into it.
    case takenAway(sentence: String)

    /// - Parameters:
    ///   - deployment: as the watch has it; nil when it has none (yet).
    ///   - pods: of the namespace.
    ///   - wasSeen: the watch had it before.
    static func judge(
        _ target: RollOutTarget, deployment: JSON?, pods: [JSON], wasSeen: Bool
    ) -> TargetState {
        guard let deployment, deployment.at("metadata", "uid")?.string == target.uid else {
            return wasSeen
                ? .takenAway(sentence: "Somebody deleted \(target.name) while it was rolled out.")
                : .waiting(ready: 0, cause: nil)
        }
        // The watch may still show what was there before our apply.
        guard (deployment.at("metadata", "generation")?.int ?? 0) >= target.generation else {
            return .waiting(ready: 0, cause: nil)
        }
        guard RollOutTarget.template(of: deployment) == target.template else {
            return .takenAway(
                sentence: "Somebody put another version into \(target.name) while it was rolled out.")
        }
        let current = Pods.current(of: deployment, among: pods)
        let ready = min(current.count(where: Pods.isReady), target.wanted)
        switch RollOutVerdict.judge(deployment, generation: target.generation) {
        case .done: return .done(ready: target.wanted)
        case .deadlineExceeded: return .deadlineExceeded
        case .waiting:
            guard RollOutVerdict.isObserved(deployment, generation: target.generation) else {
                return .waiting(ready: ready, cause: nil)
            }
            let cause = FirstCause.find(deployment: deployment, pods: current)?.cause
            return .waiting(ready: ready, cause: cause)
        }
    }
}
