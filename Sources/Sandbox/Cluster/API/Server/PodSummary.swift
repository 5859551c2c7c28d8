import JSON

/// A pod in a few words, as `kubectl get pods` shows it.
enum PodSummary {
    static func ready(_ pod: JSON) -> String {
        let ready = (sidecars(pod) + statuses(pod)).filter { $0["ready"] == true }.count
        let sidecars = initContainers(pod).filter { $0["restartPolicy"] == "Always" }
        return "\(ready)/\(sidecars.count + (pod.at("spec", "containers")?.array ?? []).count)"
    }

    static func restarts(_ pod: JSON) -> Int {
        (sidecars(pod) + statuses(pod)).reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }
    }

    static func status(_ pod: JSON) -> String {
        if pod.isBeingDeleted { return "Terminating" }
        if let status = initialization(pod) { return status }
        for status in statuses(pod) {
            if let reason = status.at("state", "waiting", "reason")?.string { return reason }
            if let reason = status.at("state", "terminated", "reason")?.string { return reason }
        }
        return pod.at("status", "reason")?.string ?? pod.at("status", "phase")?.string ?? "Unknown"
    }

    /// `Init:1/2` and why it goes no further; nil once all that comes first is done.
    private static func initialization(_ pod: JSON) -> String? {
        let statuses = pod.at("status", "initContainerStatuses")?.array ?? []
        let names = Set(sidecars(pod).compactMap { $0["name"]?.string })
        for (index, status) in statuses.enumerated() {
            let isSidecar = names.contains(status["name"]?.string ?? "")
            if status.at("state", "terminated", "exitCode") == 0 || isSidecar && status["started"] == true {
                continue
            }
            let reason = status.at("state", "terminated", "reason") ?? status.at("state", "waiting", "reason")
            if let reason = reason?.string, reason != "PodInitializing" { return "Init:\(reason)" }
            return "Init:\(index)/\(statuses.count)"
        }
        return nil
    }

    private static func initContainers(_ pod: JSON) -> [JSON] {
        pod.at("spec", "initContainers")?.array ?? []
    }

    /// The states of those that stay.
    private static func sidecars(_ pod: JSON) -> [JSON] {
        let names = initContainers(pod).filter { $0["restartPolicy"] == "Always" }.map { $0["name"] }
        return (pod.at("status", "initContainerStatuses")?.array ?? []).filter { names.contains($0["name"]) }
    }

    private static func statuses(_ pod: JSON) -> [JSON] {
        pod.at("status", "containerStatuses")?.array ?? []
    }
}
