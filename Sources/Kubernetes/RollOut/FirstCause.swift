import Foundation
import JSON

/// The first thing that keeps a Deployment's new version from becoming ready, or a Job from ending well, and
/// where to look for more.
struct FirstCause: Equatable {
    let cause: RollOutCause
    /// Whose output is worth reading; nil when no container has run.
    let log: LogReference?
    /// Which container it is about, where it is about one.
    var container: String?

    struct LogReference: Equatable {
        let pod: String
        let container: String
        /// The run before the present one.
        let previous: Bool
    }

    /// - Parameters:
    ///   - workload: a Deployment or a Job.
    ///   - pods: of a Deployment's current version only: what is wrong with old ones is not our news.
    ///   - events: of the namespace; may be empty when they were not asked for.
    /// - Returns: nil when nothing points at anything but patience.
    static func find(in workload: JSON, pods: [JSON], events: [JSON] = []) -> FirstCause? {
        var causes = pods.compactMap { cause(of: $0, events: PodEvents(events, of: $0)) }
        if let failure = Pods.condition("ReplicaFailure", of: workload), failure["status"]?.string == "True" {
            let detail = failure["message"]?.string ?? "no reason was given"
            causes.append(FirstCause(cause: .podsRefused(detail: detail), log: nil))
        }
        // A Job has no such condition.
        if pods.isEmpty, let detail = PodEvents(events, of: workload).creationFailure {
            causes.append(FirstCause(cause: .podsRefused(detail: detail), log: nil))
        }
        return causes.min { $0.cause.rank < $1.cause.rank }
    }

    private static func cause(of pod: JSON, events: PodEvents) -> FirstCause? {
        guard !Pods.isReady(pod) else { return nil }
        for status in Pods.containerStatuses(of: pod) {
            guard var found = ContainerCause.find(status, pod: pod, events: events) else { continue }
            found.container = status["name"]?.string
            return found
        }
        let scheduled = Pods.condition("PodScheduled", of: pod)
        if scheduled?["status"]?.string == "False", scheduled?["reason"]?.string == "Unschedulable" {
            let detail = scheduled?["message"]?.string ?? "no reason was given"
            return FirstCause(cause: .noRoom(detail: detail), log: nil)
        }
        if !Pods.hasStarted(pod), let detail = events.preparationFailure {
            return FirstCause(cause: preparation(detail, of: pod), log: nil)
        }
        if pod.at("status", "phase")?.string == "Failed", let detail = pod.at("status", "message")?.string {
            return FirstCause(cause: .interrupted(detail: detail), log: nil)
        }
        return notReady(pod, events: events)
    }

    /// A Secret that is mounted and does not exist is the one thing that developers can mend. The kubelet
    /// tells it in words only; they are compared with the names that the pod's spec holds.
    private static func preparation(_ detail: String, of pod: JSON) -> RollOutCause {
        for volume in pod.at("spec", "volumes")?.array ?? [] {
            guard let secret = volume.at("secret", "secretName")?.string else { continue }
            if detail.hasSuffix(": secret \"\(secret)\" not found") {
                return .secretMissing(name: secret, keys: [])
            }
            let keys = volume.at("secret", "items")?.array?.compactMap { $0["key"]?.string } ?? []
            // pkg/volume/secret/secret.go
            if !keys.isEmpty, detail.contains("references non-existent secret key: ") {
                let key = keys.first { detail.hasSuffix("references non-existent secret key: \($0)") }
                if let key { return .secretKeyMissing(secret: secret, key: key) }
            }
        }
        return .cannotPrepare(detail: detail)
    }

    /// A container that runs without being ready is one whose health check fails.
    private static func notReady(_ pod: JSON, events: PodEvents) -> FirstCause? {
        let running = Pods.containerStatuses(of: pod).first {
            $0["ready"]?.bool == false && $0["state"]?["running"] != nil
        }
        guard let running else { return nil }
        let startedAt = Timestamp.date(running.at("state", "running", "startedAt"))
        let last = events.lastReadinessFailure
        var seconds: Int?
        if let startedAt, let failedAt = last?.at {
            seconds = max(0, Int(failedAt.timeIntervalSince(startedAt)))
        }
        let name = running["name"]?.string ?? ""
        return FirstCause(
            cause: .notReady(last?.outcome, seconds: seconds),
            log: LogReference(pod: Pods.name(pod), container: name, previous: false), container: name)
    }
}
