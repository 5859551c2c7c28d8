import Deploys
import Synchronization

/// Branches as a test wants them.
final class HeadsDouble: BranchHeads {
    private struct State {
        var heads: [AppID: [String: CommitID]] = [:]
        var errors: [SourceError] = []
        var asked: [String] = []
        var generation = 0
        var onAsk: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    var asked: [String] { state.withLock { $0.asked } }

    /// - Parameter commit: nil deletes the branch.
    func set(_ branch: String, of app: AppID, to commit: CommitID?) {
        state.withLock { state in
            state.generation += 1
            state.heads[app, default: [:]][branch] = commit
        }
    }

    func fail(_ errors: SourceError...) { fail(errors) }
    func fail(_ errors: [SourceError]) { state.withLock { $0.errors += errors } }

    /// Called once, after the answer was made and before it is given.
    func onAsk(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.onAsk = body } }

    func heads(of app: AppID, since tag: String?) async throws(SourceError) -> BranchHeadsAnswer {
        let (answer, error, onAsk) = state.withLock { state in
            state.asked.append("\(app.key) \(tag ?? "-")")
            let error = state.errors.isEmpty ? nil : state.errors.removeFirst()
            let known = "\(state.generation)"
            let answer: BranchHeadsAnswer =
                tag == known ? .unchanged : .heads(state.heads[app] ?? [:], tag: known)
            defer { state.onAsk = nil }
            return (answer, error, state.onAsk)
        }
        await onAsk?()
        if let error { throw error }
        return answer
    }
}

func commitID(_ digit: Character) -> CommitID { CommitID(String(repeating: digit, count: 40))! }
