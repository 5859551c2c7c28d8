import Deploys
import Foundation
import XCTest

final class OutboxTests: XCTestCase {
    private let posted = MessageReference(channel: "C1", timestamp: "1.5")

    func testNoticesComeInOrderPerChannel() async throws {
        try await JournalUnderTest.run { journal in
            let empty = try await journal.channelsWithNotices()
            XCTAssertEqual(empty, [])
            let none = try await journal.next(in: room, at: noon)
            XCTAssertEqual(none, .none)
            _ = try await journal.take(.deploy(), notices: [detail("1"), detail("2")])
            _ = try await journal.take(.deploy(in: "#b"), notices: [detail("b1")])
            _ = try await journal.take(.deploy(dogs), notices: [detail("3")])
            let channels = try await journal.channelsWithNotices()
            XCTAssertEqual(Set(channels), [room, "#b"])
            XCTAssertEqual(channels.count, 2)
            let others = try await journal.deliverAll(in: "#b")
            XCTAssertEqual(others.map(\.draft), [detail("b1")])
            let ours = try await journal.deliverAll()
            XCTAssertEqual(ours.map(\.draft), [detail("1"), detail("2"), detail("3")])
            let after = try await journal.channelsWithNotices()
            XCTAssertEqual(after, [])
        }
    }

    func testEveryDraftComesBackAsItWasWritten() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.push(commit: testCommit("b")))
            let site = Site(url: "https://cats/", waitingFor: "cats.cool to point to 1.2.3.4")
            let report = Report(operation: operation, appLabel: "cats", phase: .waitingForSites([site]))
            let failure = Failure(.build, "No Dockerfile", advice: "Add one", evidence: ["a", "b"])
            let failed = Report(operation: operation, appLabel: "cats", phase: .failed(failure))
            let drafts: [NoticeDraft] = [
                .live(report), .detail(title: "Log", lines: ["", "\u{1B}[1mred", "tab\t"]),
                .announcement(failed),
            ]
            try await journal.record(operation, notices: drafts)
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), drafts)
        }
    }

    func testTheLiveMessageIsKnownOnceItWasPosted() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            let other = try await journal.take(.deploy(dogs))
            try await journal.record(operation, notices: [live(operation, 0), detail("d")])
            let first = try await journal.head()
            XCTAssertNil(first.liveMessage)
            try await journal.begin(first.id)
            try await journal.delivered(first.id, as: posted)
            let second = try await journal.head()
            XCTAssertEqual(second.draft, detail("d"))
            XCTAssertEqual(second.liveMessage, posted)
            try await journal.begin(second.id)
            // A reply is a message too, but not the one that is edited.
            try await journal.delivered(second.id, as: MessageReference(channel: "C1", timestamp: "2"))
            try await journal.record(operation, notices: [live(operation, 1)])
            let edit = try await journal.head()
            XCTAssertEqual(edit.liveMessage, posted)
            try await journal.begin(edit.id)
            try await journal.delivered(edit.id, as: nil)
            try await journal.record(operation, notices: [detail("e")])
            try await journal.record(other, notices: [detail("f")])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.liveMessage), [posted, nil])
        }
    }

    func testANoticeThatWasBegunIsInDoubt() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy(), notices: [detail("1"), detail("2")])
            let first = try await journal.head()
            XCTAssertFalse(first.isDoubtful)
            try await journal.begin(first.id)
            let again = try await journal.head()
            XCTAssertEqual(again.id, first.id)
            XCTAssertTrue(again.isDoubtful)
            XCTAssertEqual(again.failures, 0)
            try await journal.delivered(first.id, as: nil)
            try await journal.delivered(first.id, as: nil)
            let second = try await journal.head()
            XCTAssertEqual(second.draft, detail("2"))
            XCTAssertFalse(second.isDoubtful)
        }
    }

    func testPostponingHoldsTheChannelBack() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy(), notices: [detail("1"), detail("2")])
            _ = try await journal.take(.deploy(in: "#b"), notices: [detail("b")])
            let first = try await journal.head()
            for failures in 1...2 {
                try await journal.begin(first.id)
                try await journal.postpone(
                    first.id, until: later(30), reason: "ratelimited", mayHaveArrived: false)
                let early = try await journal.next(in: room, at: later(29.9))
                XCTAssertEqual(early, .waitUntil(later(30)))
                let due = try await journal.head(at: later(30))
                XCTAssertEqual(due.id, first.id)
                XCTAssertEqual(due.failures, failures)
                XCTAssertFalse(due.isDoubtful, "it did not arrive")
            }
            let other = try await journal.head(in: "#b")
            XCTAssertEqual(other.draft, detail("b"))
            try await journal.begin(first.id)
            try await journal.delivered(first.id, as: nil)
            let second = try await journal.head()
            XCTAssertEqual(second.draft, detail("2"), "the channel works again")
            XCTAssertEqual(second.failures, 0)
        }
    }

    func testANoticeThatMayHaveArrivedStaysInDoubt() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy(), notices: [detail("1")])
            let first = try await journal.head()
            try await journal.begin(first.id)
            try await journal.postpone(first.id, until: later(1), reason: "timed out", mayHaveArrived: true)
            let unsure = try await journal.head(at: later(1))
            XCTAssertTrue(unsure.isDoubtful)
            XCTAssertEqual(unsure.failures, 1)
            try await journal.begin(first.id)
            try await journal.postpone(first.id, until: later(2), reason: "refused", mayHaveArrived: false)
            let sure = try await journal.head(at: later(2))
            XCTAssertFalse(sure.isDoubtful)
            XCTAssertEqual(sure.failures, 2)
        }
    }

    func testAFailedEditThatGaveWayStillHoldsTheChannelBack() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            try await journal.record(operation, notices: [live(operation, 0)])
            _ = try await journal.deliverAll()
            try await journal.record(operation, notices: [live(operation, 1)])
            let edit = try await journal.head()
            try await journal.record(operation, notices: [live(operation, 2)])
            try await journal.postpone(
                edit.id, until: later(30), reason: "ratelimited", mayHaveArrived: false)
            let early = try await journal.next(in: room, at: later(29))
            XCTAssertEqual(early, .waitUntil(later(30)))
            let newer = try await journal.head(at: later(30))
            XCTAssertEqual(newer.draft, live(operation, 2))
            XCTAssertEqual(newer.failures, 1, "so that pauses grow")
            try await journal.record(operation, notices: [live(operation, 3)])
            try await journal.delivered(newer.id, as: newer.liveMessage)
            let newest = try await journal.head()
            XCTAssertEqual(newest.draft, live(operation, 3))
            XCTAssertEqual(newest.failures, 0)
        }
    }

    func testAnEditDoesNotComeSoonerThanTheOneItReplaces() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            try await journal.record(operation, notices: [live(operation, 0)])
            _ = try await journal.deliverAll()
            try await journal.record(operation, notices: [live(operation, 1), detail("d")])
            let edit = try await journal.head()
            try await journal.begin(edit.id)
            try await journal.postpone(
                edit.id, until: later(30), reason: "ratelimited", mayHaveArrived: false)
            try await journal.record(operation, notices: [live(operation, 2)])
            let early = try await journal.next(in: room, at: later(29))
            XCTAssertEqual(early, .waitUntil(later(30)))
            let notices = try await journal.deliverAll(at: later(30))
            XCTAssertEqual(notices.map(\.draft), [detail("d"), live(operation, 2)])
        }
    }

    func testAMessageThatIsGoneIsPostedAnew() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            try await journal.record(operation, notices: [live(operation, 0)])
            _ = try await journal.deliverAll()
            try await journal.record(operation, notices: [live(operation, 1), detail("d")])
            let edit = try await journal.head()
            XCTAssertNotNil(edit.liveMessage)
            try await journal.begin(edit.id)
            try await journal.forgetLiveMessage(of: operation.id)
            let post = try await journal.head()
            XCTAssertEqual(post.id, edit.id)
            XCTAssertNil(post.liveMessage)
            XCTAssertFalse(post.isDoubtful, "an edit of a message that is gone did not arrive")
            try await journal.record(operation, notices: [live(operation, 2)])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [live(operation, 2), detail("d")], "posted in its place")
        }
    }

    func testNoticesThatAreNotThere() async throws {
        try await JournalUnderTest.run { journal in
            let begin = await journalError { try await journal.begin(NoticeID(9)) }
            XCTAssertEqual(begin, .unavailable("notice 9 is not in the outbox"))
            let postpone = await journalError {
                try await journal.postpone(
                    NoticeID(9), until: noon, reason: "", mayHaveArrived: false)
            }
            XCTAssertEqual(postpone, .unavailable("notice 9 is not in the outbox"))
        }
    }

    func testFigures() async throws {
        try await JournalUnderTest.run { journal in
            let empty = try await journal.statistics()
            XCTAssertEqual(empty.undeliveredNotices, 0)
            XCTAssertNil(empty.oldestUndelivered)
            _ = try await journal.take(.push(), at: later(1), notices: [detail("1")])
            _ = try await journal.take(.push(), at: later(2), notices: [detail("2"), detail("3")])
            _ = try await journal.take(.deploy(dogs))
            let registration = try await journal.take(.other(.register))
            _ = try await journal.claimed()
            _ = try await journal.claimed()
            let app = App(id: cats, defaultBranch: "main", defaultEnvironment: nil)
            try await journal.end(registration, .registered(app))
            let first = try await journal.head()
            try await journal.delivered(first.id, as: nil)
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.apps, 1)
            XCTAssertEqual(
                figures.operations.filter { $0.value != 0 },
                [.running: 2, .succeeded: 1, .superseded: 1])
            XCTAssertEqual(figures.undeliveredNotices, 2)
            XCTAssertEqual(figures.oldestUndelivered, later(2))
        }
    }
}
