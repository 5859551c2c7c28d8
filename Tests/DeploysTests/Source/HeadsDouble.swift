import Deploys
import Synchronization

/// Branches as a test wants them.
final class HeadsDouble: BranchHeads {
    private struct State {
        var heads: [AppID: [String: CommitID]] = [:]
        var errors: [SourceError] = []
        var asked: [String] = []
        var onAsk: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    var asked: [String] { state.withLock { $0.asked } }

    /// - Parameter commit: nil deletes the branch.
    func set(_ branch: String, of app: AppID, to commit: CommitID?) {
        state.withLock { $0.heads[app, default: [:]][branch] = commit }
    }

    func fail(_ errors: SourceError...) { fail(errors) }
    func fail(_ errors: [SourceError]) { state.withLock { $0.errors += errors } }

    /// Called once, after the answer was made and before it is given.
    func onAsk(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.onAsk = body } }

    func heads(of app: AppID, since tag: String?) async throws(SourceError) -> BranchHeadsAnswer {
        let (answer, error, onAsk) = state.withLock { state in
            state.asked.append("\(app.key) \(tag ?? "-")")
            let error = state.errors.isEmpty ? nil : state.errors.removeFirst()
            // The same answer has the same tag again, as ETags have.
            let heads = state.heads[app] ?? [:]
            let known = heads.map { "\($0.key)=\($0.value.sha.prefix(1))" }.sorted().joined(separator: ",")
            let answer: BranchHeadsAnswer = tag == known ? .unchanged : .heads(heads, tag: known)
            defer { state.onAsk = nil }
            return (answer, error, state.onAsk)
        }
        await onAsk?()
        if let error { throw error }
        return answer
    }
}

func commitID(_ digit: Character) -> CommitID { CommitID(String(repeating: digit, count: 40))! }
