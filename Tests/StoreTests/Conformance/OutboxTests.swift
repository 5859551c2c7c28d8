import Deploys
import Foundation
import XCTest

final class OutboxTests: XCTestCase {
    private let posted = MessageReference(channel: "C1", timestamp: "1.5")

    func testNoticesComeInOrderPerChannel() async throws {
        try await JournalUnderTest.run { journal in
            let empty = try await journal.channelsWithPosts()
            XCTAssertEqual(empty, [])
            let none = try await journal.nextPost(in: room, at: noon)
            XCTAssertEqual(none, .none)
            _ = try await journal.take(.deploy(), notices: [detail("1"), detail("2")])
            _ = try await journal.take(.deploy(in: "#b"), notices: [detail("b1")])
            _ = try await journal.take(.deploy(dogs), notices: [detail("3")])
            let channels = try await journal.channelsWithPosts()
            XCTAssertEqual(Set(channels), [room, "#b"])
            XCTAssertEqual(channels.count, 2)
            let others = try await journal.deliverAll(in: "#b")
            XCTAssertEqual(others.map(\.draft), [detail("b1")])
            let ours = try await journal.deliverAll()
            XCTAssertEqual(ours.map(\.draft), [detail("1"), detail("2"), detail("3")])
            let after = try await journal.channelsWithPosts()
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
                .file(title: "<Log>", name: "a b.log", log: LogReference(app: dogs, build: 7, appling: "web")),
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
            XCTAssertFalse(first.isEdit)
            try await journal.send(first, as: posted)
            let second = try await journal.head()
            XCTAssertEqual(second.draft, detail("d"))
            XCTAssertEqual(second.liveMessage, posted)
            // A reply is a message too, but not the one that is edited.
            try await journal.send(second, as: MessageReference(channel: "C1", timestamp: "2"))
            try await journal.record(operation, notices: [live(operation, 1)])
            let edit = try await journal.edit()
            XCTAssertEqual(edit.liveMessage, posted)
            XCTAssertTrue(edit.isEdit)
            try await journal.delivered(edit, as: posted)
            try await journal.record(operation, notices: [detail("e")])
            try await journal.record(other, notices: [detail("f")])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.liveMessage), [posted, nil])
        }
    }

    func testEndsAreEditedFirstThenWhatWaitsLongest() async throws {
        try await JournalUnderTest.run { journal in
            var operations: [Deploys.Operation] = []
            for number in 1...4 {
                let operation = try await journal.take(.deploy(in: "#\(number % 2)", key: "\(number)"))
                try await journal.record(operation, notices: [live(operation, 0)])
                operations.append(operation)
            }
            for channel in ["#0", "#1"] { _ = try await journal.deliverAll(in: channel) }
            for operation in operations.reversed() { try await journal.record(operation, notices: [live(operation, 1)]) }
            try await journal.record(operations[3], notices: [live(operations[3], 2)])
            var ended = operations[1]
            ended.state = .failed
            try await journal.record(operations[1], notices: [live(ended, 9)])
            let edits = try await journal.deliverAll().map(\.operation.number)
            XCTAssertEqual(edits, [2, 4, 3, 1], "a newer state keeps the place of the one it replaces")
        }
    }

    func testAnEditThatFailsHoldsUpNoOther() async throws {
        try await JournalUnderTest.run { journal in
            let operations = [try await journal.take(.deploy(key: "a")), try await journal.take(.deploy(key: "b"))]
            for operation in operations { try await journal.record(operation, notices: [live(operation, 0)]) }
            _ = try await journal.deliverAll()
            for operation in operations { try await journal.record(operation, notices: [live(operation, 1)]) }
            let first = try await journal.edit()
            try await journal.postpone(first, .edits, until: later(1), at: noon)
            let second = try await journal.edit(at: later(1))
            XCTAssertNotEqual(second.id, first.id)
            XCTAssertEqual(second.failures, 1, "so that pauses grow")
            let all = try await journal.deliverAll(at: later(1)).map(\.id)
            XCTAssertEqual(all, [second.id, first.id])
        }
    }

    func testANoticeThatWasBegunIsInDoubt() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy(), notices: [detail("1"), detail("2")])
            let first = try await journal.head()
            XCTAssertFalse(first.isDoubtful)
            _ = try await journal.begin(first, at: later(1))
            _ = try await journal.begin(first, at: later(2))
            let again = try await journal.head()
            XCTAssertEqual(again.id, first.id)
            XCTAssertEqual(again.begunAt, later(1), "it may have arrived at any time since")
            XCTAssertEqual(again.failures, 0)
            try await journal.delivered(first, as: nil)
            try await journal.delivered(first, as: nil)
            let second = try await journal.head()
            XCTAssertEqual(second.draft, detail("2"))
            XCTAssertFalse(second.isDoubtful)
        }
    }

    func testANoticeThatMayHaveArrivedStaysInDoubt() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy(), notices: [detail("1")])
            let first = try await journal.head()
            _ = try await journal.begin(first, at: noon)
            try await journal.postpone(first, .posts(room), until: later(1), mayHaveArrived: true, at: noon)
            let unsure = try await journal.head(at: later(1))
            XCTAssertTrue(unsure.isDoubtful)
            XCTAssertEqual(unsure.failures, 1)
            _ = try await journal.begin(first, at: noon)
            try await journal.postpone(first, .posts(room), until: later(2), at: later(1))
            let sure = try await journal.head(at: later(2))
            XCTAssertFalse(sure.isDoubtful)
            XCTAssertEqual(sure.failures, 2)
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
            try await journal.delivered(first, as: nil)
            let operation = try await journal.stored(OperationID(1))
            for number in 0..<5 { try await journal.record(operation, notices: [live(operation, number)]) }
            try await journal.postpone(journal.head(), .edits, .limit, until: later(9), at: later(3))
            try await journal.postpone(journal.head(), .edits, until: later(8), at: later(4))
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.apps, 1)
            XCTAssertEqual(
                figures.operations.filter { $0.value != 0 },
                [.running: 2, .succeeded: 1, .superseded: 1])
            XCTAssertEqual(figures.undeliveredNotices, 3)
            XCTAssertEqual([figures.outbox.posts, figures.outbox.edits, figures.outbox.collapsed], [3, 0, 4])
            XCTAssertEqual(figures.outbox.troubles, [
                OutboxStatistics.Trouble(
                    Obstacle(.edits, .outage, reason: "r", until: later(9)), since: later(3), failures: 1)
            ])
            XCTAssertEqual(figures.oldestUndelivered, later(2))
        }
    }
}
