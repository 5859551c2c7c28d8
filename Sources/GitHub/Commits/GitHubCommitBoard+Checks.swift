import Deploys
import JSON

extension GitHubCommitBoard {
    func openCheckRun(_ check: CheckPage, _ target: CommitTarget) async throws(GitHubError) -> OpenedEntry {
        let id = try await client.createCheckRun(Self.run(check, target), on: target.commit, of: target.repository)
        return OpenedEntry(id: Int64(id), isComplete: check.annotations.isEmpty)
    }

    /// Annotations are never taken back, and an answer may have been lost: only those that are missing are added.
    func updateCheckRun(_ id: Int, _ check: CheckPage, _ target: CommitTarget) async throws(GitHubError) {
        let run = Self.run(check, target)
        let count = try await client.updateCheckRun(id, run, of: target.repository)
        guard count < check.annotations.count, let output = run.output else { return }
        let missing = check.annotations.dropFirst(count).map { annotation in
            GitHubAnnotation(
                path: annotation.path, lines: annotation.line...annotation.line, column: annotation.column,
                level: annotation.isWarning ? .warning : .failure, title: "iterapp.toml", message: annotation.message)
        }
        try await client.annotate(id, missing, output: output, of: target.repository)
    }

    static func name(_ check: CheckPage) -> String { "iterapp (\(check.mark.appLabel))" }

    private static func run(_ check: CheckPage, _ target: CommitTarget) -> GitHubCheckRun {
        let mark = check.mark
        var run = GitHubCheckRun(name: name(check), state: state(mark.state))
        run.externalID = "\(target.operation)"
        run.detailsURL = mark.detailsURL
        run.startedAt = mark.startedAt
        run.completedAt = mark.completedAt
        run.output = .init(title: check.title, summary: check.summary)
        if case .completed = mark.state {
            run.actions = [
                .init(label: "Build again", description: "Build this commit once more", identifier: "build")
            ]
        }
        return run
    }

    private static func state(_ state: CheckMark.State) -> GitHubCheckRun.State {
        switch state {
        case .queued: .queued
        case .inProgress: .inProgress
        case .completed(.success): .completed(.success)
        case .completed(.failure): .completed(.failure)
        case .completed(.cancelled): .completed(.cancelled)
        case .completed(.skipped): .completed(.skipped)
        case .completed(.timedOut): .completed(.timedOut)
        case .completed(.actionRequired): .completed(.actionRequired)
        }
    }
}

/// docs.github.com, "REST API endpoints for commit statuses": all that GitHub takes about a build from a person.
extension GitHubCommitBoard {
    /// The newest status of a context counts.
    func setStatus(_ check: CheckPage, _ target: CommitTarget) async throws(GitHubError) -> OpenedEntry {
        var body: JSON = [
            "state": .string(Self.status(check.mark.state)), "context": .string("iterapp/\(check.mark.appLabel)"),
            "description": .string(DeploymentMark.short(check.title)),
        ]
        body["target_url"] = check.mark.detailsURL.map(JSON.string)
        let path = GitHubCall.path(of: target.repository, "statuses/\(target.commit.sha)")
        let call = GitHubCall(.post, path, body: body, mayBeRepeated: true)
        let answer = try await client.send(call, of: target.repository, for: .checks)
        guard let id = try answer.json()["id"]?.int else { throw .malformed("a commit status without `id`") }
        return OpenedEntry(id: Int64(id), isComplete: true)
    }

    /// There are four; what was skipped keeps nobody from merging, and is no failure.
    private static func status(_ state: CheckMark.State) -> String {
        switch state {
        case .queued, .inProgress, .completed(.actionRequired): "pending"
        case .completed(.success), .completed(.skipped): "success"
        case .completed(.failure), .completed(.timedOut): "failure"
        case .completed(.cancelled): "error"
        }
    }
}
