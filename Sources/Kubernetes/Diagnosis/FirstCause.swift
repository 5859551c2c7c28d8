import Foundation
import JSON

/// The first thing that keeps one pod from becoming ready, or from ending well, and where to look for more.
struct FirstCause: Equatable {
    var cause: RollOutCause
    /// Whose output is worth reading; nil when no container has run.
    var log: LogReference?
    /// Which it is about, where it is about one.
    var container: PodContainer?
    /// Another attempt runs just now, so that nothing is certain.
    var isPast = false

    struct LogReference: Equatable {
        let pod: String
        let container: String
        /// The run before the present one.
        let previous: Bool
    }

    /// How long it has to last until it is certain; nil when only the progress deadline tells.
    var patience: Duration? { isPast ? nil : cause.patience }

    /// - Parameter events: about this pod; none when they were not asked for.
    /// - Returns: nil when nothing points at anything but patience.
    static func of(_ pod: JSON, events: PodEvents) -> FirstCause? {
        guard !Pods.isReady(pod) else { return nil }
        if let detail = interruption(of: pod) { return FirstCause(cause: .interrupted(detail: detail)) }
        let containers = PodContainer.all(of: pod)
        for container in containers {
            guard let found = ContainerCause(container, pod: pod, events: events).find() else { continue }
            return found
        }
        let scheduled = Pods.condition("PodScheduled", of: pod)
        if scheduled?["status"]?.string == "False", scheduled?["reason"]?.string == "Unschedulable" {
            return FirstCause(cause: .noRoom(detail: scheduled?["message"]?.string ?? "no reason was given"))
        }
        if !Pods.hasStarted(pod), !isPrepared(pod), let detail = events.preparationFailure {
            return FirstCause(cause: preparation(detail, of: pod))
        }
        if pod.at("status", "phase")?.string == "Failed", let detail = pod.at("status", "message")?.string {
            return FirstCause(cause: .interrupted(detail: detail))
        }
        return notReady(containers, of: pod, events: events)
    }

    /// What the cluster itself did to the pod: the exit codes of its containers say nothing then
    /// (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions).
    private static func interruption(of pod: JSON) -> String? {
        let status = pod["status"]
        if status?["phase"]?.string == "Failed", let reason = status?["reason"]?.string {
            return status?["message"]?.string ?? reason
        }
        let target = Pods.condition("DisruptionTarget", of: pod)
        return target?["status"]?.string == "True" ? target?["message"]?.string : nil
    }

    /// Volumes are mounted and the network is there
    /// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-has-network).
    private static func isPrepared(_ pod: JSON) -> Bool {
        Pods.condition("PodReadyToStartContainers", of: pod)?["status"]?.string == "True"
    }

    /// A Secret that is mounted and does not exist is the one thing that developers can mend. The kubelet
    /// tells it in words only; they are compared with the names that the pod's spec holds.
    private static func preparation(_ detail: String, of pod: JSON) -> RollOutCause {
        for secret in (pod.at("spec", "volumes")?.array ?? []).flatMap(VolumeSecret.all) {
            if detail.hasSuffix(": secret \"\(secret.name)\" not found") {
                return .secretMissing(name: secret.name, keys: secret.keys)
            }
            // pkg/volume/secret/secret.go; a projected volume says the same.
            let key = secret.keys.first { detail.hasSuffix("references non-existent secret key: \($0)") }
            if let key { return .secretKeyMissing(secret: secret.name, key: key) }
        }
        return .cannotPrepare(detail: detail)
    }

    /// A container that runs without being ready is one whose health check fails.
    private static func notReady(
        _ containers: [PodContainer], of pod: JSON, events: PodEvents
    ) -> FirstCause? {
        let running = containers.first {
            $0.status["ready"]?.bool == false && $0.status["state"]?["running"] != nil
        }
        guard let running else { return nil }
        let log = LogReference(pod: Pods.name(pod), container: running.name, previous: false)
        if running.role == .initial {
            return FirstCause(cause: .notEnding, log: log, container: running)
        }
        let start = running.status.at("state", "running", "startedAt")
        let last = events.readinessFailure(of: running.name, since: start?.string)
        if last == nil || last?.outcome == .refused,
            let crash = ContainerCause(running, pod: pod, events: events).lastRun()
        {
            return crash
        }
        var seconds: Int?
        if let start = Timestamp.date(start), let at = last?.at { seconds = Int(at.timeIntervalSince(start)) }
        return FirstCause(
            cause: .notReady(last?.outcome, seconds: seconds), log: log, container: running)
    }
}
