import Deploys
import JSON

extension GitHubClient {
    /// Of one request.
    package static let maxAnnotationsPerRequest = 50
    /// Check runs of one name and commit that are looked through.
    static let maxRunsPerCommit = 1_000

    /// - Returns: the run's id.
    /// - Throws: `.unanswered` or `.failing` when it may have been created all the same, which
    ///   `checkRun(externalID:…)` tells.
    package func createCheckRun(
        _ run: GitHubCheckRun, on commit: CommitID, of repository: AppID
    ) async throws(GitHubError) -> Int {
        var body = run.body
        body["head_sha"] = .string(commit.sha)
        let call = GitHubCall(.post, GitHubCall.path(of: repository, "check-runs"), body: body)
        let answer = try await send(call, of: repository, for: .checks)
        guard let id = try answer.json()["id"]?.int else { throw .malformed("a check run without `id`") }
        return id
    }

    /// Replaces what it says; annotations stay.
    /// - Returns: how many annotations it has.
    @discardableResult
    package func updateCheckRun(
        _ id: Int, _ run: GitHubCheckRun, of repository: AppID
    ) async throws(GitHubError) -> Int {
        let call = GitHubCall(.patch, GitHubCall.path(of: repository, "check-runs/\(id)"), body: run.body)
        return try await send(call, of: repository, for: .checks).json().at("output", "annotations_count")?.int ?? 0
    }

    /// Adds annotations to those that are there, as many requests as it takes. An answer that is lost is not asked for
    /// again: they would be there twice.
    /// - Parameter output: what the run says already; GitHub wants it each time.
    package func annotate(
        _ id: Int, _ annotations: [GitHubAnnotation], output: GitHubCheckRun.Output, of repository: AppID
    ) async throws(GitHubError) {
        var rest = annotations[...]
        while !rest.isEmpty {
            var body = output.body
            body["annotations"] = .array(rest.prefix(Self.maxAnnotationsPerRequest).map(\.body))
            rest = rest.dropFirst(Self.maxAnnotationsPerRequest)
            let call = GitHubCall(
                .patch, GitHubCall.path(of: repository, "check-runs/\(id)"), body: ["output": body],
                mayBeRepeated: false)
            _ = try await send(call, of: repository, for: .checks)
        }
    }

    /// The newest run that we created with this id of ours; nil when there is none.
    package func checkRun(
        externalID: String, name: String, on commit: CommitID, of repository: AppID
    ) async throws(GitHubError) -> Int? {
        let call = GitHubCall(
            .get, GitHubCall.path(of: repository, "commits/\(commit.sha)/check-runs"),
            query: [("check_name", name), ("filter", "all")])
        let runs = try await list(
            call, of: repository, for: .checks, items: "check_runs", maxItems: Self.maxRunsPerCommit)
        return runs.filter { $0["external_id"]?.string == externalID }.compactMap { $0["id"]?.int }.max()
    }
}
