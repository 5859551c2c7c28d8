import Foundation

/// What is remembered of repositories and their branches.
package protocol SourceJournal: Sendable {
    /// The registered app of a repository, found by its number. One that no number is known of is found by its name;
    /// one with another number is another repository, whatever it is called.
    func app(of repository: SourceRepository) async throws(JournalError) -> App?

    /// Where an app's branches were when something was done about them last.
    func knownHeads(of app: AppID) async throws(JournalError) -> KnownHeads
    func knownHead(of branch: String, app: AppID) async throws(JournalError) -> KnownHead?
    /// Writes down what a look found that needs nothing done: branches that stand where they may, and ones that are
    /// gone. A branch that was moved since, or told to be gone, is left alone. Nothing happens when the app is not
    /// registered.
    func note(_ look: BranchLook, of app: AppID, at now: Date) async throws(JournalError)
    /// The newest push to a branch that is in doubt and has not ended.
    func doubtfulPush(on branch: String, of app: AppID) async throws(JournalError) -> Operation?
    /// A push in doubt had its turn, and its branch is there: the doubt is gone, and the branch is known to be there.
    func settleDoubt(of push: Operation) async throws(JournalError)
    /// The next look at an app's branches asks for all of them, whether or not anything has changed since the last one.
    func lookInFull(at app: AppID) async throws(JournalError)
    /// A push that began too late: the branch is known to stand at `head`, if a push there was taken.
    func overtaken(on branch: String, of app: AppID, by head: CommitID) async throws(JournalError)
    /// Forgets a branch and ends its pushes that have not begun, with what `notices` makes of each. A delivery acts
    /// once.
    /// - Returns: what was ended.
    func forget(
        _ branch: String, of app: AppID, delivery: String, at now: Date,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> [Operation]

    /// Changes the apps that a delivery tells of, each as it is at that moment, and writes a finished operation for
    /// each change. A delivery acts once.
    /// - Parameter reports: of all that changed, what people are told; each about one of the operations.
    /// - Returns: the operations; none when nothing changed.
    func record(
        _ delivery: RepositoryDelivery, at now: Date,
        reports: @escaping @Sendable ([RepositoryChange]) -> [Report]
    ) async throws(JournalError) -> [Operation]
    /// What a push teaches of its app's repository, without a word to anybody: which one it is, when none was known,
    /// and its default branch. Nothing happens when the app is not registered.
    /// - Parameter defaultBranch: nil when nobody said so.
    func learn(_ repository: SourceRepository, defaultBranch: String?, of app: AppID) async throws(JournalError)

    /// Whether the push that was worked on before this one, on its branch, was stopped for a newer one.
    func wasStopped(before push: Operation) async throws(JournalError) -> Bool

    /// The newest operation that was to build a commit, on a branch if it is named.
    func operation(
        building commit: CommitID, of app: AppID, on branch: String?
    ) async throws(JournalError) -> Operation?
}

/// The newest commit of a branch that something was done about.
package struct KnownHead: Hashable, Sendable {
    package let commit: CommitID
    /// Where the branch was before that; nil when nobody said so.
    package let before: CommitID?

    package init(commit: CommitID, before: CommitID?) {
        self.commit = commit
        self.before = before
    }
}

package struct KnownHeads: Hashable, Sendable {
    package var heads: [String: CommitID] = [:]
    /// Of these, the ones whose push ended because its branch was elsewhere at its turn: it may be back.
    package var overtaken: Set<String> = []
    /// What the source marked its last answer with; nil once a branch was moved since.
    package var tag: String?
    /// How often that happened.
    package var moves = 0
    /// Nobody has looked since the app was registered: what is not known is no news then.
    package var isFirstLook = true
    /// Branches that were told to be gone since a look saw where they are, with the delivery that said so: it may have
    /// come late, when they were there again.
    package var ends: [String: String] = [:]

    /// What the source may be asked for changes since; nil asks for all.
    var askedSince: String? { isFirstLook || !ends.isEmpty || !overtaken.isEmpty ? nil : tag }

    package init() {}
}

/// What came of a look at an app's branches.
package struct BranchLook: Hashable, Sendable {
    /// Where branches are that were not known before, and that nothing is done about.
    package var noted: [String: CommitID] = [:]
    /// Branches that are gone, with where they were known to be.
    package var gone: [String: CommitID] = [:]
    /// What was told to be gone before it, and is cleared up by it.
    package var ends: [String: String] = [:]
    /// Is kept unless a branch was moved while somebody looked.
    package var tag: String?
    /// As they were known before it.
    package var moves = 0
    package init() {}
}

/// What a push did to its branch.
package struct BranchMove: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// Its source told so.
        case told
        /// We looked, and found the branch elsewhere than it was known to be.
        case seen
    }

    package let branch: String
    /// Where it was before: as its source says, or as we knew. Nil for a new one.
    package let before: CommitID?
    package let origin: Origin

    package init(branch: String, before: CommitID?, origin: Origin) {
        self.branch = branch
        self.before = before
        self.origin = origin
    }
}
