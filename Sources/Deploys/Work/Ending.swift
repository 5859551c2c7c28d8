/// What one run of an operation comes to.
enum Outcome: Sendable {
    case ends(Ending)
    /// It has to wait in another lane.
    case waits
    /// It was put aside until a second person has approved it.
    case held
    /// It is no longer wanted.
    case unwanted(by: Person)
    /// The service stops.
    case interrupted
}

/// How an operation ends.
struct Ending: Sendable {
    let phase: Phase
    /// What becomes true with it.
    let settlement: Settlement
    /// Whether people are told by a new post, which notifies them, besides the edit of the live message.
    let isAnnounced: Bool

    init(_ phase: Phase, _ settlement: Settlement = .nothing, isAnnounced: Bool) {
        self.phase = phase
        self.settlement = settlement
        self.isAnnounced = isAnnounced
    }

    /// Of one that has gone live: the release that was live before.
    var previousRelease: Int?

    /// Whether anybody is told.
    var isQuiet = false

    /// Nothing happened that people need to know.
    static var quiet: Ending {
        var ending = Ending(.repaired([]), isAnnounced: false)
        ending.isQuiet = true
        return ending
    }

    static func failed(_ failure: Failure, isAnnounced: Bool = true) -> Ending {
        Ending(.failed(failure), isAnnounced: isAnnounced)
    }

    var state: Operation.State {
        switch phase {
        case .failed: .failed
        case .cancelled: .cancelled
        case .superseded: .superseded
        default: .succeeded
        }
    }

    /// For the thread: what the message is too short for.
    var evidence: [NoticeDraft] {
        guard case .failed(let failure) = phase, !failure.evidence.isEmpty else { return [] }
        let title = failure.stage == .settings ? "Problems found" : "The last lines of the log"
        return [.detail(title: title, lines: failure.evidence)]
    }
}
