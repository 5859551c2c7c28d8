import Deploys
import Foundation
import HTTP
import Store

/// Figures in the OpenMetrics text format (prometheus.io/docs/specs/om, version 1.0). Pure.
struct MetricsPage {
    /// Nil when the journal could not be read.
    let journal: JournalStatistics?
    let server: HTTPServerStatistics?
    /// What the courier did since it began.
    var deliveries = DeliveryCounts.Figures()
    let holdsLease: Bool
    let now: Date
    /// What Slack sent, by kind.
    var slackRequests: [(kind: String, count: Int)] = []
    /// What GitHub sent, by event.
    var webhooks: [(kind: String, count: Int)] = []
    /// Nil when GitHub is told nothing.
    var commits: CommitFigures?
    var state = StateFigures()
    var logBytes: Int?
    var removed = RetentionFigures()

    var text: String {
        var lines: [String] = []
        add(&lines, "iterapp_journal_up", "gauge", "Whether the journal could be read.", [("", journal == nil ? 0 : 1)])
        if let journal { addJournal(&lines, journal) }
        addDeliveries(&lines, deliveries)
        add(
            &lines, "iterapp_lease_held", "gauge", "Whether this bot is the one that works.",
            [("", holdsLease ? 1 : 0)])
        if !slackRequests.isEmpty {
            add(
                &lines, "iterapp_slack_requests", "counter", "What Slack sent, and answers that were lost, by kind.",
                slackRequests.map { ("_total{kind=\"\($0.kind)\"}", Double($0.count)) })
        }
        if !webhooks.isEmpty {
            add(
                &lines, "iterapp_github_webhooks", "counter", "What GitHub sent, by event, and what was refused.",
                webhooks.map { ("_total{event=\"\($0.kind)\"}", Double($0.count)) })
        }
        if let commits { addCommits(&lines, commits) }
        addState(&lines)
        if let server { addServer(&lines, server) }
        return lines.joined(separator: "\n") + "\n# EOF\n"
    }

    private func addJournal(_ lines: inout [String], _ journal: JournalStatistics) {
        add(&lines, "iterapp_apps", "gauge", "Registered apps.", [("", Double(journal.apps))])
        let states = journal.operations.sorted { $0.key.rawValue < $1.key.rawValue }
        add(
            &lines, "iterapp_operations", "gauge", "Operations in the journal, by state.",
            states.map { ("{state=\"\($0.key.rawValue)\"}", Double($0.value)) })
        addOutbox(&lines, journal)
    }

    private func addServer(_ lines: inout [String], _ server: HTTPServerStatistics) {
        add(
            &lines, "iterapp_http_requests", "counter", "Requests answered, by class of status.",
            server.answersByClass.map { ("_total{class=\"\($0.statusClass)\"}", Double($0.count)) })
        add(
            &lines, "iterapp_http_connections", "gauge", "Open connections.", [("", Double(server.openConnections))])
    }

    func add(
        _ lines: inout [String], _ name: String, _ type: String, _ help: String, _ samples: [(String, Double)],
        unit: String? = nil
    ) {
        lines.append("# TYPE \(name) \(type)")
        if let unit { lines.append("# UNIT \(name) \(unit)") }
        lines.append("# HELP \(name) \(help)")
        for (suffix, value) in samples {
            let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
            lines.append("\(name)\(suffix) \(number)")
        }
    }
}
