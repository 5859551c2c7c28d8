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

    /// Whether anybody is told.
    var isQuiet = false

    /// Nothing happened that people need to know.
    static var quiet: Ending {
        var ending = Ending(.repaired([]), isAnnounced: false)
        ending.isQuiet = true
        return ending
    }

    static func failed(_ failure: Failure) -> Ending { Ending(.failed(failure), isAnnounced: true) }

    var state: Operation.State {
        if case .failed = phase { .failed } else { .succeeded }
    }

    /// For the thread: what the message is too short for.
    var evidence: [NoticeDraft] {
        guard case .failed(let failure) = phase, !failure.evidence.isEmpty else { return [] }
        let title = failure.stage == .settings ? "Problems found" : "The last lines of the log"
        return [.detail(title: title, lines: failure.evidence)]
    }
}
