import Deploys

/// Repositories that nobody can reach: what is pressed must not wait for them.
struct NoSource: SourceHost {
    func defaultBranch(of app: AppID) throws(SourceError) -> String { throw .unreachable("no network") }
    func resolve(_ revision: Revision, of app: AppID) throws(SourceError) -> Commit { throw .unreachable("no network") }
    func commits(
        from old: CommitID, to new: CommitID, of app: AppID, atMost maxCount: Int, within limit: Duration
    ) throws(SourceError) -> CommitRange { throw .unreachable("no network") }
    func checkOut(_ commit: CommitID, of app: AppID) throws(SourceError) -> Checkout { throw .unreachable("no network") }
}
