import Foundation

package struct OperationID: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
    package let number: Int64
    package init(_ number: Int64) { self.number = number }
    package init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int64.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
    package static func < (left: OperationID, right: OperationID) -> Bool { left.number < right.number }
    package var description: String { String(number) }
}

/// Somebody in the chat workspace.
package struct Person: Hashable, Codable, Sendable {
    package let id: String
    package let name: String
    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// Who or what asked.
package enum Trigger: Hashable, Codable, Sendable {
    case command(Person)
    case button(Person)
    case push(by: String)
    /// Somebody asked for it on the page of the commit, where its source keeps it.
    case rerun(by: String)
    /// A branch was found elsewhere than it was known to be: a push that nobody told of.
    case look
    /// The service itself saw that the cluster is not as it should be.
    case watch

    /// Nil for what nobody of the workspace asked for.
    package var person: Person? {
        switch self {
        case .command(let person), .button(let person): person
        case .push, .rerun, .look, .watch: nil
        }
    }
}

/// One thing that was asked for and acknowledged: it is carried to its end, whatever happens.
package struct Operation: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case register, deregister, build, deploy
        /// A push: built, and then deployed when its branch is the default one.
        case push
        /// What runs in an environment differs from its release, and is put right.
        case repair
        /// What its source tells of an app's repository: it is done when it is written.
        case repository
    }

    package enum State: String, Codable, Sendable {
        case queued, running, succeeded, failed
        /// A newer push came before this one had begun.
        case superseded
        /// Somebody stopped it, or nobody approved it.
        case cancelled
    }

    package let id: OperationID
    package let kind: Kind
    package let app: AppID
    /// Where it deploys to. For a build: what its button will offer. Nil when nothing is deployed.
    package var environment: EnvironmentName?
    package let revision: Revision?
    package let trigger: Trigger
    /// Where people are told about it: `#iterapp-logs`.
    package let channel: String
    package var state: State
    /// Known once the revision was looked up; a retry takes the same commit, wherever the branch went.
    package var commit: Commit?
    /// Nil for what is no push, or one whose turn among the pushes of its branch is known.
    package var doubt: Doubt?
    package var buildNumber: Int?
    package var releaseNumber: Int?
    /// Nil when nobody has to approve it.
    package var approval: Approval?
    /// Somebody wants it to stop.
    package var cancelledBy: Person?
    /// Why its sender wants it, in the sender's words.
    package let note: String?
    package let createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?

    package init(
        id: OperationID, kind: Kind, app: AppID, environment: EnvironmentName?, revision: Revision?,
        trigger: Trigger, channel: String, state: State, commit: Commit? = nil, doubt: Doubt? = nil,
        buildNumber: Int? = nil, releaseNumber: Int? = nil, approval: Approval? = nil, cancelledBy: Person? = nil,
        note: String? = nil, createdAt: Date, startedAt: Date? = nil, finishedAt: Date? = nil
    ) {
        self.id = id
        self.kind = kind
        self.app = app
        self.environment = environment
        self.revision = revision
        self.trigger = trigger
        self.channel = channel
        self.state = state
        self.commit = commit
        self.doubt = doubt
        self.buildNumber = buildNumber
        self.releaseNumber = releaseNumber
        self.approval = approval
        self.cancelledBy = cancelledBy
        self.note = note
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    /// Operations of one lane run one at a time, in the order they were accepted.
    package var lane: String {
        switch kind {
        case .deploy, .repair: "\(app.key) \(environment?.rawValue ?? "")"
        case .push where environment != nil: "\(app.key) \(environment?.rawValue ?? "")"
        case .build, .push: "\(app.key) build \(revision?.text ?? "")"
        // Over all apps: two that exclude each other must not be looked at side by side.
        case .register, .deregister: "registration"
        case .repository: "\(app.key) repository"
        }
    }

    package var isFinished: Bool { state != .queued && state != .running }

    /// Work on it was under way when a newer push ended it: it waited neither for its turn nor for somebody's word.
    package var wasStoppedMidBuild: Bool {
        state == .superseded && buildNumber != nil && approval?.heldSince == nil
    }

    /// It does nothing until a second person has said that it may go on.
    package var isHeld: Bool { state == .queued && approval?.heldSince != nil && approval?.by == nil }
}

/// Of a push that does not follow the one that its branch is known to be at: it is late, or another one was missed. It
/// moves nothing until its source has said, at its turn, that the branch is there.
package struct Doubt: Hashable, Codable, Sendable {
    /// Where the branch was before it, as its source told; nil for a new branch.
    package let before: CommitID?

    package init(before: CommitID?) { self.before = before }
}

/// A second person's word, without which an operation does not change its environment.
package struct Approval: Hashable, Codable, Sendable {
    /// Who gave it; nil while it is waited for.
    package var by: Person?
    /// Since when the operation does nothing but wait for it.
    package var heldSince: Date?

    package init(by: Person? = nil, heldSince: Date? = nil) {
        self.by = by
        self.heldSince = heldSince
    }
}

/// A button of a message, pressed.
package struct Press: Hashable, Sendable {
    /// The one whose message has the button.
    package let operation: OperationID
    package let step: NextStep

    package init(_ step: NextStep, on operation: OperationID) {
        self.step = step
        self.operation = operation
    }

    /// The same step of the same message acts once.
    package var deduplicationKey: String { "press:\(operation):\(step.name)" }
}

/// What is written down when a command or a push is accepted.
package struct OperationRequest: Sendable {
    package let kind: Operation.Kind
    package let app: AppID
    package let environment: EnvironmentName?
    package let revision: Revision?
    package let trigger: Trigger
    package let channel: String
    /// A push names its commit, and so does what was shown before it was asked for; a command's is looked up later.
    package var commit: Commit?
    /// The same key acts once: Slack's `trigger_id`, GitHub's delivery id.
    package let deduplicationKey: String?
    /// The request that asked for it, however often it is delivered.
    package var delivery: String?
    /// Where its sender is; nil for a push.
    package var place: Place?
    /// Nobody but another person can let it go on.
    package var needsApproval = false
    package var note: String?
    /// The button that was pressed for it.
    package var press: Press?
    /// What it did to its branch, for a push.
    package var move: BranchMove?

    package init(
        kind: Operation.Kind, app: AppID, environment: EnvironmentName?, revision: Revision?,
        trigger: Trigger, channel: String, commit: Commit? = nil, deduplicationKey: String?
    ) {
        self.kind = kind
        self.app = app
        self.environment = environment
        self.revision = revision
        self.trigger = trigger
        self.channel = channel
        self.commit = commit
        self.deduplicationKey = deduplicationKey
    }
}
