import Foundation
import JSON

/// What a pod's worker begins with: the pod's status and the containers that the engine still has, after the
/// demo was killed, stopped or its engine restarted.
struct PodAdoption {
    private(set) var containers: [ContainerRecord] = []
    private(set) var address: String?
    private(set) var isPrepared = false
    private(set) var network: PodNetwork?

    init(pod: JSON, found: [ContainerInspection], backOff: BackOff, now: Date) {
        adoptNetwork(found)
        let plans = ContainerPlan.all(of: pod)
        for plan in plans {
            let list = plan.role == .main ? "containerStatuses" : "initContainerStatuses"
            let statuses = pod.at("status", list)?.array ?? []
            var record = ContainerRecord(
                plan: plan, isInitializing: plans.contains { $0.role != .main }, backOff: backOff)
            let status = statuses.first { $0["name"]?.string == plan.name }
            if let status { record.restore(from: status) }
            if let container = Self.newest(found, of: plan.name) {
                adopt(container, into: &record)
            } else if let status {
                Self.carryOn(&record, without: status, now: now)
            }
            containers.append(record)
        }
        isPrepared = containers.contains { $0.containerID != nil }
    }

    /// A dead one is of no use: another takes its place when a container needs it.
    private mutating func adoptNetwork(_ found: [ContainerInspection]) {
        for container in found where container.labels[ContainerLabel.container] == ContainerLabel.network {
            guard case .running = container.state else { continue }
            network = PodNetwork(containerID: container.id)
            address = container.address
        }
    }

    /// The run that came last; those before it are only good for their logs.
    private static func newest(_ found: [ContainerInspection], of name: String) -> ContainerInspection? {
        found.filter { $0.labels[ContainerLabel.container] == name && $0.state != .created }
            .max { attempt($0) < attempt($1) }
    }

    private static func attempt(_ container: ContainerInspection) -> Int {
        container.labels[ContainerLabel.attempt].flatMap(Int.init) ?? 0
    }

    private mutating func adopt(
        _ container: ContainerInspection, into record: inout ContainerRecord
    ) {
        record.containerID = container.id
        record.imageID = container.imageID
        record.restartCount = Self.attempt(container)
        switch container.state {
        case .running(let startedAt):
            record.state = .running(startedAt: startedAt)
            if record.plan.startup == nil { record.isStarted = true }
            // Those that share a network have no address of their own.
            if network == nil { address = container.address ?? address }
        case .exited(let exit):
            record.isReady = false
            if let last = record.last, last.containerID == container.id {
                record.state = .terminated(last)
            } else {
                record.state = .running(startedAt: exit.startedAt)
                record.needsInspection = true
            }
        case .created:
            break
        }
    }

    /// No container is left. One that ran was lost, one that ended for good has ended, the rest begins anew.
    private static func carryOn(_ record: inout ContainerRecord, without status: JSON, now: Date) {
        record.isReady = false
        let id = status["containerID"]?.string.map(ContainerRecord.engineID)
        if status.at("state", "running") != nil {
            record.state = .terminated(.lost(containerID: id, now: now))
        } else if let end = ContainerRecord.Termination(json: status.at("state", "terminated")) {
            record.state = .terminated(end)
        } else if status.at("state", "waiting", "reason")?.string == "CrashLoopBackOff",
            let last = record.last
        {
            record.state = .terminated(last)
        }
    }
}
