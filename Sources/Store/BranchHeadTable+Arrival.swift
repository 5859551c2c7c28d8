import Deploys

extension BranchHeadTable {
    /// What a request means for the branch that it names.
    enum Arrival {
        /// Nothing: it is no news of where the branch is.
        case aside
        /// The branch is moved from where it was known to be.
        case next
        /// Another push came between that we know nothing of: either that one or this one is late.
        case doubtful(Doubt)
        /// Nothing is to be done about it.
        case known
        /// It was told too late: the branch went from there to this commit.
        case older(than: CommitID)
        /// A push of that commit was taken before: it is told late, or the branch is there again, as a look tells.
        case unsettled
    }

    /// A webhook says where a branch went at some time, and may be late, lost, or out of order; a look says where a
    /// branch is, and names in `before` where it was known to be when it began. Neither may bring back what a newer
    /// push has overtaken, or act on a push twice: what does not follow from what is known is left to the push's own
    /// turn, or to the next look, for then the source is asked.
    func arrival(_ move: BranchMove, at commit: CommitID, of app: AppID) throws -> Arrival {
        let known = try find(move.branch, of: app)
        if move.origin == .seen, known?.commit != move.before { return .known }
        guard let known else { return .next }
        let taken = try OperationTable(database: database).newest(building: commit, of: app, on: move.branch)
        if known.commit == commit {
            if taken?.state == .superseded { return move.origin == .seen ? .next : .unsettled }
            // The first look after a registration notes where branches are, and nothing is done about it.
            return taken == nil && move.origin == .told ? .next : .known
        }
        let doubtful = try OperationTable(database: database).doubtfulPushes(of: app, on: move.branch)
        // One that says the same asks for itself.
        if doubtful.contains(where: { $0.commit?.id == commit }) { return .known }
        let follower = doubtful.first { $0.follows(commit, from: move.before) }?.commit?.id
        if follower == nil, move.before == known.commit { return .next }
        let isTaken = taken?.kind == .push || move.origin == .seen
        if let next = follower ?? (known.before == commit ? known.commit : nil) {
            return isTaken ? .known : .older(than: next)
        }
        return isTaken ? .unsettled : .doubtful(Doubt(before: move.before))
    }
}

extension Operation {
    /// Whether this push, in doubt, moved its branch on from a commit; not back, from where that commit came from.
    fileprivate func follows(_ commit: CommitID, from before: CommitID?) -> Bool {
        doubt?.before == commit && self.commit?.id != before
    }
}
