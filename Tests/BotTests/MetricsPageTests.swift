import Deploys
import Foundation
import XCTest

@testable import Bot
@testable import HTTP
import Store

/// The metrics page keeps to OpenMetrics 1.0, line by line.
final class MetricsPageTests: XCTestCase {
    private var page: MetricsPage {
        var journal = JournalStatistics()
        journal.apps = 3
        journal.operations = [.queued: 1, .running: 2, .succeeded: 40, .failed: 5, .superseded: 0]
        journal.outbox.posts = 4
        journal.outbox.edits = 2
        journal.outbox.parked = 1
        journal.outbox.collapsed = 77
        let noon = Date(timeIntervalSinceReferenceDate: 100)
        journal.outbox.troubles = [
            OutboxStatistics.Trouble(Obstacle(.edits, .limit, reason: "r", until: noon), since: noon, failures: 0)
        ]
        var deliveries = DeliveryCounts.Figures()
        deliveries.delivered = [.edit: 9]
        deliveries.failed = [.file: [.refused(.files): 1], .edit: [.limited: 3]]
        journal.oldestUndelivered = Date(timeIntervalSinceReferenceDate: 99.5)
        var server = HTTPServerStatistics()
        server.openConnections = 7
        server.successes = 100
        server.clientErrors = 2
        var page = MetricsPage(
            journal: journal, server: server, deliveries: deliveries, holdsLease: true, now: Date(timeIntervalSinceReferenceDate: 112))
        (page.state.free, page.state.reserve, page.state.journal, page.state.writeAheadLog) = (1_000_000, 5_000, 300, 1)
        page.logBytes = 20
        (page.removed.operations, page.removed.auditLines) = (4, 2)
        return page
    }

    func testTheWholePage() {
        XCTAssertEqual(page.text, """
            # TYPE iterapp_journal_up gauge
            # HELP iterapp_journal_up Whether the journal could be read.
            iterapp_journal_up 1
            # TYPE iterapp_apps gauge
            # HELP iterapp_apps Registered apps.
            iterapp_apps 3
            # TYPE iterapp_operations gauge
            # HELP iterapp_operations Operations in the journal, by state.
            iterapp_operations{state="failed"} 5
            iterapp_operations{state="queued"} 1
            iterapp_operations{state="running"} 2
            iterapp_operations{state="succeeded"} 40
            iterapp_operations{state="superseded"} 0
            # TYPE iterapp_outbox_notices gauge
            # HELP iterapp_outbox_notices Notices that wait to be delivered.
            iterapp_outbox_notices 7
            # TYPE iterapp_outbox_lanes gauge
            # HELP iterapp_outbox_lanes Notices that wait to be delivered, by lane.
            iterapp_outbox_lanes{lane="edits"} 2
            iterapp_outbox_lanes{lane="parked"} 1
            iterapp_outbox_lanes{lane="posts"} 4
            # TYPE iterapp_outbox_oldest_seconds gauge
            # UNIT iterapp_outbox_oldest_seconds seconds
            # HELP iterapp_outbox_oldest_seconds Age of the oldest notice that waits.
            iterapp_outbox_oldest_seconds 12.5
            # TYPE iterapp_outbox_collapsed counter
            # HELP iterapp_outbox_collapsed States that gave way to newer ones before they were sent.
            iterapp_outbox_collapsed_total 77
            # TYPE iterapp_outbox_obstacles gauge
            # HELP iterapp_outbox_obstacles What keeps notices from being sent, by kind.
            iterapp_outbox_obstacles{kind="limit"} 1
            iterapp_outbox_obstacles{kind="outage"} 0
            iterapp_outbox_obstacles{kind="refusal"} 0
            # TYPE iterapp_deliveries counter
            # HELP iterapp_deliveries Notices that the workspace took, by kind.
            iterapp_deliveries_total{kind="post"} 0
            iterapp_deliveries_total{kind="edit"} 9
            iterapp_deliveries_total{kind="reply"} 0
            iterapp_deliveries_total{kind="announcement"} 0
            iterapp_deliveries_total{kind="file"} 0
            # TYPE iterapp_delivery_failures counter
            # HELP iterapp_delivery_failures Notices that the workspace did not take, by kind and reason.
            iterapp_delivery_failures_total{kind="edit",reason="limited"} 3
            iterapp_delivery_failures_total{kind="file",reason="refused_files"} 1
            # TYPE iterapp_lease_held gauge
            # HELP iterapp_lease_held Whether this bot is the one that works.
            iterapp_lease_held 1
            # TYPE iterapp_disk_free_bytes gauge
            # UNIT iterapp_disk_free_bytes bytes
            # HELP iterapp_disk_free_bytes What is left on the state directory's disk.
            iterapp_disk_free_bytes 1000000
            # TYPE iterapp_disk_stalled gauge
            # HELP iterapp_disk_stalled Whether what is written does not end.
            iterapp_disk_stalled 0
            # TYPE iterapp_disk_reserve_bytes gauge
            # UNIT iterapp_disk_reserve_bytes bytes
            # HELP iterapp_disk_reserve_bytes Below it, no new work is taken.
            iterapp_disk_reserve_bytes 5000
            # TYPE iterapp_state_bytes gauge
            # UNIT iterapp_state_bytes bytes
            # HELP iterapp_state_bytes What the state directory holds, by part.
            iterapp_state_bytes{part="journal"} 300
            iterapp_state_bytes{part="logs"} 20
            iterapp_state_bytes{part="wal"} 1
            # TYPE iterapp_removed counter
            # HELP iterapp_removed What was removed because it was too old, by kind.
            iterapp_removed_total{kind="audit"} 2
            iterapp_removed_total{kind="logs"} 0
            iterapp_removed_total{kind="operations"} 4
            # TYPE iterapp_http_requests counter
            # HELP iterapp_http_requests Requests answered, by class of status.
            iterapp_http_requests_total{class="2xx"} 100
            iterapp_http_requests_total{class="3xx"} 0
            iterapp_http_requests_total{class="4xx"} 2
            iterapp_http_requests_total{class="5xx"} 0
            # TYPE iterapp_http_connections gauge
            # HELP iterapp_http_connections Open connections.
            iterapp_http_connections 7
            # EOF

            """)
    }

    /// prometheus.io/docs/specs/om, sections "Overall structure" and "ABNF".
    func testItKeepsToTheFormat() throws {
        for page in [page, telling, MetricsPage(journal: nil, server: nil, holdsLease: false, now: .now)] {
            XCTAssertTrue(page.text.hasSuffix("\n# EOF\n"))
            XCTAssertEqual(page.text.components(separatedBy: "# EOF").count, 2)
            var families: [String: String] = [:]
            var current = ""
            for line in page.text.split(separator: "\n").dropLast() {
                let words = line.split(separator: " ", maxSplits: 3).map(String.init)
                if words[0] == "#" {
                    if words[1] == "TYPE" {
                        XCTAssertNil(families.updateValue(words[3], forKey: words[2]), "\(words[2]) comes twice")
                        current = words[2]
                    }
                    XCTAssertEqual(words[2], current, "the lines of a family stand together")
                    if words[1] == "UNIT" { XCTAssertTrue(current.hasSuffix("_" + words[3])) }
                } else {
                    let sample = try XCTUnwrap(line.wholeMatch(of: #/([a-z_]+)(\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? ([0-9.]+)/#), "\(line)")
                    let suffix = families[current] == "counter" ? "_total" : ""
                    XCTAssertEqual(String(sample.1), current + suffix)
                }
            }
        }
    }

    /// The page of a bot that tells GitHub of commits.
    private var telling: MetricsPage {
        var (page, book, counts) = (page, CommitStatistics(), CommitCounts.Figures())
        (book.behind, book.putAside, book.oldest) = (5, 1, Date(timeIntervalSinceReferenceDate: 100))
        counts.told = [.check: 7]
        counts.failed = [.deployment: [.refused: 2]]
        page.commits = CommitFigures(book: book, counts: counts, obstacles: [])
        return page
    }

    func testWhatGitHubIsToldIsOnThePageOfABotThatTellsIt() {
        XCTAssertFalse(page.text.contains("iterapp_commit"))
        for line in [
            "iterapp_commit_entries{state=\"behind\"} 5", "iterapp_commit_entries{state=\"put_aside\"} 1",
            "iterapp_commit_entries_oldest_seconds 12", "iterapp_commit_tellings_total{kind=\"check\"} 7",
            "iterapp_commit_tellings_total{kind=\"deployment\"} 0",
            "iterapp_commit_telling_failures_total{kind=\"deployment\",reason=\"refused\"} 2",
        ] {
            XCTAssertTrue(telling.text.contains("\n\(line)\n"), "\(line) in \(telling.text)")
        }
    }

    func testAJournalThatCannotBeReadIsDown() {
        let text = MetricsPage(journal: nil, server: nil, holdsLease: false, now: .now).text
        XCTAssertTrue(text.contains("\niterapp_journal_up 0\n"), text)
        XCTAssertFalse(text.contains("iterapp_apps"))
    }
}
