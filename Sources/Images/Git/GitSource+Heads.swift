import Deploys

extension GitSource: BranchHeads {
    /// Of the names and digits that are listed; a repository with more branches is refused rather than half
    /// read.
    static let maxHeadsBytes = 4 << 20

    /// Git has no way to ask for what has changed since: the list is always whole.
    package func heads(of app: AppID, since tag: String?) async throws(SourceError) -> BranchHeadsAnswer {
        let remote = try await remote(of: app)
        let result = try await git.run(
            ["ls-remote", "--end-of-options", remote.url, "refs/heads/*"], remote: remote,
            timeLimit: GitMirror.listTimeLimit, maxOutputBytes: Self.maxHeadsBytes)
        guard result.exitCode == 0 else { throw GitFailure(result).sourceError(remote) }
        guard result.output.count < Self.maxHeadsBytes else {
            throw .broken("\(remote.shownURL) has too many branches to list.")
        }
        var heads: [String: CommitID] = [:]
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1)
            guard fields.count == 2, fields[1].hasPrefix("refs/heads/"), let id = CommitID(String(fields[0])) else {
                continue
            }
            heads[String(fields[1].dropFirst("refs/heads/".count))] = id
        }
        return .heads(heads, tag: nil)
    }
}
