import Foundation
import JSON

/// The first thing that keeps a Deployment's new version from becoming ready, and where to look for more.
struct FirstCause: Equatable {
    let cause: RollOutCause
    /// Whose output is worth reading; nil when no container has run.
    let log: LogReference?

    struct LogReference: Equatable {
        let pod: String
        let container: String
        /// The run before the present one.
        let previous: Bool
    }

    /// - Parameters:
    ///   - pods: of the Deployment's current version only: what is wrong with old ones is not our news.
    ///   - events: of the namespace; may be empty when they were not asked for.
    /// - Returns: nil when nothing points at anything but patience.
    static func find(deployment: JSON, pods: [JSON], events: [JSON] = []) -> FirstCause? {
        var causes = pods.compactMap { cause(of: $0, events: PodEvents(events, pod: $0)) }
        if let failure = Pods.condition("ReplicaFailure", of: deployment), failure["status"]?.string == "True"
        {
            let detail = failure["message"]?.string ?? "no reason was given"
            causes.append(FirstCause(cause: .podsRefused(detail: detail), log: nil))
        }
        return causes.min { $0.cause.rank < $1.cause.rank }
    }

    private static func cause(of pod: JSON, events: PodEvents) -> FirstCause? {
        guard !Pods.isReady(pod) else { return nil }
        for status in Pods.containerStatuses(of: pod) {
            if let found = ContainerCause.find(status, pod: pod, events: events) { return found }
        }
        let scheduled = Pods.condition("PodScheduled", of: pod)
        if scheduled?["status"]?.string == "False", scheduled?["reason"]?.string == "Unschedulable" {
            let detail = scheduled?["message"]?.string ?? "no reason was given"
            return FirstCause(cause: .noRoom(detail: detail), log: nil)
        }
        if let detail = events.preparationFailure {
            return FirstCause(cause: .cannotPrepare(detail: detail), log: nil)
        }
        return notReady(pod, events: events)
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
            log: LogReference(pod: Pods.name(pod), container: name, previous: false))
    }
}
