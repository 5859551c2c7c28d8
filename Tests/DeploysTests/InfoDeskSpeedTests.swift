import Store
import TestSupport
import XCTest

@testable import Deploys

/// Questions are answered at once, however much happened before, and whatever is written meanwhile.
final class InfoDeskSpeedTests: XCTestCase {
    /// Far above what it takes, for a machine that is busy with other tests.
    private static let maxMedian = Duration.milliseconds(500)

    func testAThousandAppsAreListedInAMoment() async throws {
        try await withTemporaryDirectory { directory in
            let empty = try await SQLiteJournal.open(directory)
            await empty.close()
            try LongHistory(until: Bench.noon).write(into: directory)
            let bench = try await Bench(directory)
            let desk = bench.info()
            let writing = Task { await Self.write(bench) }
            var times: [Duration] = []
            for round in 0..<9 {
                let start = ContinuousClock.now
                let list = try await desk.apps(for: Person(id: "U7", name: "kari"))
                let home = try await desk.home(for: Person(id: "U7", name: "kari"))
                let app = AppID(organisation: "iterate", name: LongHistory.app(round))
                let status = try await desk.status(of: app)
                times.append((ContinuousClock.now - start) / 3)
                XCTAssertEqual(list.apps.count, InfoDesk.maxListedApps)
                XCTAssertEqual(list.moreCount, 1_000 - InfoDesk.maxListedApps)
                XCTAssertTrue(StatusWords.list(list, now: Bench.noon).contains("… and 945 more."))
                XCTAssertEqual(list.ownCount, 5, "the same five again and again")
                XCTAssertEqual(home.otherCount, 995)
                XCTAssertEqual(status?.environments.map(\.release?.number), [99, 100])
                XCTAssertEqual(status?.environments.map(\.previousRelease), [97, 98])
            }
            writing.cancel()
            let written = await writing.value
            XCTAssertGreaterThan(written, 0, "nothing was written meanwhile")
            XCTAssertLessThan(times.sorted()[times.count / 2], Self.maxMedian)
            await bench.journal.close()
        }
    }

    /// Writes until it is cancelled.
    /// - Returns: how often.
    private static func write(_ bench: Bench) async -> Int {
        var count = 0
        while !Task.isCancelled {
            let answer = await bench.desk().answer("build \(LongHistory.app(count % 1_000)) main", from: bench.sender())
            if answer.outcome == .accepted { count += 1 }
        }
        return count
    }
}
