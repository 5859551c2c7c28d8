import Deploys
import JSON

/// Deployments (docs.github.com, "REST API endpoints for deployments").
package struct GitHubDeployment: Sendable, Equatable {
    /// States of a deployment status; `inactive` says that another one took its place.
    package enum State: String, Sendable {
        case queued, pending, success, failure, error, inactive
        case inProgress = "in_progress"
    }

    package struct Status: Sendable, Equatable {
        package var state: State
        package var description: String?
        package var logURL: String?
        /// Where what was deployed answers.
        package var environmentURL: String?

        package init(
            _ state: State, description: String? = nil, logURL: String? = nil, environmentURL: String? = nil
        ) {
            self.state = state
            self.description = description
            self.logURL = logURL
            self.environmentURL = environmentURL
        }
    }

    package var commit: CommitID
    package var environment: String
    package var isProduction: Bool
    /// Environments that come and go, such as previews.
    package var isTransient: Bool
    package var description: String?
    /// Ours, to find the deployment by.
    package var externalID: String

    package init(
        commit: CommitID, environment: String, isProduction: Bool = false, isTransient: Bool = false,
        description: String? = nil, externalID: String
    ) {
        self.commit = commit
        self.environment = environment
        self.isProduction = isProduction
        self.isTransient = isTransient
        self.description = description
        self.externalID = externalID
    }

    package static let maxDescriptionCharacters = 140
    private static let externalIDKey = "iterapp"

    var body: JSON {
        var body: JSON = [
            "ref": .string(commit.sha), "task": "deploy", "environment": .string(environment),
            // What is deployed is this commit, not one that GitHub merges the default branch into.
            "auto_merge": false,
            // Otherwise GitHub waits for every check of the commit, our own included.
            "required_contexts": [],
            "production_environment": .bool(isProduction), "transient_environment": .bool(isTransient),
            "payload": [Self.externalIDKey: .string(externalID)],
        ]
        body["description"] = description.map { .string(String($0.prefix(Self.maxDescriptionCharacters))) }
        return body
    }

    /// The id of ours that a deployment was created with. GitHub gives a payload back as an object, or as its text.
    static func externalID(in deployment: JSON) -> String? {
        let payload = deployment["payload"]
        let object = payload?.string.flatMap { try? JSON.parse($0) } ?? payload
        return object?[externalIDKey]?.string
    }
}

extension GitHubDeployment.Status {
    var body: JSON {
        var body: JSON = [
            "state": .string(state.rawValue),
            // Failures of an environment that another deployment has taken over must not end that one.
            "auto_inactive": .bool(state == .success),
        ]
        body["description"] = description.map {
            .string(String($0.prefix(GitHubDeployment.maxDescriptionCharacters)))
        }
        body["log_url"] = logURL.map(JSON.string)
        body["environment_url"] = environmentURL.map(JSON.string)
        return body
    }
}

extension GitHubClient {
    /// Of one commit and environment that are looked through.
    static let maxDeployments = 1_000

    /// - Returns: the deployment's id.
    /// - Throws: `.unanswered` or `.failing` when it may have been created all the same, which
    ///   `deployment(externalID:…)` tells.
    package func createDeployment(
        _ deployment: GitHubDeployment, of repository: AppID
    ) async throws(GitHubError) -> Int {
        let call = GitHubCall(.post, GitHubCall.path(of: repository, "deployments"), body: deployment.body)
        let answer = try await send(call, of: repository, for: .deployments)
        guard let id = try answer.json()["id"]?.int else { throw .malformed("a deployment without `id`") }
        return id
    }

    /// A status twice does no harm: the newest counts.
    package func setStatus(
        _ status: GitHubDeployment.Status, ofDeployment id: Int, of repository: AppID
    ) async throws(GitHubError) {
        let call = GitHubCall(
            .post, GitHubCall.path(of: repository, "deployments/\(id)/statuses"), body: status.body,
            mayBeRepeated: true)
        _ = try await send(call, of: repository, for: .deployments)
    }

    /// The newest deployment that was created with this id of ours; nil when there is none.
    package func deployment(
        externalID: String, on commit: CommitID, environment: String, of repository: AppID
    ) async throws(GitHubError) -> Int? {
        let call = GitHubCall(
            .get, GitHubCall.path(of: repository, "deployments"),
            query: [("sha", commit.sha), ("environment", environment)])
        let found = try await list(call, of: repository, for: .deployments, maxItems: Self.maxDeployments)
        return found.filter { GitHubDeployment.externalID(in: $0) == externalID }.compactMap { $0["id"]?.int }.max()
    }
}
