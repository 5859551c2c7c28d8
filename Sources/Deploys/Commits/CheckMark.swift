import AppFile
import Foundation

/// A build on its commit's page: a check run, or what comes closest to it. Texts are raw: whoever shows them masks
/// and escapes them.
package struct CheckMark: Hashable, Codable, Sendable {
    package enum State: Hashable, Codable, Sendable {
        case queued, inProgress
        case completed(Conclusion)
    }

    /// As docs.github.com calls them, "REST API endpoints for check runs".
    package enum Conclusion: String, Codable, Sendable {
        case success, failure, cancelled, skipped
        case timedOut = "timed_out"
        case actionRequired = "action_required"
    }

    /// Logs whose ends are shown.
    package struct Logs: Hashable, Codable, Sendable {
        package let build: Int
        /// Nil for all there are; an empty name for an app without applings.
        package let applings: [String]?
    }

    /// What people call the app.
    package let appLabel: String
    package let state: State
    package let title: String
    /// Sentences, with `names` between backticks.
    package let paragraphs: [String]
    /// Of `iterapp.toml`.
    package let problems: [Problem]
    package let logs: Logs?
    /// Where more can be read.
    package let detailsURL: String?
    package let startedAt: Date?
    package let completedAt: Date?
    package let begins: Bool

    init?(_ report: Report, _ facts: CommitFacts) {
        guard let standing = BuildStanding(report, facts), let commit = report.operation.commit else { return nil }
        let operation = report.operation
        appLabel = report.appLabel
        (state, title) = (standing.state, standing.title)
        paragraphs = standing.sentences + [CommitWords.about(commit, operation)]
        problems = report.problems ?? []
        logs = operation.buildNumber.flatMap { build in
            guard case .completed = standing.state, facts.madeBuild else { return nil }
            return Logs(build: build, applings: standing.failedApplings)
        }
        detailsURL = report.logURL
        startedAt = operation.startedAt
        // A build ends before its deploy does, and nobody wrote down when.
        completedAt = if case .completed = standing.state, !facts.isBuilt { operation.finishedAt } else { nil }
        begins = switch operation.kind {
        case .push, .build: true
        // An operation that uses a build of another one has no check of its own.
        default: facts.madeBuild || !facts.isBuilt && standing.isFailure
        }
    }
}

/// How a build stands.
private struct BuildStanding {
    let state: CheckMark.State
    let title: String
    var sentences: [String] = []
    var failedApplings: [String]?

    var isFailure: Bool { state == .completed(.failure) || state == .completed(.timedOut) }

    private init(_ state: CheckMark.State, _ title: String, _ sentences: [String] = []) {
        self.state = state
        self.title = title
        self.sentences = sentences
    }

    private init(_ conclusion: CheckMark.Conclusion, _ title: String, _ sentences: [String] = []) {
        self.init(.completed(conclusion), title, sentences)
    }

    /// Nil for what says nothing about a build.
    init?(_ report: Report, _ facts: CommitFacts) {
        let operation = report.operation
        switch report.phase {
        case .awaitingApproval:
            self.init(.actionRequired, CommitWords.held, [CommitWords.heldSentence(operation.environment)])
        case .failed(let failure) where !facts.isBuilt || failure.stage == .settings: self.init(failure)
        case _ where facts.isBuilt: self.init(.success, CommitWords.built(operation.buildNumber))
        case .queued: self.init(.queued, CommitWords.queued)
        case .interrupted: self.init(.queued, CommitWords.interrupted, [CommitWords.interruptedSentence])
        case .preparing, .building: self.init(.inProgress, CommitWords.building)
        case .superseded(nil): self.init(.skipped, CommitWords.branchGone, [CommitWords.branchGoneSentence])
        case .superseded(let newer?):
            self.init(.skipped, CommitWords.overtaken, [CommitWords.overtakenSentence(operation, newer)])
        case .cancelled: self.init(.cancelled, CommitWords.cancelled)
        case .declined: self.init(.cancelled, CommitWords.declined)
        case .lapsed: self.init(.cancelled, CommitWords.lapsed)
        // It can't have come so far without a build.
        case .built, .applying, .rollingOut, .waitingForSites, .puttingBack, .live, .failed:
            self.init(.success, CommitWords.built(operation.buildNumber))
        case .registered, .deregistered, .certificateTrouble, .certificateRecovered, .taskFailed, .taskRecovered,
            .repaired, .repositoryNews:
            return nil
        }
    }

    private init(_ failure: Failure) {
        let sentences = [failure.sentence] + (failure.advice.map { [$0] } ?? [])
        let isTimedOut = failure.build?.isTimedOut ?? false
        self.init(isTimedOut ? .timedOut : .failure, CommitWords.failed(failure), sentences)
        failedApplings = failure.build?.applings
    }
}
