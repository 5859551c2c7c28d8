import Foundation
import JSON

/// What controllers ask of a pod.
struct PodFacts {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    var phase: String { object.at("status", "phase")?.string ?? "Pending" }
    var isOver: Bool { phase == "Succeeded" || phase == "Failed" }
    /// Counts for its ReplicaSet: neither ended nor asked to go.
    var isActive: Bool { !isOver && !object.isBeingDeleted }
    var isReady: Bool { readyCondition?["status"]?.string == "True" }
    var isAssigned: Bool { !(object.at("spec", "nodeName")?.string ?? "").isEmpty }
    var address: String? { object.at("status", "podIP")?.string }

    private var readyCondition: JSON? { Conditions(object.at("status", "conditions"))["Ready"] }

    var readySince: Date? {
        guard isReady, let text = readyCondition?["lastTransitionTime"]?.string else { return nil }
        return try? Date(text, strategy: .iso8601)
    }

    /// When it counts as available; nil while it is not ready.
    func availableFrom(minReadySeconds: Int) -> Date? {
        guard isReady else { return nil }
        guard minReadySeconds > 0 else { return .distantPast }
        return readySince?.addingTimeInterval(TimeInterval(minReadySeconds))
    }

    private var containers: [JSON] {
        ["initContainerStatuses", "containerStatuses"].flatMap { object.at("status", $0)?.array ?? [] }
    }

    var restarts: Int { containers.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) } }

    /// When its last container ended; nil while none has.
    var ended: Date? {
        containers.compactMap { JobFacts.date($0.at("state", "terminated", "finishedAt")) }.max()
    }

    var created: String { object.at("metadata", "creationTimestamp")?.string ?? "" }

    /// Which of two pods to take away first: the one that is missed least.
    static func goesBefore(_ left: PodFacts, _ right: PodFacts) -> Bool {
        if left.isAssigned != right.isAssigned { return !left.isAssigned }
        let order = ["Pending": 0, "Unknown": 1, "Running": 2]
        let (leftPhase, rightPhase) = (order[left.phase] ?? 0, order[right.phase] ?? 0)
        if leftPhase != rightPhase { return leftPhase < rightPhase }
        if left.isReady != right.isReady { return !left.isReady }
        if left.readySince != right.readySince {
            return left.readySince ?? .distantFuture > right.readySince ?? .distantFuture
        }
        if left.restarts != right.restarts { return left.restarts > right.restarts }
        return (left.created, left.object.name) > (right.created, right.object.name)
    }
}
