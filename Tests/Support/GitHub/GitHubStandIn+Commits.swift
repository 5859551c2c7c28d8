import Foundation

/// Commits as developers push them.
extension GitHubStandIn {
    /// Makes a commit with these files on top of the branch (a new one begins without a parent) and moves it there.
    /// - Returns: its digits.
    @discardableResult
    package func push(
        _ repository: Repository, branch: String = "main", _ files: [String: String], subject: String = "Change something"
    ) async throws -> String {
        var lines: [String] = []
        func text(_ text: String) { lines.append("data \(text.utf8.count)\n\(text)\n") }
        let parent = await commit("refs/heads/\(branch)", repository)
        lines.append("commit refs/heads/\(branch)\ncommitter Ada <ada@example.com> \(Int(now.timeIntervalSince1970)) +0000\n")
        text(subject)
        if let parent { lines.append("from \(parent)\n") }
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            lines.append("M 100644 inline \(path)\n")
            text(content)
        }
        // git-fast-import(1): a commit in one go, without a work tree.
        try await git(repository, ["fast-import", "--quiet", "--force"], input: Array(lines.joined().utf8))
        guard let sha = await commit("refs/heads/\(branch)", repository) else { throw TestFailure("no commit was made") }
        return sha
    }

    /// Branches `more-0001` and so on.
    package func addBranches(_ repository: Repository, count: Int, at sha: String) async throws {
        let lines = (1...count).map { number in
            "create refs/heads/more-\(String(10_000 + number).dropFirst()) \(sha)\n"
        }
        try await git(repository, ["update-ref", "--stdin"], input: Array(lines.joined().utf8))
    }

    package func deleteBranch(_ repository: Repository, _ branch: String) async throws {
        try await git(repository, ["update-ref", "-d", "refs/heads/\(branch)"])
    }
}
