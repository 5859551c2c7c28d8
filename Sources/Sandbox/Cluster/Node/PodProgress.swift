import JSON

/// How far a pod is: which of its containers may begin, and whether it is over
/// (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#detailed-behavior).
struct PodProgress {
    /// In the order in which they begin.
    let containers: [ContainerRecord]
    let restartPolicy: String

    init(_ pod: JSON, _ containers: [ContainerRecord]) {
        self.containers = containers
        restartPolicy = pod.at("spec", "restartPolicy")?.string ?? "Always"
    }

    private var mains: [ContainerRecord] { containers.filter { $0.plan.role == .main } }

    /// Those that the main ones still wait for.
    var unfinishedInitial: [ContainerRecord] {
        if mains.contains(where: \.hasBegun) { return [] }
        return containers.filter { !isBehind($0) && $0.plan.role != .main }
    }

    var isInitialized: Bool { unfinishedInitial.isEmpty }

    /// Whether what comes after it may begin.
    private func isBehind(_ record: ContainerRecord) -> Bool {
        switch record.plan.role {
        case .initial: record.exitCode == 0
        case .sidecar: record.isRunning && record.isStarted
        case .main: true
        }
    }

    /// Its turn has come.
    func mayStart(_ index: Int) -> Bool {
        if isInitialized { return containers[index].plan.role != .initial }
        return containers[index].plan.role != .main && containers[..<index].allSatisfy(isBehind)
    }

    func startsAgain(_ record: ContainerRecord, after end: ContainerRecord.Termination) -> Bool {
        switch record.plan.role {
        case .initial: end.exitCode != 0 && restartPolicy != "Never"
        case .sidecar: !isEnding
        case .main: restartPolicy == "Always" || restartPolicy == "OnFailure" && end.exitCode != 0
        }
    }

    var hasFailedInitially: Bool {
        containers.contains { $0.plan.role == .initial && $0.isTerminated && $0.exitCode != 0 }
            && restartPolicy == "Never"
    }

    /// No main container will be started any more: what still runs has no purpose.
    var isEnding: Bool {
        hasFailedInitially
            || mains.allSatisfy { record in
                guard case .terminated(let end) = record.state else { return false }
                return !startsAgain(record, after: end)
            }
    }

    var isOver: Bool { isEnding && !containers.contains(where: \.isRunning) }

    /// - Parameter isBeingDeleted: nothing is started again, whatever the policy.
    func phase(isBeingDeleted: Bool) -> String {
        if isOver
            || isBeingDeleted && containers.allSatisfy({ !$0.isRunning }) && mains.allSatisfy(\.isTerminated)
        {
            return mains.allSatisfy { $0.exitCode == 0 } ? "Succeeded" : "Failed"
        }
        let hasUnstarted = mains.contains { $0.waitingReason != nil && $0.last == nil }
        return !isInitialized || hasUnstarted ? "Pending" : "Running"
    }
}
