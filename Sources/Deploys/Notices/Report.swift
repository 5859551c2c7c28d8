import AppFile
import Foundation

/// All that a message about an operation shows, as of one moment.
package struct Report: Hashable, Codable, Sendable {
    package let operation: Operation
    /// `cats`, or `org/cats`.
    package let appLabel: String
    package private(set) var phase: Phase
    /// How many warnings the thread has; nil for none.
    package let warningCount: Int?
    /// What its readers can do next; nil for nothing.
    package var steps: [NextStep]?
    package var sequels: [Sequel]?
    /// Where its log can be read.
    package var logURL: String?
    /// Older pushes that it made unnecessary, and that have no message of their own.
    package var overtakenCount: Int?
    /// What was found in its settings, at most `maxProblems`, errors before warnings.
    package private(set) var problems: [Problem]?

    static let maxProblems = 100

    package init(operation: Operation, appLabel: String, phase: Phase, warnings: Int = 0) {
        self.operation = operation
        self.appLabel = appLabel
        self.phase = phase
        warningCount = warnings == 0 ? nil : warnings
    }

    /// Whether it has log lines, which stand in the message's thread, and are written there once.
    package var hasEvidence: Bool {
        if case .failed(let failure) = phase { !failure.evidence.isEmpty } else { false }
    }

    /// The same, as far as the message itself shows it.
    package var withoutEvidence: Report {
        guard hasEvidence, case .failed(let failure) = phase else { return self }
        var report = self
        report.phase = .failed(failure.withoutEvidence)
        return report
    }

    mutating func set(_ problems: [Problem]) {
        let errorsFirst = problems.filter { $0.severity == .error } + problems.filter { $0.severity != .error }
        self.problems = problems.isEmpty ? nil : Array(errorsFirst.prefix(Self.maxProblems))
    }
}

/// How far an operation is.
package enum Phase: Hashable, Codable, Sendable {
    /// Operations of its lane that run first.
    case queued(ahead: Int)
    /// Looking up the commit and its settings.
    case preparing
    case building([ApplingBuild])
    case applying
    /// - `holdUp`: what keeps it from going on at the moment.
    case rollingOut(ready: Int, wanted: Int, holdUp: String? = nil)
    /// The service stops, or may not work on the cluster at the moment; it goes on by itself.
    case interrupted
    /// The new version failed, and the release before it is brought back.
    case puttingBack(release: Int, ready: Int, wanted: Int)
    /// Rolled out; the URLs do not all answer yet.
    case waitingForSites([Site])

    case registered(defaultBranch: String)
    case deregistered
    case built
    case live([Site])
    case failed(Failure)
    /// The newer push that overtook it.
    case superseded(by: Commit?)

    /// About what an operation has put there, long after it ended.
    case certificateTrouble(CertificateTrouble)
    case certificateRecovered(hosts: [String])
    /// A scheduled task, by what people call it; told of the first run in a row that fails.
    case taskFailed(String, TaskFailure, at: Date)
    /// Told of the first run that goes well again.
    case taskRecovered(String, at: Date)
    /// Built, and held until one of them says that it may go on.
    case awaitingApproval(of: [Party])
    /// - `aftermath`: what became of the environment.
    case cancelled(by: Person, aftermath: String?)
    /// Nobody may deploy it: whoever was asked to approve it did not want it.
    case declined(by: Person)
    /// It was held for too long.
    case lapsed
    /// Somebody had changed what runs, and it was put right: what was different.
    case repaired([String])
    /// A sentence about the app's repository, and what to do about it.
    /// - `appCount`: when it is about the repositories of several.
    case repositoryNews(String, advice: String?, appCount: Int? = nil)
}

package struct ApplingBuild: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable { case waiting, building, done, failed }
    /// Empty for an app without applings.
    package let name: String
    package var state: State
    /// How many of its steps are behind it, as far as its builder tells.
    package var steps: StepCount?
    /// The build that made its image, when that was not made again; nil for one that is built.
    package var unchangedSince: Int?
    package init(name: String, state: State, steps: StepCount? = nil, unchangedSince: Int? = nil) {
        self.name = name
        self.state = state
        self.steps = steps
        self.unchangedSince = unchangedSince
    }
}

package struct StepCount: Hashable, Codable, Sendable {
    package let done: Int
    package let total: Int
    package init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

/// A URL of a deployed app.
package struct Site: Hashable, Codable, Sendable {
    package let url: String
    /// Nil when it answers.
    package var waitingFor: String?
    package init(url: String, waitingFor: String? = nil) {
        self.url = url
        self.waitingFor = waitingFor
    }
}

/// Why an operation failed, in words that its reader can act on.
package struct Failure: Hashable, Codable, Sendable, Error {
    package enum Stage: String, Codable, Sendable {
        case register, source, settings, build, rollOut, service
    }

    package let stage: Stage
    /// The first cause: what happened and where.
    package let sentence: String
    /// What to do next.
    package let advice: String?
    /// The last log lines, or the problems of `iterapp.toml`, oldest first.
    package let evidence: [String]
    /// Of a build that failed.
    package var build: FailedBuild?

    package init(_ stage: Stage, _ sentence: String, advice: String? = nil, evidence: [String] = []) {
        self.stage = stage
        self.sentence = sentence
        self.advice = advice
        self.evidence = evidence
    }

    var withoutEvidence: Failure {
        var failure = Failure(stage, sentence, advice: advice)
        failure.build = build
        return failure
    }
}

/// What of a build came to nothing.
package struct FailedBuild: Hashable, Codable, Sendable {
    /// The applings whose image is missing; an empty name for an app without applings.
    package let applings: [String]
    package let isTimedOut: Bool
}
