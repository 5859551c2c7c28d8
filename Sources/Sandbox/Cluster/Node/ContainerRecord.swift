import Foundation
import JSON

/// What the node knows of one container of a pod, through all its restarts.
struct ContainerRecord: Sendable {
    enum State: Sendable, Equatable {
        case waiting(reason: String, message: String? = nil)
        case running(startedAt: Date)
        case terminated(Termination)
    }

    /// The end of one run.
    struct Termination: Sendable, Equatable {
        var exitCode: Int
        /// `Error`, `Completed`, `OOMKilled`, `StartError`, …
        var reason: String
        var message: String?
        var startedAt: Date?
        var finishedAt: Date?
        var containerID: String?
    }

    let plan: ContainerPlan
    var state: State
    /// How the run before this one ended, or this one while it waits for its next start.
    var last: Termination?
    var restartCount = 0
    /// The engine's container of the current run, dead or alive.
    var containerID: String?
    var imageID = ""
    var isReady = false
    /// It runs, and its startup probe, if it has one, has succeeded.
    var isStarted = false
    /// When the node heard of the end; the wait for the next start counts from then, because a busy engine
    /// can take longer to tell than the first waits last.
    var endNoticed: Date?
    /// The engine said that it died, or may have: look.
    var needsInspection = false
    /// Its liveness probe failed, or the container whose network it shares is another one now.
    var restartWanted: String?
    /// Not before this moment; nil is at once.
    var nextAttempt: Date?
    /// When a missing image is looked for again.
    var imageRetry: Date?
    /// The next start is one after an end, and counts.
    var isRestart = false
    var restartBackOff: BackOff
    var imageBackOff: BackOff

    static let creating = "ContainerCreating"
    /// While init containers are to come first, or are at it.
    static let initializing = "PodInitializing"

    /// - Parameter isInitializing: whether the pod has init containers.
    init(plan: ContainerPlan, isInitializing: Bool = false, backOff: BackOff) {
        self.plan = plan
        state = .waiting(reason: isInitializing ? Self.initializing : Self.creating)
        restartBackOff = backOff
        imageBackOff = backOff
    }

    var isRunning: Bool { if case .running = state { true } else { false } }
    var isTerminated: Bool { exitCode != nil }
    /// Not only waits for its first start.
    var hasBegun: Bool { isRunning || isTerminated || last != nil }
    /// Of the run that ended; nil while none has.
    var exitCode: Int? { if case .terminated(let end) = state { end.exitCode } else { nil } }

    /// The container whose log is "the log" now: while it waits for a restart, that of the run that failed.
    var logID: String? { isRunning || isTerminated ? containerID : last?.containerID }

    /// Why there is no log; `CrashLoopBackOff` and others have one, of the run before.
    var waitingReason: String? {
        if case .waiting(let reason, _) = state { reason } else { nil }
    }
}

extension ContainerRecord.Termination {
    init(_ exit: ContainerInspection.Exit, containerID: String) {
        exitCode = exit.code
        reason = exit.outOfMemory ? "OOMKilled" : exit.code == 0 ? "Completed" : "Error"
        startedAt = exit.startedAt
        finishedAt = exit.finishedAt
        self.containerID = containerID
    }

    /// Somebody took the container away; the kubelet's words for it.
    static func lost(containerID: String?, now: Date) -> Self {
        Self(
            exitCode: 137, reason: "ContainerStatusUnknown",
            message: "The container could not be located when the pod was terminated",
            finishedAt: now, containerID: containerID)
    }

    var json: JSON {
        var json: JSON = ["exitCode": .int(exitCode), "reason": .string(reason)]
        if let message { json["message"] = .string(message) }
        json["startedAt"] = startedAt.map { .string(ObjectStore.timestamp($0)) } ?? .null
        json["finishedAt"] = finishedAt.map { .string(ObjectStore.timestamp($0)) } ?? .null
        if let containerID { json["containerID"] = .string(ContainerRecord.runtimePrefix + containerID) }
        return json
    }

    init?(json: JSON?) {
        guard let json, let code = json["exitCode"]?.int else { return nil }
        func date(_ key: String) -> Date? { json[key]?.string.flatMap { try? Date($0, strategy: .iso8601) } }
        exitCode = code
        reason = json["reason"]?.string ?? "Error"
        message = json["message"]?.string
        startedAt = date("startedAt")
        finishedAt = date("finishedAt")
        containerID = json["containerID"]?.string.map(ContainerRecord.engineID)
    }
}

extension ContainerRecord {
    static let runtimePrefix = "docker://"

    static func engineID(_ text: String) -> String {
        text.hasPrefix(runtimePrefix) ? String(text.dropFirst(runtimePrefix.count)) : text
    }

    /// Its entry in `status.containerStatuses`.
    var json: JSON {
        var json: JSON = [
            "name": .string(plan.name), "state": stateJSON,
            "lastState": last.map { ["terminated": $0.json] } ?? [:],
            "ready": .bool(counts), "restartCount": .int(restartCount),
            "image": .string(plan.image), "imageID": .string(imageID),
            "started": .bool(isRunning && isStarted),
        ]
        if let containerID {
            json["containerID"] = .string(Self.runtimePrefix + containerID)
            json["resources"] = plan.resources
            if let requests = plan.resources["requests"] { json["allocatedResources"] = requests }
        }
        return json
    }

    /// What it was to do is done, or it does it.
    private var counts: Bool { plan.role == .initial ? exitCode == 0 : isReady && isRunning }

    private var stateJSON: JSON {
        switch state {
        case .waiting(let reason, let message):
            var waiting: JSON = ["reason": .string(reason)]
            if let message { waiting["message"] = .string(message) }
            return ["waiting": waiting]
        case .running(let startedAt):
            return ["running": ["startedAt": .string(ObjectStore.timestamp(startedAt))]]
        case .terminated(let termination):
            return ["terminated": termination.json]
        }
    }

    /// Goes on from what the pod's status says, after the demo was started again.
    mutating func restore(from status: JSON) {
        restartCount = status["restartCount"]?.int ?? 0
        last = Termination(json: status.at("lastState", "terminated"))
        imageID = status["imageID"]?.string ?? ""
        isReady = status["ready"]?.bool ?? false
        isStarted = status["started"]?.bool ?? false
    }
}
