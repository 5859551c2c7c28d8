import Deploys
import Foundation
import Kubernetes
import XCTest

@testable import Bot

final class ReadinessTests: XCTestCase {
    func testWhatAnOperatorReadsOfTheLease() {
        let cases: [(LeaseState, Int, String)] = [
            (.starting, 200, "ready\n"), (.held, 200, "ready\n"),
            (.heldBy("bot-2_ab"), 503, "another bot, bot-2_ab, holds the Lease; this one waits for it\n"),
            (.unavailable("It is away.", isPassing: true), 200, "ready, but work waits for the cluster: It is away.\n"),
            (.unavailable("It is forbidden.", isPassing: false), 503, "work can't begin: It is forbidden.\n"),
        ]
        for (lease, status, text) in cases {
            let answer = Readiness(lease: lease).answer
            XCTAssertEqual(answer.status, status)
            XCTAssertEqual(answer.text, text)
        }
    }

    /// A chat that is away is no reason to turn requests away.
    func testWhatAnOperatorReadsOfMessagesThatWait() {
        var journal = JournalStatistics()
        let since = Date(timeIntervalSince1970: 1_780_000_000)
        XCTAssertEqual(DeliveryWords(journal: journal, now: since).lines, [])
        func trouble(_ kind: Obstacle.Kind, _ failures: Int, after seconds: Double) -> OutboxStatistics.Trouble {
            OutboxStatistics.Trouble(
                Obstacle(.edits, kind, reason: "\(kind)", until: since), since: since + seconds, failures: failures)
        }
        journal.outbox.posts = 10
        journal.outbox.edits = 2
        journal.outbox.troubles = [trouble(.limit, 0, after: 0), trouble(.outage, 2, after: 1)]
        journal.oldestUndelivered = since
        XCTAssertEqual(DeliveryWords(journal: journal, now: since + 60).lines, [], "both pass by themselves")
        XCTAssertEqual(
            DeliveryWords(journal: journal, now: since + 125).lines, ["12 notices wait for Slack, the oldest for 125 s"])
        journal.outbox.troubles += [trouble(.refusal, 1, after: 3), trouble(.outage, 3, after: 2)]
        journal.outbox.parked = 1
        XCTAssertEqual(DeliveryWords(journal: journal, now: since + 125).lines, [
            "12 notices wait for Slack since 2026-05-28T20:26:42Z: outage",
            "1 put aside, for Slack would not take them; see the log",
        ])
        let answer = Readiness(lease: .held, remarks: ["a", "b"]).answer
        XCTAssertEqual(answer.status, 200)
        XCTAssertEqual(answer.text, "ready\na\nb\n")
    }

    func testWhatAnOperatorReadsOfCommitsThatWait() {
        let since = Date(timeIntervalSince1970: 1_780_000_000)
        var book = CommitStatistics()
        func lines(_ obstacles: [String] = [], after seconds: Double = 0) -> [String] {
            CommitFigures(book: book, counts: CommitCounts.Figures(), obstacles: obstacles).lines(now: since + seconds)
        }
        XCTAssertEqual(lines(["GitHub is away."]), [], "nothing waits for it")
        book.behind = 1
        book.oldest = since
        XCTAssertEqual(lines(after: 60), [], "it is on its way")
        XCTAssertEqual(lines(after: 125), ["1 entry on commits waits for GitHub, the oldest for 125 s"])
        book.behind = 12
        book.putAside = 3
        XCTAssertEqual(lines(["GitHub is away."]), [
            "12 entries on commits wait for GitHub: GitHub is away.",
            "3 put aside, for GitHub would not take them; see the log",
        ])
    }
}
