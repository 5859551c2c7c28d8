/// Why a new version does not become ready.
enum RollOutCause: Hashable {
    /// - Parameter gaveUp: the node waits before it tries again.
    case imageUnavailable(image: String, detail: String, gaveUp: Bool)
    case imageNameInvalid(image: String)
    /// - Parameter keys: all that the pod wants of the Secret.
    case secretMissing(name: String, keys: [String])
    case secretKeyMissing(secret: String, key: String)
    case configurationMissing(detail: String)
    case cannotStart(detail: String)
    case exited(code: Int, restarts: Int)
    /// - Parameter limit: a Kubernetes quantity; nil when the machine itself had no more.
    case outOfMemory(limit: String?, restarts: Int)
    case livenessFailing(ProbeOutcome, restarts: Int)
    /// No machine takes the pod.
    case noRoom(detail: String)
    /// The cluster does not let the pods be made: a quota, or Pod Security.
    case podsRefused(detail: String)
    /// Something that has to be there before containers start: a volume, a network.
    case cannotPrepare(detail: String)
    case notReady(ProbeOutcome?, seconds: Int?)
    /// The cluster ended a pod: its machine had no room left, or goes.
    case interrupted(detail: String)
}

/// What a health check met with.
enum ProbeOutcome: Hashable {
    case status(Int)
    case refused
    case timedOut
    case other(String)

    /// - Parameter message: of an `Unhealthy` event, behind “Readiness probe failed: ”. Only words depend
    ///   on it, no decision.
    init(message: String) {
        if let mark = message.range(of: "statuscode: "),
            let status = Int(message[mark.upperBound...].prefix(3))
        {
            self = .status(status)
        } else if message.contains("connection refused") {
            self = .refused
        } else if message.contains("Timeout") || message.contains("deadline exceeded") {
            self = .timedOut
        } else {
            self = .other(message)
        }
    }
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
        // Registries have short faults; a node's second try follows after about ten seconds.
        case .imageUnavailable(_, _, let gaveUp): gaveUp ? .zero : .seconds(15)
        // Somebody, or an operator program, may be writing the Secret just now.
        case .secretMissing, .secretKeyMissing, .configurationMissing: .seconds(2)
        case .cannotStart: .seconds(5)
        case .exited(_, let restarts), .outOfMemory(_, let restarts), .livenessFailing(_, let restarts):
            restarts >= Self.restartsUntilCertain ? .zero : nil
        // A quota may free up as old pods go.
        case .podsRefused: .seconds(10)
        // The cluster may be adding a machine; a program may still be starting.
        case .noRoom, .cannotPrepare, .notReady, .interrupted: nil
        }
    }

    /// A program ran and ended.
    var isEnd: Bool {
        switch self {
        case .exited, .interrupted: true
        default: false
        }
    }

    /// The same trouble keeps its identity while its numbers change.
    var identity: String {
        switch self {
        case .imageUnavailable: "imageUnavailable"
        case .imageNameInvalid: "imageNameInvalid"
        case .secretMissing(let name, _): "secretMissing \(name)"
        case .secretKeyMissing(let name, let key): "secretKeyMissing \(name) \(key)"
        case .configurationMissing: "configurationMissing"
        case .cannotStart: "cannotStart"
        case .exited, .outOfMemory, .livenessFailing: "exited"
        case .noRoom: "noRoom"
        case .podsRefused: "podsRefused"
        case .cannotPrepare: "cannotPrepare"
        case .notReady: "notReady"
        case .interrupted: "interrupted"
        }
    }

    /// Of several pods' causes, the lowest number is told.
    var rank: Int {
        switch self {
        case .imageNameInvalid, .imageUnavailable, .secretMissing, .secretKeyMissing,
            .configurationMissing, .cannotStart:
            0
        case .outOfMemory, .livenessFailing, .exited: 1
        case .podsRefused: 2
        case .noRoom: 3
        case .cannotPrepare: 4
        case .interrupted: 5
        case .notReady: 6
        }
    }
}
