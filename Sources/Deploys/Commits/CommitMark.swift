import AppFile
import Foundation

/// What the page of a commit shall say about one operation. It follows from the operation's newest report, so
/// whatever was missed in between need not be told.
package struct CommitMark: Hashable, Sendable {
    /// Nil when the page has nothing to say about a build.
    package let check: CheckMark?
    /// Nil when the operation deploys nothing.
    package let deployment: DeploymentMark?

    /// Nil when the report is about something else than what became of the commit; what was told before stays then.
    package init?(_ report: Report, _ facts: CommitFacts) {
        guard [.push, .build, .deploy].contains(report.operation.kind), report.operation.commit != nil else {
            return nil
        }
        switch report.phase {
        case .registered, .deregistered, .certificateTrouble, .certificateRecovered, .taskFailed, .taskRecovered,
            .repaired, .repositoryNews:
            return nil
        default: break
        }
        check = CheckMark(report, facts)
        deployment = DeploymentMark(report, facts)
    }

    package func part(_ kind: CommitPart.Kind) -> CommitPart? {
        switch kind {
        case .check: check.map(CommitPart.check)
        case .deployment: deployment.map(CommitPart.deployment)
        }
    }
}

/// What an operation's report does not say of itself.
package struct CommitFacts: Hashable, Sendable {
    /// Its build is of this operation; otherwise one that was ready is used.
    package var madeBuild = false
    /// Its build has all its images.
    package var isBuilt = false
    /// The next release that went live in the environment after this operation's.
    package var replacedBy: Int?
    package init() {}
}

/// One thing on a commit's page, which is told by itself.
package enum CommitPart: Hashable, Sendable {
    case check(CheckMark)
    case deployment(DeploymentMark)

    package enum Kind: String, Sendable, CaseIterable { case check, deployment }

    package var kind: Kind {
        switch self {
        case .check: .check
        case .deployment: .deployment
        }
    }

    /// Whether it is worth an entry of its own; otherwise only an entry that is there already is brought up to date.
    package var begins: Bool {
        switch self {
        case .check(let mark): mark.begins
        case .deployment(let mark): mark.begins
        }
    }

    /// The same for the same content, in every process: whether there is news to tell.
    package var digest: Int64 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = switch self {
        case .check(let mark): try? encoder.encode(mark)
        case .deployment(let mark): try? encoder.encode(mark)
        }
        // FNV-1a (Fowler, Noll and Vo): the same everywhere, and nobody gains anything by a collision.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in data ?? Data() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }
}
