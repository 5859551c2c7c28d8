import TestSupport
import XCTest

@testable import CrashHarness

/// A little of what `swift run crashes` does at length.
final class ServiceCrashTests: XCTestCase {
    private func withShim(_ body: (FaultShim) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let shim: FaultShim
            do { shim = try await FaultShim(in: directory) } catch { throw XCTSkip("\(error)") }
            try await body(shim)
        }
    }

    func testAKilledServiceKeepsItsWord() async throws {
        try await withShim { shim in
            let outcome = try await KillScenario(shim: shim, seed: 11, kills: 6).run()
            XCTAssertEqual(outcome.violations, [])
            XCTAssertEqual(outcome.kills, 7)
            XCTAssertGreaterThan(outcome.acknowledged, 0)
        }
    }

    /// How many writes there are, as a run without faults has it.
    private func count(_ shim: FaultShim) async throws -> Int {
        let outcome = try await PointRun(shim: shim, point: 0, mode: .before).run()
        XCTAssertEqual(outcome.violations, [])
        return outcome.all.count
    }

    /// The points are spread over the whole of a registration and a deploy.
    func testAWriteThatGoesWrongCostsNothing() async throws {
        try await withShim { shim in
            let count = try await count(shim)
            let runs: [(share: Double, mode: FaultMode)] = [
                (0.05, .half), (0.4, .power), (0.5, .endlessENOSPC), (0.6, .power), (0.7, .before), (0.8, .half),
            ]
            let outcomes = try await inParallel(runs, 3) {
                try await PointRun(shim: shim, point: Int(Double(count) * $0.share), mode: $0.mode).run()
            }
            for outcome in outcomes {
                XCTAssertNotNil(outcome.point, "the service did not come so far")
                XCTAssertEqual(outcome.violations, [], "\(outcome.mode) \(outcome.point.map { "\($0)" } ?? "")")
            }
        }
    }

    /// On a disk that only pretends to sync nobody can keep a word: who does not see it here sees nothing.
    func testABrokenWordIsFoundOut() async throws {
        try await withShim { shim in
            let outcome = try await PointRun(shim: shim, point: try await count(shim) * 2 / 3, mode: .lie).run()
            XCTAssertTrue(outcome.violations.contains { $0.contains("was acknowledged, and is") }, "\(outcome.violations)")
        }
    }
}
