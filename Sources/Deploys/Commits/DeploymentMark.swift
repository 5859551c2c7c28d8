import Foundation

/// A deploy on its commit's page. The description is raw: whoever shows it masks it.
package struct DeploymentMark: Hashable, Codable, Sendable {
    /// As docs.github.com calls them, "REST API endpoints for deployment statuses".
    package enum State: String, Codable, Sendable {
        case queued, pending, success, failure, error, inactive
        case inProgress = "in_progress"
    }

    package let environment: EnvironmentName
    package let state: State
    package let description: String
    /// The main URL of what was deployed.
    package let environmentURL: String?
    package let logURL: String?
    package let begins: Bool

    package var isProduction: Bool { environment == .prod }
    /// It will not stay for long.
    package var isTransient: Bool { environment.isSnap }

    /// Nil when nothing is deployed.
    init?(_ report: Report, _ facts: CommitFacts) {
        let operation = report.operation
        guard operation.kind != .build, let environment = operation.environment,
            let standing = DeployStanding(report, facts)
        else { return nil }
        self.environment = environment
        state = standing.state
        description = standing.description
        environmentURL = if case .live(let sites) = report.phase { sites.first?.url } else { nil }
        logURL = report.logURL
        // Where a push goes to is known from its settings, once it is built. Nobody needs to see begin what is over.
        begins = standing.state != .inactive && (operation.kind == .deploy || facts.isBuilt)
    }
}

/// How a deploy stands.
private struct DeployStanding {
    let state: DeploymentMark.State
    let description: String

    private init(_ state: DeploymentMark.State, _ description: String) {
        self.state = state
        self.description = description
    }

    /// Nil for what says nothing about a deploy.
    init?(_ report: Report, _ facts: CommitFacts) {
        let number = report.operation.releaseNumber
        switch report.phase {
        case .queued: self.init(.queued, CommitWords.queuedDeploy)
        case .interrupted: self.init(.queued, CommitWords.interruptedSentence)
        case .preparing, .building: self.init(.pending, CommitWords.pendingDeploy)
        case .awaitingApproval: self.init(.pending, CommitWords.heldDeploy)
        case .applying, .rollingOut, .waitingForSites: self.init(.inProgress, CommitWords.rollingOut(number))
        case .puttingBack(let release, _, _): self.init(.inProgress, CommitWords.puttingBack(release))
        case .live:
            if let newer = facts.replacedBy {
                self.init(.inactive, CommitWords.replaced(by: newer))
            } else {
                self.init(.success, CommitWords.live(number))
            }
        case .failed(let failure):
            self.init(failure.stage == .service ? .error : .failure, failure.sentence)
        case .superseded(nil): self.init(.inactive, CommitWords.branchGone)
        case .superseded: self.init(.inactive, CommitWords.overtaken)
        case .cancelled: self.init(.inactive, CommitWords.cancelled)
        case .declined: self.init(.inactive, CommitWords.declined)
        case .lapsed: self.init(.inactive, CommitWords.lapsed)
        case .built, .registered, .deregistered, .certificateTrouble, .certificateRecovered, .taskFailed,
            .taskRecovered, .repaired, .repositoryNews:
            return nil
        }
    }
}
