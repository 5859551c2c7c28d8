import JSON

/// How a release command's Job ended
/// (https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions).
enum JobVerdict: Equatable {
    case running
    case succeeded
    case failed
    case deadlineExceeded

    /// - Parameter pods: the Job's own.
    static func judge(_ job: JSON, pods: [JSON]) -> JobVerdict {
        if holds("SuccessCriteriaMet", job) || holds("Complete", job) { return .succeeded }
        if hasOutlived(job) { return .deadlineExceeded }
        // `FailureTarget` comes first, while the pods and what they wrote are still there.
        if holds("FailureTarget", job) || holds("Failed", job) { return .failed }
        return command(in: pods)
    }

    /// A proxy that is no native sidecar keeps its pod, and so the Job, from ending: there, the command's own
    /// end counts.
    private static func command(in pods: [JSON]) -> JobVerdict {
        for pod in pods where (pod.at("spec", "containers")?.array?.count ?? 0) > 1 {
            let command = PodContainer.all(of: pod).first { $0.name == ReleaseJob.containerName }
            guard let code = command?.status.at("state", "terminated", "exitCode")?.int else { continue }
            return code == 0 ? .succeeded : .failed
        }
        return .running
    }

    /// Nothing of it runs any more, or will.
    static func isOver(_ job: JSON) -> Bool { holds("Complete", job) || holds("Failed", job) }

    private static func hasOutlived(_ job: JSON) -> Bool {
        ["FailureTarget", "Failed"].contains {
            holds($0, job) && Pods.condition($0, of: job)?["reason"]?.string == "DeadlineExceeded"
        }
    }

    private static func holds(_ type: String, _ job: JSON) -> Bool {
        Pods.condition(type, of: job)?["status"]?.string == "True"
    }
}
