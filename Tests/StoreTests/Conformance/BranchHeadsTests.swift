import Deploys
import Foundation
import XCTest

/// Where branches are, and whose repositories they are in.
final class BranchHeadsTests: XCTestCase {
    private func push(
        _ commit: Character, from before: Character?, _ origin: BranchMove.Origin = .told
    ) -> OperationRequest {
        var request = OperationRequest.push(commit: testCommit(commit), key: UUID().uuidString)
        request.move = BranchMove(branch: "main", before: before.map { testCommit($0).id }, origin: origin)
        return request
    }

    private func accept(_ request: OperationRequest, in journal: any Journal) async throws -> Acceptance {
        try await journal.accept(
            request, at: noon, notices: { [live($0, $1)] },
            superseding: { operation, _ in [live(operation, 0)] })
    }

    func testWhatIsKnownIsWrittenWithThePush() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await accept(push("a", from: nil), in: journal)
            let again = try await accept(push("a", from: "b"), in: journal)
            XCTAssertEqual(again, .known)
            _ = try await accept(push("b", from: "a"), in: journal)
            let head = try await journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(head, KnownHead(commit: testCommit("b").id, before: testCommit("a").id))
            let taken = try await accept(push("a", from: "c"), in: journal)
            XCTAssertEqual(taken, .known, "it came before")
            let seen = try await accept(push("d", from: "a", .seen), in: journal)
            XCTAssertEqual(seen, .known, "it was moved since")
            let found = try await accept(push("d", from: "b", .seen), in: journal)
            guard case .accepted = found else { return XCTFail("\(found)") }
            let back = try await accept(push("a", from: "c"), in: journal)
            XCTAssertEqual(back, .unsettled, "it is late, or the branch is there again")
        }
    }

    func testTheOneBeforeIsToldLate() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await accept(push("b", from: "a"), in: journal)
            let late = try await accept(push("a", from: "9"), in: journal)
            guard case .accepted(let overtaken) = late else { return XCTFail("\(late)") }
            XCTAssertEqual(overtaken.state, .superseded)
        }
    }

    /// A look has found the newest commit, and then two webhooks are delivered that were lost.
    func testALateWebhookDoesNotBringBackWhatALookHasFound() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await accept(push("a", from: nil), in: journal)
            let found = try await accept(push("c", from: "a", .seen), in: journal)
            guard case .accepted(let newest) = found else { return XCTFail("\(found)") }
            let late = try await accept(push("b", from: "a"), in: journal)
            guard case .accepted(let doubtful) = late else { return XCTFail("\(late)") }
            XCTAssertEqual(doubtful.state, .queued, "its turn tells whether it is late")
            let told = try await accept(push("c", from: "b"), in: journal)
            XCTAssertEqual(told, .known)
            let stored = try await journal.operation(newest.id)
            XCTAssertEqual(stored?.state, .queued, "it is overtaken by nothing")
        }
    }

    /// The webhook of `b`, between `a` and `c`, is late.
    func testOneInDoubtMovesNothingUntilItsTurn() async throws {
        try await JournalUnderTest.run { journal in
            let registration = try await journal.take(.other(.register))
            try await journal.end(
                registration, .registered(App(id: cats, defaultBranch: "main", defaultEnvironment: .test)))
            var look = BranchLook()
            look.tag = "t"
            try await journal.note(look, of: cats, at: noon)
            _ = try await journal.take(push("a", from: nil))
            let doubtful = try await journal.take(push("c", from: "b"))
            XCTAssertEqual(doubtful.doubt, Doubt(before: testCommit("b").id))
            var head = try await journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(head, KnownHead(commit: testCommit("a").id, before: nil))
            for request in [push("c", from: "b"), push("c", from: "a", .seen), push("b", from: "a", .seen)] {
                let again = try await accept(request, in: journal)
                XCTAssertEqual(again, .known)
            }
            let older = try await journal.take(push("b", from: "a"))
            XCTAssertEqual(older.state, .superseded, "the one in doubt came from there")
            let next = try await journal.take(push("d", from: "a"))
            XCTAssertNil(next.doubt)
            var waiting = try await journal.doubtfulPush(on: "main", of: cats)
            XCTAssertEqual(waiting, doubtful, "it may be newer than the next one")

            try await journal.settleDoubt(of: doubtful)
            head = try await journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(head, KnownHead(commit: testCommit("c").id, before: testCommit("b").id))
            waiting = try await journal.doubtfulPush(on: "main", of: cats)
            XCTAssertNil(waiting)
            let known = try await journal.knownHeads(of: cats)
            XCTAssertNil(known.tag, "the next look asks for all")
        }
    }

    func testWhetherTheOneBeforeWasStopped() async throws {
        try await JournalUnderTest.run { journal in
            var last = try await journal.take(push("a", from: nil))
            // Each with the build it began, how it ended, and what the next one is told.
            for (commit, before, build, state, expected) in [
                ("b", "a", 1, .superseded, true), ("c", "b", 2, .succeeded, false),
            ] as [(Character, Character, Int, Deploys.Operation.State, Bool)] {
                _ = try await journal.claim(at: noon)
                last.buildNumber = build
                last.state = state
                try await journal.settle(last, .nothing, notices: [])
                last = try await journal.take(push(commit, from: before))
                let wasStopped = try await journal.wasStopped(before: last)
                XCTAssertEqual(wasStopped, expected, "\(commit)")
            }
        }
    }

    func testAnAppIsFoundByItsRepositorysNumber() async throws {
        try await JournalUnderTest.run { journal in
            var app = App(id: cats, defaultBranch: "main", defaultEnvironment: .test)
            app.repository = SourceRepository(id: 7, name: cats)
            let registration = try await journal.take(.other(.register))
            try await journal.end(registration, .registered(app))
            app.repository = SourceRepository(id: 7, name: dogs)
            app.sourceTroubles = [.archived]
            let delivery = RepositoryDelivery([.archived(SourceRepository(id: 7, name: dogs))], id: "d", channel: room)
            let told = try await journal.record(delivery, at: noon) { _ in [] }
            XCTAssertEqual(told.map(\.state), [.succeeded])
            let again = try await journal.record(delivery, at: noon) { _ in [] }
            XCTAssertEqual(again, [])
            for (repository, expected) in [
                (SourceRepository(id: 7, name: dogs), cats), (SourceRepository(id: 7, name: cats), cats),
                (SourceRepository(id: 8, name: cats), nil), (SourceRepository(id: nil, name: cats), cats),
            ] {
                let found = try await journal.app(of: repository)
                XCTAssertEqual(found?.id, expected, "\(repository)")
            }
            let kept = try await journal.app(cats)
            XCTAssertEqual(kept, app)
            // What a build teaches does not undo it.
            try await journal.setDefaultEnvironment(nil, of: cats)
            let updated = try await journal.app(cats)
            XCTAssertEqual(updated?.repository, app.repository)
            XCTAssertEqual(updated?.sourceTrouble, .archived)
        }
    }

    func testLooksAreNotedAndForgottenWithTheirApp() async throws {
        try await JournalUnderTest.run { journal in
            let registration = try await journal.take(.other(.register))
            try await journal.end(
                registration, .registered(App(id: cats, defaultBranch: "main", defaultEnvironment: .test)))
            var look = BranchLook()
            look.noted = ["main": testCommit("a").id, "old": testCommit("b").id]
            look.tag = "t1"
            try await journal.note(look, of: cats, at: noon)
            var known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.heads, look.noted)
            XCTAssertEqual(known.tag, "t1")
            XCTAssertFalse(known.isFirstLook)
            var second = BranchLook()
            second.gone = ["old": testCommit("b").id, "main": testCommit("c").id]
            try await journal.note(second, of: cats, at: noon)
            known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.heads, ["main": testCommit("a").id], "main was moved since")
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
            known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known, KnownHeads())
        }
    }

    func testAnEndIsRememberedUntilALookThatBeganAfterIt() async throws {
        try await JournalUnderTest.run { journal in
            func end(_ delivery: String) async throws {
                _ = try await journal.forget("main", of: cats, delivery: delivery, at: noon) { _ in [] }
            }
            try await end("0")
            var known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.ends, [:], "nobody registered it")
            let registration = try await journal.take(.other(.register))
            try await journal.end(
                registration, .registered(App(id: cats, defaultBranch: "main", defaultEnvironment: .test)))
            try await end("1")
            known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.ends, ["main": "1"])
            var look = BranchLook()
            look.ends = known.ends
            look.noted = ["main": testCommit("a").id, "other": testCommit("b").id]
            try await end("2")
            try await journal.note(look, of: cats, at: noon)
            known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.ends, ["main": "2"], "it was told while somebody looked")
            XCTAssertEqual(known.heads, ["other": testCommit("b").id])
            look.ends = known.ends
            try await journal.note(look, of: cats, at: noon)
            known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.ends, [:])
            try await end("3")
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
            known = try await journal.knownHeads(of: cats)
            XCTAssertEqual(known.ends, [:])
        }
    }

    func testABranchThatIsGoneTakesItsPushesAlong() async throws {
        try await JournalUnderTest.run { journal in
            let waiting = try await journal.take(push("a", from: nil))
            let ended = try await journal.forget("main", of: cats, delivery: "d", at: noon) { _ in [] }
            XCTAssertEqual(ended.map(\.id), [waiting.id])
            let stored = try await journal.stored(waiting.id)
            XCTAssertEqual(stored.state, .superseded)
            let next = try await journal.take(push("a", from: nil))
            let again = try await journal.forget("main", of: cats, delivery: "d", at: noon) { _ in [] }
            XCTAssertEqual(again, [], "the delivery acted once")
            let other = try await journal.stored(next.id)
            XCTAssertEqual(other.state, .queued)
        }
    }
}
