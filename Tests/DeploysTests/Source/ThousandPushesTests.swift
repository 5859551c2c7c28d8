import TestSupport
import XCTest

@testable import Deploys

/// A thousand pushes at once, to two hundred apps.
final class ThousandPushesTests: XCTestCase {
    static let apps = 200
    static let pushesPerApp = 5

    /// Each to a branch of its own: all have to be built.
    func testAllAreAcceptedAtOnceAndBuiltOnce() async throws {
        try await Bench.with { bench in
            for number in 1...Self.apps { try await bench.register("app\(number)") }
            let elapsed = try await ContinuousClock().measure {
                try await withThrowingTaskGroup { group in
                    for app in 1...Self.apps {
                        for branch in 1...Self.pushesPerApp {
                            group.addTask {
                                let push = Self.push(app, branch, delivery: "\(app) \(branch)")
                                let decision = try await bench.pushes.take(push)
                                guard case .accepted = decision else { return XCTFail("\(decision)") }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            XCTAssertLessThan(elapsed, .seconds(5))
            // Delivered once more, and found by looking besides, they are known.
            for delivery in ["1 1", "other"] {
                let again = try await bench.pushes.take(Self.push(1, 1, delivery: delivery))
                XCTAssertEqual(again, .duplicate)
            }
            let settled = Watched(0)
            bench.world.onEvent { event, _ in if event == "end settle" { settled.change { $0 += 1 } } }
            let work = bench.start()
            try await settled.wait(for: "the last end") { $0 >= Self.apps * Self.pushesPerApp }
            await bench.stop(work)
            let builds = bench.world.events.value.filter { $0.hasPrefix("build ") }
            XCTAssertEqual(builds.count, Self.apps * Self.pushesPerApp)
        }
    }

    private static func push(_ app: Int, _ branch: Int, delivery: String) -> Push {
        let digits = "\(app * 10 + branch)"
        let sha = digits + String(repeating: "a", count: 40 - digits.count)
        return Push(
            repository: SourceRepository(id: nil, name: AppID(organisation: "iterate", name: "app\(app)")),
            branch: "branch\(branch)", before: nil,
            commit: Commit(id: CommitID(sha)!, subject: "Purr", author: "Ada"), defaultBranch: "main",
            trigger: .push(by: "ada"), deliveryID: delivery)
    }
}
