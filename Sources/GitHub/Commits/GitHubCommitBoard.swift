import Deploys

/// Commits' pages on GitHub: a check run per build, and a Deployment per deploy. With a personal token, a commit
/// status stands in for the check run, which GitHub takes from Apps alone (docs.github.com, "REST API endpoints for
/// check runs").
package struct GitHubCommitBoard: CommitBoard {
    let client: GitHubClient

    package init(_ client: GitHubClient) { self.client = client }

    private var showsChecks: Bool { client.credentials.isApp }

    package func open(_ check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) -> OpenedEntry {
        do throws(GitHubError) {
            return showsChecks ? try await openCheckRun(check, target) : try await setStatus(check, target)
        } catch { throw CommitBoardError(error) }
    }

    package func update(_ id: Int64, to check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) {
        do throws(GitHubError) {
            if showsChecks {
                try await updateCheckRun(Int(id), check, target)
            } else {
                _ = try await setStatus(check, target)
            }
        } catch { throw CommitBoardError(error, ofEntry: showsChecks) }
    }

    package func find(_ check: CheckPage, of target: CommitTarget) async throws(CommitBoardError) -> Int64? {
        // A status that is set again is the same as before.
        guard showsChecks else { return nil }
        do throws(GitHubError) {
            return try await client.checkRun(
                externalID: "\(target.operation)", name: Self.name(check), on: target.commit, of: target.repository
            ).map(Int64.init)
        } catch { throw CommitBoardError(error) }
    }

    package func open(
        _ deployment: DeploymentMark, of target: CommitTarget
    ) async throws(CommitBoardError) -> OpenedEntry {
        let new = GitHubDeployment(
            commit: target.commit, environment: "\(deployment.environment)", isProduction: deployment.isProduction,
            isTransient: deployment.isTransient, externalID: "\(target.operation)")
        do throws(GitHubError) {
            let id = try await client.createDeployment(new, of: target.repository)
            return OpenedEntry(id: Int64(id), isComplete: false)
        } catch { throw CommitBoardError(error) }
    }

    package func update(
        _ id: Int64, to deployment: DeploymentMark, description: String, of target: CommitTarget
    ) async throws(CommitBoardError) {
        let status = GitHubDeployment.Status(
            Self.state(deployment.state), description: description, logURL: deployment.logURL,
            environmentURL: deployment.environmentURL)
        do throws(GitHubError) {
            try await client.setStatus(status, ofDeployment: Int(id), of: target.repository)
        } catch {
            throw CommitBoardError(error, ofEntry: true)
        }
    }

    package func find(_ deployment: DeploymentMark, of target: CommitTarget) async throws(CommitBoardError) -> Int64? {
        do throws(GitHubError) {
            return try await client.deployment(
                externalID: "\(target.operation)", on: target.commit, environment: "\(deployment.environment)",
                of: target.repository
            ).map(Int64.init)
        } catch { throw CommitBoardError(error) }
    }

    private static func state(_ state: DeploymentMark.State) -> GitHubDeployment.State {
        switch state {
        case .queued: .queued
        case .pending: .pending
        case .inProgress: .inProgress
        case .success: .success
        case .failure: .failure
        case .error: .error
        case .inactive: .inactive
        }
    }
}

extension CommitBoardError {
    /// - Parameter isOfEntry: whether the request was about an entry that was there.
    fileprivate init(_ error: GitHubError, ofEntry isOfEntry: Bool = false) {
        switch error {
        case .rateLimited(let date): self = .limited(until: date)
        case .failing, .unreachable, .unanswered: self = .outage(error.sentence)
        case .notFound where isOfEntry: self = .gone
        case .badCredentials, .forbidden, .notFound, .notInstalled, .suspended: self = .refused(error.sentence)
        case .invalid, .conflict: self = .unacceptable(error.sentence)
        // Something stands between us and GitHub, or GitHub has changed: it may change again.
        case .refused, .malformed: self = .outage(error.sentence)
        case .cancelled: self = .cancelled
        }
    }
}
