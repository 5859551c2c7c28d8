/// Finds out what a deploy would change, while somebody waits for it.
struct Previewer: Sendable {
    let journal: any Journal
    let source: any SourceHost
    let naming: Naming

    /// Listed in a preview.
    static let maxListedCommits = 10
    /// A source may have to be asked over the network.
    static let maxLookUpWait = Duration.seconds(1)
    /// What was fetched before is on the disk.
    static let maxCommitsWait = Duration.seconds(1)

    /// What a revision leads to, as far as can be found out at once.
    enum LookUp: Sendable {
        case found(Commit)
        /// There surely is no such thing; the sentences say what to do.
        case none(Failure)
        /// Not in time.
        case unknown
    }

    func lookUp(_ revision: Revision, of app: AppID) async throws(JournalError) -> LookUp {
        let label = naming.label(app)
        if let number = revision.releaseNumber {
            guard let commit = try await journal.release(number, of: app) else {
                return .none(SourceWords.noRelease(number, label))
            }
            return .found(commit)
        }
        let work = Task { () async -> Result<Commit, SourceError> in
            do throws(SourceError) { return .success(try await source.resolve(revision, of: app)) } catch {
                return .failure(error)
            }
        }
        switch await WaitLimit(Self.maxLookUpWait).result(of: work) {
        case .success(let commit): return .found(commit)
        case .failure(let error):
            guard error.isAboutRevision, let failure = error.ending(.source, app: label, revision: revision) as? Failure
            else { return .unknown }
            return .none(failure)
        case nil:
            // Nobody waits for it any more, and others may wait behind it.
            work.cancel()
            return .unknown
        }
    }

    func preview(
        _ subject: Preview.Subject, of app: AppID, in environment: EnvironmentName, _ target: Preview.Target,
        needsApproval: Bool
    ) async throws(JournalError) -> Preview {
        let current = try await journal.liveOperation(of: app, in: environment).flatMap(LiveRelease.init)
        let changes = await changes(subject, from: current?.commit, to: target, of: app)
        return Preview(
            subject: subject, label: naming.label(app), environment: environment, target: target, current: current,
            changes: changes?.newest ?? [], changeCount: changes?.count, needsApproval: needsApproval)
    }

    /// Nil when it can't be found out at once.
    private func changes(
        _ subject: Preview.Subject, from current: Commit?, to target: Preview.Target, of app: AppID
    ) async -> CommitRange? {
        guard let current, case .commit(let commit) = target else { return nil }
        let isBack = if case .step(.rollBack, _) = subject { true } else { false }
        let (old, new) = isBack ? (commit.id, current.id) : (current.id, commit.id)
        return try? await source.commits(
            from: old, to: new, of: app, atMost: Self.maxListedCommits, within: Self.maxCommitsWait)
    }
}

extension SourceError {
    /// Another revision might do: the repository itself was read.
    fileprivate var isAboutRevision: Bool {
        switch self {
        case .noSuchRevision, .ambiguousRevision, .empty: true
        case .noSuchRepository, .accessDenied, .unreachable, .diskFull, .broken, .cancelled: false
        }
    }
}
