import Deploys
import Foundation
import XCTest

/// Messages that are gone, refused or not needed any more.
final class OutboxRescueTests: XCTestCase {
    private let posted = MessageReference(channel: "C1", timestamp: "1.5")

    func testAMessageThatIsGoneIsPostedAnewAndItsRepliesFollowIt() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            try await journal.record(operation, notices: [live(operation, 0)])
            _ = try await journal.deliverAll()
            try await journal.record(operation, notices: [detail("d"), live(operation, 1), detail("e")])
            _ = try await journal.take(.deploy(dogs), notices: [detail("other")])
            let edit = try await journal.edit()
            let isKnown = try await journal.forgetLiveMessage(of: edit)
            XCTAssertTrue(isKnown)
            try await journal.record(operation, notices: [live(operation, 2)])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [live(operation, 2), detail("e"), detail("other"), detail("d")])
            XCTAssertEqual(notices.map { $0.liveMessage != nil }, [false, true, false, true])
        }
    }

    func testAReplyWhoseRootIsGoneGetsANewOneThatSaysWhatTheOldOneSaid() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            try await journal.record(operation, notices: [live(operation, 3)])
            _ = try await journal.deliverAll()
            try await journal.record(operation, notices: [detail("d"), detail("e")])
            let reply = try await journal.head()
            let isKnown = try await journal.forgetLiveMessage(of: reply)
            XCTAssertTrue(isKnown)
            let again = try await journal.forgetLiveMessage(of: reply)
            XCTAssertTrue(again)
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [live(operation, 3), detail("d"), detail("e")])
            XCTAssertEqual(notices.map(\.revision), [1, 2, 2], "each new root is counted")
            let bare = try await journal.take(.deploy(dogs), notices: [detail("f")])
            let orphan = try await journal.head()
            XCTAssertEqual(orphan.operation, bare.id)
            let isKnownToo = try await journal.forgetLiveMessage(of: orphan)
            XCTAssertFalse(isKnownToo)
        }
    }

    func testWhatIsParkedIsKeptUntilItIsReplacedOrTriedAgain() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            try await journal.record(operation, notices: [live(operation, 0), detail("d"), detail("e")])
            let post = try await journal.head()
            try await journal.park(post, reason: "invalid_blocks")
            try await journal.park(journal.head(), reason: "msg_too_long")
            let figures = try await journal.statistics().outbox
            XCTAssertEqual([figures.posts, figures.parked], [1, 2])
            let next = try await journal.head()
            XCTAssertEqual(next.draft, detail("e"), "it holds up no other")
            try await journal.record(operation, notices: [live(operation, 1)])
            let replaced = try await journal.head()
            XCTAssertEqual(replaced.draft, live(operation, 1), "a newer state may be taken")
            try await journal.park(post, reason: "too late: it was replaced")
            try await journal.send(replaced, as: posted)
            try await journal.retryRefused()
            let left = try await journal.deliverAll().map(\.draft)
            XCTAssertEqual(left, [detail("d"), detail("e")])
        }
    }

    func testAnOvertakenPushThatNobodyWasToldOfNeedsNoMessage() async throws {
        for isBegun in [false, true] {
            try await JournalUnderTest.run { journal in
                let old = try await journal.take(.push())
                try await journal.record(old, notices: [live(old, 0)])
                let head = try await journal.head()
                if isBegun { _ = try await journal.begin(head, at: noon) }
                _ = try await journal.accept(.push(commit: testCommit("b")), at: noon, notices: { _, _ in [] }) { old, _ in
                    [live(old, 7)]
                }
                if !isBegun {
                    let mayBegin = try await journal.begin(head, at: noon)
                    XCTAssertFalse(mayBegin, "it was taken away after it had been handed out")
                }
                let told = try await journal.deliverAll().map(\.draft)
                var ended = old
                ended.state = .superseded
                ended.finishedAt = noon
                XCTAssertEqual(told, isBegun ? [live(ended, 7)] : [])
            }
        }
    }

    func testChannelsAreRemembered() async throws {
        try await JournalUnderTest.run { journal in
            let unknown = try await journal.channelID(of: "#logs")
            XCTAssertNil(unknown)
            try await journal.remember("#logs", is: "C1")
            try await journal.remember("#new", is: "C1")
            try await journal.remember("#other", is: "C2")
            let known = try await journal.channelID(of: "#logs")
            XCTAssertEqual(known, "C1")
            let names = try await journal.names(ofChannel: "C1")
            XCTAssertEqual(names, ["#logs", "#new"])
            try await journal.remember("#logs", is: "C3")
            let moved = try await journal.channelID(of: "#logs")
            XCTAssertEqual(moved, "C3")
        }
    }
}
