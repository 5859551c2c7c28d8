import Foundation
import TestSupport

/// What developers have pushed: one push of a repository at a time.
actor Repositories {
    private let stage: CrashStage
    private var heads: [String: String] = [:]
    private var count = 0
    /// The content of each commit's image, by its digits.
    private(set) var contents: [String: String] = [:]

    /// The newest commit of each repository that was pushed to, by app.
    var pushedHeads: [String: String] { heads.filter { contents[$0.value] != "\($0.key) 0" } }

    /// Reads where the repositories are.
    init(_ stage: CrashStage) async throws {
        self.stage = stage
        for (app, repository) in stage.repositories {
            let text = try String(contentsOf: repository.directory.appending(path: "refs/heads/main"), encoding: .utf8)
            let head = text.trimmingCharacters(in: .whitespacesAndNewlines)
            heads[app] = head
            contents[head] = "\(app) 0"
        }
    }

    /// Pushes a commit.
    /// - Returns: where the branch was before, and the new commit.
    func push(to app: String) async throws -> (before: String?, commit: String) {
        guard let repository = stage.repositories[app] else { throw TestFailure("there is no repository \(app)") }
        while isPushing.contains(app) { try await Task.sleep(for: .milliseconds(1)) }
        isPushing.insert(app)
        defer { isPushing.remove(app) }
        count += 1
        let content = "\(app) \(count)"
        let before = heads[app]
        let commit = try await stage.github.push(repository, CrashStage.files(content: content), subject: content)
        heads[app] = commit
        contents[commit] = content
        return (before, commit)
    }

    private var isPushing: Set<String> = []
}
