import Deploys
import XCTest

final class WorkingTests: XCTestCase {
    func testOneLaneRunsOneAtATimeInOrder() async throws {
        try await JournalUnderTest.run { journal in
            let first = try await journal.take(.deploy())
            let second = try await journal.take(.push(to: .test))
            let third = try await journal.take(.deploy())
            for wanted in [first, second, third] {
                let claimed = try await journal.claimed(at: later(2))
                XCTAssertEqual(claimed.id, wanted.id)
                XCTAssertEqual(claimed.state, .running)
                XCTAssertEqual(claimed.startedAt, later(2))
                let stored = try await journal.stored(claimed.id)
                XCTAssertEqual(stored, claimed)
                let busy = try await journal.claim(at: noon)
                XCTAssertNil(busy, "the lane is taken")
                try await journal.end(claimed)
            }
            let none = try await journal.claim(at: noon)
            XCTAssertNil(none)
        }
    }

    func testOtherLanesRunSideBySide() async throws {
        try await JournalUnderTest.run { journal in
            var wanted: [OperationID] = []
            wanted.append(try await journal.take(.deploy()).id)
            let waits = try await journal.take(.deploy())
            wanted.append(try await journal.take(.deploy(to: .prod)).id)
            wanted.append(try await journal.take(.deploy(dogs)).id)
            wanted.append(try await journal.take(.push(cats, "side", to: nil)).id)
            wanted.append(try await journal.take(.other(.register)).id)
            for id in wanted {
                let claimed = try await journal.claimed()
                XCTAssertEqual(claimed.id, id)
            }
            let none = try await journal.claim(at: noon)
            XCTAssertNil(none)
            try await journal.end(try await journal.stored(wanted[0]))
            let next = try await journal.claimed()
            XCTAssertEqual(next.id, waits.id)
        }
    }

    func testTheOlderOfALaneGoesFirstAlsoAfterItWasPutBack() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            let second = try await journal.take(.deploy())
            let running = try await journal.claimed(at: later(1))
            try await journal.putBack(running)
            let stored = try await journal.stored(running.id)
            XCTAssertEqual(stored.state, .queued)
            XCTAssertEqual(stored.startedAt, later(1), "it has begun")
            let again = try await journal.claimed(at: later(9))
            XCTAssertEqual(again.id, running.id)
            XCTAssertEqual(again.startedAt, later(1), "only the first start counts")
            try await journal.end(again)
            let next = try await journal.claimed()
            XCTAssertEqual(next.id, second.id)
        }
    }

    func testWhatChangesItsEnvironmentWaitsInThatLane() async throws {
        try await JournalUnderTest.run { journal in
            var moving = try await journal.take(.push(to: nil))
            let deploy = try await journal.take(.deploy(to: .prod))
            _ = try await journal.claimed()
            _ = try await journal.claimed()
            moving.environment = .prod
            moving.commit = testCommit("c")
            try await journal.putBack(moving)
            let none = try await journal.claim(at: noon)
            XCTAssertNil(none, "the other one runs in that lane, although it is newer")
            try await journal.end(try await journal.stored(deploy.id))
            let claimed = try await journal.claimed()
            XCTAssertEqual(claimed.id, moving.id)
            XCTAssertEqual(claimed.environment, .prod)
            XCTAssertEqual(claimed.commit, testCommit("c"))
        }
    }

    func testRescueQueuesAllThatRan() async throws {
        try await JournalUnderTest.run { journal in
            let one = try await journal.take(.deploy())
            _ = try await journal.take(.deploy(dogs))
            _ = try await journal.take(.deploy(to: .prod))
            _ = try await journal.claimed(at: later(1))
            _ = try await journal.claimed(at: later(1))
            let count = try await journal.rescue()
            XCTAssertEqual(count, 2)
            let none = try await journal.rescue()
            XCTAssertEqual(none, 0)
            let again = try await journal.claimed(at: later(5))
            XCTAssertEqual(again.id, one.id)
            XCTAssertEqual(again.startedAt, later(1))
        }
    }

    func testRecordKeepsWhatAStepFoundOutWithItsNotices() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.push(to: nil))
            var operation = try await journal.claimed()
            operation.environment = .prod
            operation.commit = Commit(id: testCommit("d").id, subject: "Purr", author: "Ola")
            operation.buildNumber = 7
            try await journal.record(operation, notices: [detail("found")])
            let stored = try await journal.stored(operation.id)
            XCTAssertEqual(stored, operation)
            let notice = try await journal.head()
            XCTAssertEqual(notice.draft, detail("found"))
            XCTAssertEqual(notice.operation, operation.id)

            let other = try await journal.take(.deploy(to: .prod))
            let busy = try await journal.claim(at: noon)
            XCTAssertNil(busy, "\(other.id) is now in the same lane")
        }
    }

    func testSettleEndsOnceHoweverOftenItIsSaid() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy())
            var operation = try await journal.claimed()
            operation.commit = testCommit("e")
            operation.state = .failed
            operation.finishedAt = later(30)
            try await journal.settle(operation, .nothing, notices: [detail("failed")])
            try await journal.settle(operation, .nothing, notices: [detail("failed")])
            let stored = try await journal.stored(operation.id)
            XCTAssertEqual(stored, operation)
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [detail("failed")])
            let none = try await journal.claim(at: noon)
            XCTAssertNil(none)
        }
    }

    func testWhatHasEndedStaysSo() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            _ = try await journal.claimed()
            let early = await journalError { try await journal.end(operation, as: .running) }
            XCTAssertEqual(early, .unavailable("operation 1 can't end as 'running'"))
            try await journal.end(operation, as: .failed)
            let other = await journalError { try await journal.end(operation, notices: [detail("no")]) }
            XCTAssertEqual(other, .unavailable("operation 1 has ended already, as 'failed'"))
            let back = await journalError { try await journal.putBack(operation) }
            XCTAssertEqual(back, .unavailable("operation 1 has ended already, as 'failed'"))
            let state = try await journal.stored(operation.id).state
            XCTAssertEqual(state, .failed)
            let channels = try await journal.channelsWithPosts()
            XCTAssertEqual(channels, [])
        }
    }
}

extension WorkingTests {
    func testRepairsComeAfterWhatPeopleWaitFor() async throws {
        try await JournalUnderTest.run { journal in
            let repair = OperationRequest(
                kind: .repair, app: dogs, environment: .test, revision: nil, trigger: .watch, channel: room,
                deduplicationKey: nil)
            _ = try await journal.take(repair)
            let deploy = try await journal.take(.deploy())
            let first = try await journal.claimed()
            XCTAssertEqual(first.id, deploy.id)
            let second = try await journal.claimed()
            XCTAssertEqual(second.kind, .repair)
        }
    }
}
