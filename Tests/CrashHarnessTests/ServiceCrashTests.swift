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
            let outcome = try await KillScenario(shim: shim, seed: 11, kills: 8).run()
            XCTAssertEqual(outcome.violations, [])
            XCTAssertEqual(outcome.kills, 9)
            XCTAssertGreaterThan(outcome.acknowledged, 0)
        }
    }

    /// The points are spread over the whole of a registration and a deploy.
    func testAWriteThatGoesWrongCostsNothing() async throws {
        try await withShim { shim in
            let runs: [(Int, FaultMode)] = [(50, .half), (330, .power), (450, .endlessENOSPC), (560, .power), (700, .before), (800, .half)]
            let outcomes = try await inParallel(runs, 3) {
                try await PointRun(shim: shim, point: $0.0, mode: $0.1).run()
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
            let outcome = try await PointRun(shim: shim, point: 600, mode: .lie).run()
            XCTAssertTrue(outcome.violations.contains { $0.contains("was acknowledged, and is") }, "\(outcome.violations)")
        }
    }
}
