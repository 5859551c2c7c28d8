import TestSupport
import XCTest

@testable import Deploys

/// Three pushes, whose webhooks come late and in any order, while branches are looked at, and while work goes on, waits,
/// or is interrupted.
final class EveryOrderTests: XCTestCase {
    private enum Event: CaseIterable { case toldFirst, toldSecond, toldThird, look }
    /// What happens to the work behind an event.
    private enum Work: CaseIterable {
        case waits
        case goesOn
        /// It was begun, and the service was killed.
        case isInterrupted
    }

    private let heads = HeadsDouble()
    /// The number of the last operation that was looked at.
    private var seen: Int64 = 0
    private var steps: [String] = []

    func testEachCommitActsOnceAndTheNewestIsBuilt() async throws {
        for (number, (moved, events)) in Self.courses.enumerated() {
            try await Bench.with { bench in
                seen = 0
                for (variant, works) in Self.works(number).enumerated() {
                    let app = AppID(organisation: "iterate", name: "app\(variant)")
                    let fault = try await play(events, moved: moved, works, on: app, bench)
                    XCTAssertNil(fault, "\(events), moved before \(moved), \(works)")
                }
            }
        }
    }

    /// - Parameter moved: before which event the second and the third push happen; the first one is there from the start.
    private func play(
        _ events: [Event], moved: Int, _ works: [Work], on app: AppID, _ bench: Bench
    ) async throws -> String? {
        try await bench.register(app.name)
        heads.set("main", of: app, to: commitID("9"))
        try await look(at: app, bench)
        heads.set("main", of: app, to: commitID("a"))
        for (index, (event, work)) in zip(events, works).enumerated() {
            if index == moved { heads.set("main", of: app, to: commitID("c")) }
            switch event {
            case .toldFirst: try await bench.push(bench.world.commit("a"), app: app.name, before: commitID("9"))
            case .toldSecond: try await bench.push(bench.world.commit("b"), app: app.name, before: commitID("a"))
            case .toldThird: try await bench.push(bench.world.commit("c"), app: app.name, before: commitID("b"))
            case .look: try await look(at: app, bench)
            }
            switch work {
            case .waits: break
            case .goesOn: try await finish(bench)
            case .isInterrupted:
                _ = try await bench.journal.claim(at: Bench.noon)
                _ = try await bench.journal.rescue()
            }
        }
        // As at the latest when nobody has told of anything for a while.
        try await look(at: app, bench)
        try await finish(bench)
        return try await fault(of: app, bench)
    }

    private func look(at app: AppID, _ bench: Bench) async throws {
        let catchUp = CatchUp(
            journal: bench.journal, heads: heads, source: bench.world, pushes: bench.pushes, signals: bench.signals,
            interval: .seconds(600), now: { Bench.noon }, log: bench.log.log)
        let isReached = await catchUp.look(at: app)
        XCTAssertTrue(isReached)
    }

    private func finish(_ bench: Bench) async throws {
        let figures = try await bench.journal.statistics().operations
        let open = (figures[.queued] ?? 0) + (figures[.running] ?? 0)
        try await bench.work(until: bench.world.count("end settle") + open) { [heads] in $0.heads = heads }
    }

    private func fault(of app: AppID, _ bench: Bench) async throws -> String? {
        var pushes: [Deploys.Operation] = []
        while let operation = try await bench.journal.operation(OperationID(seen + 1)) {
            seen += 1
            if operation.app == app, operation.kind == .push { pushes.append(operation) }
        }
        let commits = pushes.compactMap { $0.commit?.id.sha.first }
        if Set(commits).count != commits.count { return "pushes of \(commits)" }
        let built = pushes.filter { $0.buildNumber != nil }.compactMap { $0.commit?.id }
        if ![[commitID("c")], [commitID("a"), commitID("c")]].contains(built) { return "built \(built)" }
        let known = try await bench.journal.knownHead(of: "main", app: app)?.commit
        return known == commitID("c") ? nil : "its branch is thought to be at \(String(describing: known))"
    }

    // MARK: There and back again

    /// Branches go back to older commits, webhooks are lost, late and out of order: what is deployed in the end is where
    /// the branch is.
    func testWhateverIsToldTheHeadOfTheBranchIsDeployedInTheEnd() async throws {
        // The first five found something once.
        for seed in [25, 30, 109, 153, 155] + (1...25) as [UInt64] {
            try await Bench.with { bench in
                let app = AppID(organisation: "iterate", name: "cats")
                var random = SeededRandom(seed: seed)
                try await bench.register(app.name)
                heads.set("main", of: app, to: commitID("9"))
                try await look(at: app, bench)
                steps = []
                let head = try await wander(on: app, bench, &random)
                for _ in 1...2 {
                    try await look(at: app, bench)
                    try await finish(bench)
                }
                let deployed = bench.world.releases.withLock { $0.last?.commit }
                XCTAssertEqual(deployed, commitID(head), "seed \(seed): \(steps.joined(separator: "; "))")
            }
        }
    }

    /// - Returns: where the branch is then.
    private func wander(on app: AppID, _ bench: Bench, _ random: inout SeededRandom) async throws -> Character {
        var head: Character = "9"
        var untold: [(commit: Character, before: Character)] = []
        for _ in 1...12 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let before = head
                head = "abc".filter { $0 != before }.randomElement(using: &random) ?? "a"
                steps.append("\(before) → \(head)")
                heads.set("main", of: app, to: commitID(head))
                // One in five is told to nobody.
                if Int.random(in: 0..<5, using: &random) > 0 { untold.append((head, before)) }
            case 2, 3:
                guard let index = untold.indices.randomElement(using: &random) else { continue }
                let push = untold.remove(at: index)
                steps.append("told \(push.before) → \(push.commit)")
                try await bench.push(bench.world.commit(push.commit), app: app.name, before: commitID(push.before))
            case 4:
                steps.append("look")
                try await look(at: app, bench)
            default:
                steps.append("work")
                try await finish(bench)
            }
        }
        guard head == "9" else { return head }
        heads.set("main", of: app, to: commitID("a"))
        return "a"
    }

    // MARK: Orders

    /// Nobody tells of a push before it has happened.
    private static var courses: [(moved: Int, events: [Event])] {
        orders(of: Event.allCases).flatMap { events in
            (0...2).filter { moved in
                events.prefix(moved).allSatisfy { $0 == .toldFirst || $0 == .look }
            }.map { ($0, events) }
        }
    }

    private static func orders<T>(of things: [T]) -> [[T]] {
        guard things.count > 1 else { return [things] }
        return things.indices.flatMap { index in
            var rest = things
            let first = rest.remove(at: index)
            return orders(of: rest).map { [first] + $0 }
        }
    }

    /// For each of the four events; behind the last one, all comes to its end.
    private static func works(_ course: Int) -> [[Work]] {
        Work.allCases.flatMap { first in
            Work.allCases.map { [first, $0, course.isMultiple(of: 2) ? .waits : .goesOn, .goesOn] }
        }
    }
}
