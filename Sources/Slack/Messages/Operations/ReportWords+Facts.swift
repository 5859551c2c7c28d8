import Deploys
import Foundation

/// What is known of the operation, small and grey below the rest.
extension ReportWords {
    private static let separator = "  ·  "

    /// One line of mrkdwn.
    var facts: String {
        if case .repositoryNews = report.phase { return who }
        return joined([
            operation.revision.map { Mrkdwn.code($0.text) }, commit,
            operation.buildNumber.map { "build \($0)" }, release, who, approval, time, overtaken,
            warnings,
        ])
    }

    /// For a post that is read once.
    var shortFacts: String {
        if case .repositoryNews = report.phase { return "" }
        let log = report.logURL.map { Mrkdwn.link($0, ControlWords.openLog) }
        return joined(isAftermath ? [commit, release] : [commit, release, who, time, log])
    }

    /// Why it was asked for, in its sender's words.
    var note: String? {
        guard let note = operation.note else { return nil }
        let words = Mrkdwn.words(note, maxUnits: 300)
        return words.isEmpty ? nil : "“\(words)”"
    }

    /// Why the message offers less than it did.
    var sequels: String? {
        guard let sequels = report.sequels, !sequels.isEmpty else { return nil }
        return "↪ " + joined(sequels.suffix(5).map(words))
    }

    private func words(_ sequel: Sequel) -> String {
        switch sequel {
        case .retried(let person): "Retried by \(Mrkdwn.person(person))"
        case .deployed(let environment, let person):
            "Deployed to \(EnvironmentWords.name(environment)) by \(Mrkdwn.person(person))"
        case .rolledBack(let number, let person): "Rolled back to release #\(number) by \(Mrkdwn.person(person))"
        case .asked(let environment, let person):
            "Asked for \(EnvironmentWords.name(environment)) by \(Mrkdwn.person(person))"
        case .askedToRollBack(let number, let person):
            "Asked to roll back to release #\(number) by \(Mrkdwn.person(person))"
        case .replaced(let number): "Replaced by release #\(number)"
        }
    }

    private func joined(_ parts: [String?]) -> String {
        parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: Self.separator)
    }

    /// Long after the operation, whose sender and duration are of no interest then.
    private var isAftermath: Bool {
        switch report.phase {
        case .certificateTrouble, .certificateRecovered, .taskFailed, .taskRecovered: true
        default: false
        }
    }

    private var commit: String? { operation.commit.map(CommitWords.line) }

    /// A number that never went live can't be deployed again, and is not told.
    private var release: String? {
        if case .live = report.phase {} else if !isAftermath { return nil }
        return operation.releaseNumber.map { "release #\($0)" }
    }

    private var who: String { Mrkdwn.trigger(operation.trigger) }

    private var approval: String? {
        operation.approval?.by.map { "approved by \(Mrkdwn.person($0))" }
    }

    /// While it runs, the reader's Slack counts on by itself.
    private var time: String? {
        if case .superseded = report.phase { return nil }
        if let end = operation.finishedAt {
            return "took \(Durations.text(end.timeIntervalSince(operation.startedAt ?? operation.createdAt)))"
        }
        if case .awaitingApproval = report.phase, let since = operation.approval?.heldSince {
            return Mrkdwn.ago("held", since)
        }
        if let start = operation.startedAt { return Mrkdwn.ago("started", start) }
        return Mrkdwn.ago("queued", operation.createdAt)
    }

    private var overtaken: String? {
        guard let count = report.overtakenCount, count > 0 else { return nil }
        return "overtook \(count) older \(count == 1 ? "push" : "pushes")"
    }

    private var warnings: String? {
        report.warningCount.map { $0 == 1 ? "1 warning in the thread" : "\($0) warnings in the thread" }
    }
}
