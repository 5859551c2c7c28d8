/// Whether a push is still what its branch stands at, found out when its turn has come.
enum BranchStanding: Equatable, Sendable {
    /// It is, or nobody can say otherwise.
    case current
    /// The branch is still, or again, where it was before.
    case ahead
    /// The branch was deleted.
    case gone
    /// It was pushed to, or forced elsewhere, since.
    case elsewhere(CommitID)
}

extension Ports {
    /// A source that does not answer says nothing: whatever needs it next tells people so.
    func standing(of push: Operation) async throws(JournalError) -> BranchStanding {
        guard let heads, let branch = push.revision?.text, let commit = push.commit?.id else { return .current }
        let head: CommitID?
        do throws(SourceError) { head = try await heads.head(of: branch, app: push.app) } catch { return .current }
        if head == commit { return .current }
        let told = push.doubt.map { KnownHead(commit: commit, before: $0.before) }
        let known = if let told { told } else { try await journal.knownHead(of: branch, app: push.app) }
        guard let head else {
            // The source may not list a new branch yet that it told of; one that a look found was listed already.
            let isNew = known?.commit == commit && known?.before == nil && push.trigger != .look
            return isNew ? .current : .gone
        }
        // The source may be a moment behind its own news.
        if known?.commit == commit, known?.before == head { return .ahead }
        return .elsewhere(head)
    }
}
