/// Where a repository's branches stand, so that a push whose webhook never came is noticed all the same.
package protocol BranchHeads: Sendable {
    /// - Parameter tag: what an earlier answer about the app came with; nil asks for all.
    func heads(of app: AppID, since tag: String?) async throws(SourceError) -> BranchHeadsAnswer
    /// Where one branch is; nil when there is none of that name.
    func head(of branch: String, app: AppID) async throws(SourceError) -> CommitID?
}

package enum BranchHeadsAnswer: Sendable, Equatable {
    /// All is as it was when the tag was given.
    case unchanged
    /// Every branch with its newest commit; none for a repository without any.
    /// - Parameter tag: may be kept and given again, also after a restart; nil when the source has none.
    case heads([String: CommitID], tag: String?)
}

extension BranchHeads {
    /// For sources that have no shorter way.
    package func head(of branch: String, app: AppID) async throws(SourceError) -> CommitID? {
        guard case .heads(let heads, _) = try await heads(of: app, since: nil) else { throw .broken("") }
        return heads[branch]
    }
}
