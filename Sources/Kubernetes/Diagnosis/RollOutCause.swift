/// Why a new version does not become ready.
enum RollOutCause: Hashable {
    /// - Parameter isFinal: asking the registry again does not help.
    case imageUnavailable(image: String, detail: String, isFinal: Bool)
    case imageNameInvalid(image: String)
    /// - Parameter keys: all that the pod wants of the Secret.
    case secretMissing(name: String, keys: [String])
    case secretKeyMissing(secret: String, key: String)
    case configurationMissing(detail: String)
    case cannotStart(detail: String)
    /// - Parameter seconds: how long it ran.
    case exited(code: Int, restarts: Int, seconds: Int = 0)
    /// - Parameters:
    ///   - limit: a Kubernetes quantity; nil when the machine itself had no more.
    ///   - code: what the container ended with: 137 when it was stopped itself, else one of its processes was.
    case outOfMemory(limit: String?, code: Int, restarts: Int)
    case checkFailing(KillingCheck, ProbeOutcome, restarts: Int)
    /// No machine takes the pod.
    case noRoom(detail: String)
    /// The cluster does not let the pods be made: a quota, or Pod Security.
    /// - Parameter mayPass: old pods that go make room.
    case podsRefused(detail: String, mayPass: Bool)
    /// Somebody told the cluster to roll out nothing of this for now.
    case paused
    /// Something that has to be there before containers start: a volume, a network.
    case cannotPrepare(detail: String)
    case notReady(ProbeOutcome?, seconds: Int?)
    /// An init container runs and runs.
    case notEnding
    /// The cluster ended a pod: its machine had no room left, or goes.
    case interrupted(detail: String)
}

extension RollOutCause {
    /// After how many restarts a program that ends counts as one that will not run: the first may be due
    /// to something that was not there yet.
    static let restartsUntilCertain = 2

    /// How long the cause has to last before it is certain that waiting does not help; nil when only the
    /// progress deadline tells.
    var patience: Duration? {
        switch self {
        case .imageNameInvalid: .zero
        // Registries have short faults; a node's second try follows within half a minute (measured).
        case .imageUnavailable(_, _, let isFinal): isFinal ? .zero : .seconds(35)
        // Somebody, or an operator program, may be writing the Secret just now.
        case .secretMissing, .secretKeyMissing, .configurationMissing: .seconds(2)
        case .cannotStart: .seconds(5)
        case .exited(_, let restarts, _), .outOfMemory(_, _, let restarts), .checkFailing(_, _, let restarts):
            restarts >= Self.restartsUntilCertain ? .zero : nil
        case .paused: .seconds(2)
        case .podsRefused(_, mayPass: true): nil
        case .podsRefused(let detail, _): PodRefusal(detail).patience
        // The cluster may be adding a machine; a program may still be starting.
        case .noRoom, .cannotPrepare, .notReady, .notEnding, .interrupted: nil
        }
    }

    /// A program ran and ended.
    var isEnd: Bool {
        switch self {
        case .exited, .interrupted: true
        default: false
        }
    }

    /// Worth telling while there is still hope; that a pod is not ready yet is not.
    var isHoldUp: Bool {
        switch self {
        case .notReady(nil, _), .notEnding: false
        default: true
        }
    }

    /// The same trouble keeps its identity while its numbers change, and pods with the same trouble are counted
    /// together.
    var identity: String {
        switch self {
        case .imageUnavailable(let image, _, _): "imageUnavailable \(image)"
        case .imageNameInvalid: "imageNameInvalid"
        case .secretMissing(let name, _): "secretMissing \(name)"
        case .secretKeyMissing(let name, let key): "secretKeyMissing \(name) \(key)"
        case .configurationMissing: "configurationMissing"
        case .cannotStart: "cannotStart"
        case .exited(let code, _, _): "exited \(code)"
        case .outOfMemory: "outOfMemory"
        case .checkFailing(let check, _, _): "checkFailing \(check)"
        case .noRoom: "noRoom"
        case .podsRefused: "podsRefused"
        case .paused: "paused"
        case .cannotPrepare: "cannotPrepare"
        case .notReady: "notReady"
        case .notEnding: "notEnding"
        case .interrupted: "interrupted"
        }
    }

    /// Of several pods' causes, the lowest number is told first.
    var rank: Int {
        switch self {
        case .imageNameInvalid, .imageUnavailable, .secretMissing, .secretKeyMissing,
            .configurationMissing, .cannotStart:
            0
        case .outOfMemory, .checkFailing, .exited: 1
        case .podsRefused, .paused: 2
        case .noRoom: 3
        case .cannotPrepare: 4
        case .interrupted: 5
        case .notReady, .notEnding: 6
        }
    }

    /// How often the container was started again.
    var restarts: Int {
        switch self {
        case .exited(_, let restarts, _), .outOfMemory(_, _, let restarts), .checkFailing(_, _, let restarts):
            restarts
        default: 0
        }
    }
}
