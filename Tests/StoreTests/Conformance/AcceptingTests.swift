import Deploys
import Synchronization
import XCTest

final class AcceptingTests: XCTestCase {
    func testWritesTheOperationAsItWasAsked() async throws {
        try await JournalUnderTest.run { journal in
            let requests: [OperationRequest] = [
                .deploy(dogs, to: EnvironmentName(parsing: "snap3")!), .push(commit: testCommit("b")),
                .push(to: nil), .other(.register), .other(.build),
            ]
            for request in requests {
                let operation = try await journal.take(request, at: later(1))
                XCTAssertEqual(operation.kind, request.kind)
                XCTAssertEqual(operation.app.organisation, request.app.organisation, "as it was written")
                XCTAssertEqual(operation.app.name, request.app.name)
                XCTAssertEqual(operation.environment, request.environment)
                XCTAssertEqual(operation.revision, request.revision)
                XCTAssertEqual(operation.trigger, request.trigger)
                XCTAssertEqual(operation.channel, room)
                XCTAssertEqual(operation.state, .queued)
                XCTAssertEqual(operation.commit, request.commit)
                XCTAssertEqual(operation.createdAt, later(1))
                XCTAssertNil(operation.startedAt)
                XCTAssertNil(operation.finishedAt)
                let stored = try await journal.stored(operation.id)
                XCTAssertEqual(stored, operation)
            }
            let none = try await journal.operation(OperationID(99))
            XCTAssertNil(none)
        }
    }

    func testTheSameKeyActsOnce() async throws {
        try await JournalUnderTest.run { journal in
            let first = try await journal.take(.deploy(key: "k1"), notices: [detail("first")])
            let again = try await journal.accept(
                .deploy(dogs, key: "k1"), at: later(5), notices: { _, _ in [detail("second")] },
                superseding: { _, _ in [] })
            XCTAssertEqual(again, .duplicate(of: first.id))
            let other = try await journal.take(.deploy(key: "k2"))
            let without = try await journal.take(.deploy(key: nil))
            let withoutToo = try await journal.take(.deploy(key: nil))
            XCTAssertEqual(Set([first.id, other.id, without.id, withoutToo.id]).count, 4)
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [detail("first")])
        }
    }

    func testADuplicatePushOvertakesNothing() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.push(key: "one"))
            let newest = try await journal.take(.push(key: "two"))
            let again = try await journal.accept(
                .push(key: "one"), at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            XCTAssertEqual(again, .duplicate(of: OperationID(newest.id.number - 1)))
            let stored = try await journal.stored(newest.id)
            XCTAssertEqual(stored.state, .queued)
        }
    }

    func testAheadCountsTheUnfinishedOnesOfTheLane() async throws {
        try await JournalUnderTest.run { journal in
            let counts = Mutex<[Int]>([])
            func accept(_ request: OperationRequest) async throws {
                _ = try await journal.accept(
                    request, at: noon,
                    notices: { _, ahead in
                        counts.withLock { $0.append(ahead) }
                        return []
                    }, superseding: { _, _ in [] })
            }
            try await accept(.deploy())
            try await accept(.deploy(to: .prod))
            try await accept(.deploy(dogs))
            try await accept(.deploy())
            let running = try await journal.claimed()
            try await accept(.deploy())
            try await accept(.push(to: .test))
            try await journal.end(running)
            try await accept(.deploy(AppID(organisation: "ITERATE", name: "Cats")))
            XCTAssertEqual(counts.withLock { $0 }, [0, 0, 0, 1, 2, 3, 3])
        }
    }

    func testANewerPushOvertakesThoseThatHaveNotBegun() async throws {
        try await JournalUnderTest.run { journal in
            let begun = try await journal.take(.push(commit: testCommit("1")))
            _ = try await journal.claimed()
            try await journal.putBack(begun)
            let waiting = try await journal.take(.push(commit: testCommit("2")), notices: [detail("2 waits")])
            let elsewhere = try await journal.take(.push(cats, "side"))
            let otherApp = try await journal.take(.push(dogs))
            let deploy = try await journal.take(.deploy())

            let pairs = Mutex<[(Deploys.Operation, Deploys.Operation)]>([])
            let result = try await journal.accept(
                .push(commit: testCommit("3")), at: later(9),
                notices: { _, ahead in [detail("3 waits for \(ahead)")] },
                superseding: { overtaken, newer in
                    pairs.withLock { $0.append((overtaken, newer)) }
                    return [detail("2 is overtaken")]
                })
            guard case .accepted(let newest) = result else { return XCTFail("\(result)") }

            XCTAssertEqual(pairs.withLock { $0.map(\.0.id) }, [waiting.id])
            XCTAssertEqual(pairs.withLock { $0.map(\.1) }, [newest])
            let overtaken = try await journal.stored(waiting.id)
            XCTAssertEqual(overtaken, pairs.withLock { $0.first?.0 })
            XCTAssertEqual(overtaken.state, .superseded)
            XCTAssertEqual(overtaken.finishedAt, later(9))
            for id in [begun.id, elsewhere.id, otherApp.id, deploy.id, newest.id] {
                let state = try await journal.stored(id).state
                XCTAssertEqual(state, .queued, "operation \(id)")
            }
            let notices = try await journal.deliverAll()
            XCTAssertEqual(
                notices.map(\.draft), [detail("2 waits"), detail("2 is overtaken"), detail("3 waits for 3")])
            XCTAssertEqual(notices.map(\.operation), [waiting.id, waiting.id, newest.id])
        }
    }

    func testAPushOvertakesWhereverItGoes() async throws {
        try await JournalUnderTest.run { journal in
            let built = try await journal.take(.push(to: nil))
            let deployed = try await journal.take(.push(to: .test))
            XCTAssertNotEqual(built.lane, deployed.lane)
            let state = try await journal.stored(built.id).state
            XCTAssertEqual(state, .superseded)
        }
    }
}
