import JSON

/// A pod in a few words, as `kubectl get pods` shows it.
enum PodSummary {
    static func ready(_ pod: JSON) -> String {
        let ready = statuses(pod).filter { $0["ready"] == true }.count
        return "\(ready)/\((pod.at("spec", "containers")?.array ?? []).count)"
    }

    static func restarts(_ pod: JSON) -> Int {
        statuses(pod).reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }
    }

    static func status(_ pod: JSON) -> String {
        if pod.isBeingDeleted { return "Terminating" }
        for status in statuses(pod) {
            if let reason = status.at("state", "waiting", "reason")?.string { return reason }
            if let reason = status.at("state", "terminated", "reason")?.string { return reason }
        }
        return pod.at("status", "reason")?.string ?? pod.at("status", "phase")?.string ?? "Unknown"
    }

    private static func statuses(_ pod: JSON) -> [JSON] {
        pod.at("status", "containerStatuses")?.array ?? []
    }
}
