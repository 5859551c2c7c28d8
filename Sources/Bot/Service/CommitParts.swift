import Deploys
import Foundation
import GitHub

/// What GitHub is told about commits, wired. It changes nothing in the cluster, and so runs whoever holds the Lease.
struct CommitParts: Sendable {
    /// Nil when commits come from elsewhere.
    let courier: CommitCourier?
    private let reload: Signal

    /// - Parameter reload: fired when somebody may have mended what was in the way.
    init(_ basics: Basics, reload: Signal) {
        self.reload = reload
        guard case .github = basics.settings.source, let client = basics.gitHub else {
            courier = nil
            return
        }
        courier = CommitCourier(
            book: basics.journal, board: GitHubCommitBoard(client), logs: basics.buildLogs, mask: basics.mask.masked,
            signals: basics.signals, now: basics.now, log: basics.log)
    }

    /// Works until the task is cancelled.
    func run() async {
        guard let courier else { return }
        let watch = reload.forward(to: Signal())
        await withDiscardingTaskGroup { group in
            group.addTask { await courier.run() }
            group.addTask {
                while true {
                    await watch.signal.wait()
                    guard !Task.isCancelled else { return }
                    await courier.tryAgain()
                }
            }
        }
    }

    /// Nil when nothing is told.
    func figures(_ journal: JournalStatistics?) async -> CommitFigures? {
        guard let courier else { return nil }
        return CommitFigures(
            book: journal?.commits ?? CommitStatistics(), counts: courier.counts.current,
            obstacles: await courier.obstacles())
    }
}

/// How it stands with what GitHub is told. Pure.
struct CommitFigures: Sendable {
    let book: CommitStatistics
    let counts: CommitCounts.Figures
    /// What is in the way: a sentence each.
    let obstacles: [String]

    /// Younger ones are on their way.
    static let minAgeSeconds = 120.0

    /// Lines for `/readyz`; empty when all is well. A GitHub that is away is no reason to be away oneself.
    func lines(now: Date) -> [String] {
        var lines: [String] = []
        let count = book.behind == 1 ? "1 entry on commits waits" : "\(book.behind) entries on commits wait"
        if book.behind > 0, let reason = obstacles.first {
            lines.append("\(count) for GitHub: \(reason)")
        } else if book.behind > 0, let age = book.oldest.map({ now.timeIntervalSince($0) }), age > Self.minAgeSeconds {
            lines.append("\(count) for GitHub, the oldest for \(Int(age)) s")
        }
        if book.putAside > 0 {
            lines.append("\(book.putAside) put aside, for GitHub would not take them; see the log")
        }
        return lines
    }
}

extension MetricsPage {
    func addCommits(_ lines: inout [String], _ commits: CommitFigures) {
        add(
            &lines, "iterapp_commit_entries", "gauge",
            "Check runs and deployments on GitHub that do not say yet how things stand, by state.",
            [
                ("{state=\"behind\"}", Double(commits.book.behind)),
                ("{state=\"put_aside\"}", Double(commits.book.putAside)),
            ])
        let age = commits.book.oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0
        add(
            &lines, "iterapp_commit_entries_oldest_seconds", "gauge", "Age of the oldest one that is behind.",
            [("", age)], unit: "seconds")
        let kinds = CommitPart.Kind.allCases
        add(
            &lines, "iterapp_commit_tellings", "counter", "What GitHub was told about commits, by kind.",
            kinds.map { ("_total{kind=\"\($0.rawValue)\"}", Double(commits.counts.told[$0] ?? 0)) })
        // Most pairs never happen.
        let failures = kinds.flatMap { kind in
            CommitCounts.Failure.allCases.compactMap { reason in
                commits.counts.failed[kind]?[reason].map {
                    ("_total{kind=\"\(kind.rawValue)\",reason=\"\(reason.rawValue)\"}", Double($0))
                }
            }
        }
        add(
            &lines, "iterapp_commit_telling_failures", "counter",
            "What GitHub was told about commits and did not take, by kind and reason.", failures)
    }
}
