/// What `git ls-remote --symref URL HEAD refs/heads/*` printed.
struct RemoteHeads {
    /// The branch that HEAD names; of a HEAD that names a commit, a branch that stands there.
    let defaultBranch: String?
    let branches: [String]

    init(_ output: String) {
        var named: String?
        var head: Substring?
        var branches: [(name: String, sha: Substring)] = []
        for line in output.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1)
            guard fields.count == 2 else { continue }
            if fields[1] == "HEAD" {
                if fields[0].hasPrefix("ref: refs/heads/") {
                    named = String(fields[0].dropFirst("ref: refs/heads/".count))
                } else {
                    head = fields[0]
                }
            } else if fields[1].hasPrefix("refs/heads/") {
                branches.append((String(fields[1].dropFirst("refs/heads/".count)), fields[0]))
            }
        }
        self.branches = branches.map(\.name)
        let candidates = branches.filter { $0.sha == head }.map(\.name)
        defaultBranch =
            named ?? ["main", "master"].first(where: candidates.contains) ?? candidates.first
    }
}
