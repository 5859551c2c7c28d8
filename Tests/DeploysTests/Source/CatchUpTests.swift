import TestSupport
import XCTest

@testable import Deploys

/// Pushes that nobody told of.
final class CatchUpTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    private func catchUp(_ bench: Bench, _ heads: HeadsDouble) -> CatchUp {
        CatchUp(
            journal: bench.journal, heads: heads, source: bench.world, pushes: bench.pushes, signals: bench.signals,
            interval: .seconds(600), now: { Bench.noon }, log: bench.log.log)
    }

    private func queued(_ bench: Bench) async throws -> Int {
        try await bench.journal.statistics().operations[.queued] ?? 0
    }

    func testTheFirstLookOnlyNotes() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            heads.set("old", of: cats, to: commitID("b"))
            await catchUp(bench, heads).lookAtAll()
            let count = try await queued(bench)
            XCTAssertEqual(count, 0)
            await catchUp(bench, heads).lookAtAll()
            XCTAssertEqual(heads.asked, ["iterate/cats -", "iterate/cats main=a,old=b"], "one conditional request")
        }
    }

    func testAPushThatIsToldAfterTheFirstLookIsBuilt() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            await catchUp(bench, heads).lookAtAll()
            let told = try await bench.push(bench.world.commit("a"), before: commitID("9"))
            XCTAssertEqual(told, .accepted(OperationID(2)))
            let again = try await bench.push(bench.world.commit("a"), before: commitID("9"))
            XCTAssertEqual(again, .duplicate)
        }
    }

    func testWhatWasMissedIsTakenAsIfPushed() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            await catchUp(bench, heads).lookAtAll()
            heads.set("main", of: cats, to: commitID("c"))
            heads.set("new", of: cats, to: commitID("d"))
            heads.set("-f", of: cats, to: commitID("e"))
            bench.world.branches.withLock { branches in
                let commit = Commit(id: commitID("c"), subject: "Purr", author: "Ada")
                branches[commit.id.sha] = commit
            }
            await catchUp(bench, heads).lookAtAll()
            let main = try await bench.operation(2)
            XCTAssertEqual(main.kind, .push)
            XCTAssertEqual(main.trigger, .look)
            XCTAssertEqual(main.environment, .test)
            XCTAssertEqual(main.commit?.subject, "Purr")
            let feature = try await bench.operation(3)
            XCTAssertEqual(feature.revision?.text, "new")
            XCTAssertEqual(feature.commit?.id, commitID("d"), "though nobody can say what it is about")
            await catchUp(bench, heads).lookAtAll()
            let count = try await queued(bench)
            XCTAssertEqual(count, 2)
            // The webhook comes late.
            let late = try await bench.push(bench.world.commit("c"), before: commitID("a"))
            XCTAssertEqual(late, .duplicate)
        }
    }

    func testWhatIsToldWhileItLooksIsNewer() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("9"))
            await catchUp(bench, heads).lookAtAll()
            heads.set("main", of: cats, to: commitID("a"))
            heads.onAsk {
                _ = try? await bench.push(bench.world.commit("a"), before: commitID("9"))
                _ = try? await bench.push(bench.world.commit("b"), before: commitID("a"))
            }
            await catchUp(bench, heads).lookAtAll()
            let head = try await bench.journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(head?.commit, commitID("b"), "the answer was older than what was told meanwhile")
            let count = try await queued(bench)
            XCTAssertEqual(count, 1)
        }
    }

    /// Nobody tells of the newest push, and the webhook of the one before it comes while somebody looks.
    func testWhatIsToldWhileItLooksMayBeOlder() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("9"))
            await catchUp(bench, heads).lookAtAll()
            heads.set("main", of: cats, to: commitID("b"))
            heads.onAsk { _ = try? await bench.push(bench.world.commit("a"), before: commitID("9")) }
            await catchUp(bench, heads).lookAtAll()
            await catchUp(bench, heads).lookAtAll()
            let newest = try await bench.operation(3)
            XCTAssertEqual(newest.commit?.id, commitID("b"), "it asked for all once more")
        }
    }

    func testBranchesThatAreGoneAreForgotten() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            heads.set("feature", of: cats, to: commitID("b"))
            await catchUp(bench, heads).lookAtAll()
            heads.set("feature", of: cats, to: nil)
            await catchUp(bench, heads).lookAtAll()
            let known = try await bench.journal.knownHeads(of: cats)
            XCTAssertEqual(known.heads, ["main": commitID("a")])
            heads.set("feature", of: cats, to: commitID("b"))
            await catchUp(bench, heads).lookAtAll()
            let count = try await queued(bench)
            XCTAssertEqual(count, 1, "made again, it is new")
        }
    }

    func testABranchWhoseEndIsToldTooLateIsTakenAgain() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            await catchUp(bench, heads).lookAtAll()
            try await bench.push(bench.world.commit("b"), to: "feature")
            heads.set("feature", of: cats, to: commitID("b"))
            await catchUp(bench, heads).lookAtAll()
            let ended = try await bench.deleted("feature", delivery: "late")
            XCTAssertEqual(ended, 1)
            let clock = ContinuousClock.now
            await bench.signals.looks.wait(atMost: .seconds(20))
            XCTAssertLessThan(ContinuousClock.now - clock, .seconds(10), "a look is asked for")
            await catchUp(bench, heads).lookAtAll()
            let again = try await bench.operation(3)
            XCTAssertEqual(again.commit?.id, commitID("b"))
            XCTAssertEqual(again.state, .queued)
        }
    }

    /// The look's answer is older than the end, and the source would say that nothing has changed since.
    func testAnEndThatIsToldWhileItLooksIsNotForgotten() async throws {
        for isFirst in [true, false] {
            let heads = HeadsDouble()
            try await Bench.with { bench in
                try await bench.register("cats")
                if !isFirst { await catchUp(bench, heads).lookAtAll() }
                heads.set("feature", of: cats, to: commitID("b"))
                heads.onAsk {
                    // It was deleted, made again and pushed to; its end is told last.
                    _ = try? await bench.push(bench.world.commit("b"), to: "feature")
                    _ = try? await bench.deleted("feature", delivery: "late")
                }
                await catchUp(bench, heads).lookAtAll()
                let ended = try await bench.operation(2)
                XCTAssertEqual(ended.state, .superseded)
                await catchUp(bench, heads).lookAtAll()
                let again = try await bench.operation(3)
                XCTAssertEqual(again.commit?.id, commitID("b"))
                XCTAssertEqual(again.state, .queued)
                await catchUp(bench, heads).lookAtAll()
                let count = try await queued(bench)
                XCTAssertEqual(count, 1)
                XCTAssertEqual(heads.asked.last, "iterate/cats feature=b", "what is cleared up is not asked for again")
            }
        }
    }

    func testAnEndThatIsToldBeforeTheFirstLookIsNoReasonToOnlyNote() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            heads.set("feature", of: cats, to: commitID("b"))
            try await bench.push(bench.world.commit("b"), to: "feature")
            try await bench.deleted("feature", delivery: "late")
            try await bench.deleted("gone", delivery: "due")
            await catchUp(bench, heads).lookAtAll()
            let again = try await bench.operation(3)
            XCTAssertEqual(again.revision?.text, "feature")
            XCTAssertEqual(again.state, .queued)
            await catchUp(bench, heads).lookAtAll()
            let count = try await queued(bench)
            XCTAssertEqual(count, 1, "the others are only noted")
            XCTAssertEqual(heads.asked, ["iterate/cats -", "iterate/cats feature=b,main=a"])
        }
    }

    func testASourceThatIsAwayIsAskedLaterWithoutNoise() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            for number in 1...20 { try await bench.register("app\(number)") }
            heads.fail(Array(repeating: SourceError.unreachable("It is away."), count: 7))
            await catchUp(bench, heads).lookAtAll()
            XCTAssertEqual(heads.asked.count, 7, "it is left alone")
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.count, 0)
            XCTAssertEqual(bench.log.lines.count, 1)
            heads.fail(.noSuchRepository)
            let before = heads.asked.count
            await catchUp(bench, heads).lookAtAll()
            XCTAssertEqual(heads.asked.count, before + 20, "one that is not there keeps nobody from the others")
        }
    }

    func testOneThatIsDeregisteredIsForgotten() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            heads.set("main", of: cats, to: commitID("a"))
            await catchUp(bench, heads).lookAtAll()
            await bench.command("deregister cats")
            heads.set("main", of: cats, to: commitID("b"))
            await catchUp(bench, heads).lookAtAll()
            try await bench.register("cats")
            await catchUp(bench, heads).lookAtAll()
            let count = try await queued(bench)
            XCTAssertEqual(count, 0, "the first look after a registration only notes")
        }
    }

    func testItLooksWhenItIsAskedTo() async throws {
        let heads = HeadsDouble()
        try await Bench.with { bench in
            try await bench.register("cats")
            let looked = Watched(0)
            heads.onAsk { looked.change { $0 += 1 } }
            let looks = catchUp(bench, heads)
            let work = Task { await looks.run() }
            try await looked.wait(for: "the first look") { $0 == 1 }
            work.cancel()
            await work.value
        }
    }
}

extension Bench {
    /// Tells that a branch of cats is gone.
    @discardableResult
    fileprivate func deleted(_ branch: String, delivery: String) async throws -> Int {
        let cats = SourceRepository(id: nil, name: AppID(organisation: "iterate", name: "cats"))
        return try await RepositoryDesk(intake()).deleted(branch: branch, of: cats, deliveryID: delivery)
    }
}
