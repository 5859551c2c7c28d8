import Deploys
import Foundation

extension GitSource {
    /// From the mirror alone: nothing is fetched.
    package func commits(
        from old: CommitID, to new: CommitID, of app: AppID, atMost maxCount: Int, within limit: Duration
    ) async throws(SourceError) -> CommitRange {
        let remote = try await remote(of: app)
        let mirror = mirror(of: app)
        return try await workspace.using(mirror.name) { () async throws(SourceError) in
            guard mirror.exists, let ids = try await mirror.commits(from: old, to: new, within: limit / 2) else {
                throw .noSuchRevision(nearest: nil)
            }
            let names = ids.prefix(maxCount).map { "\($0.sha)^{commit}" }
            let newest = try await mirror.commits(names).compactMap { lookup -> Commit? in
                if case .found(let object) = lookup { commit(object, remote) } else { nil }
            }
            return CommitRange(newest: newest, count: ids.count < GitMirror.maxCountedCommits ? ids.count : nil)
        }
    }
}
