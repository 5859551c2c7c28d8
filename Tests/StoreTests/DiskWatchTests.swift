import Deploys
import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Store

final class DiskWatchTests: XCTestCase {
    func testWorkStopsBelowTheReserveAndGoesOnWithSomeMore() async throws {
        let (free, lines, wakes) = (Watched(100 << 20), Watched<[String]>([]), Watched(0))
        let room = DiskRoom()
        let watch = DiskWatch(
            directory: "/state", reserveBytes: 50 << 20, room: room,
            log: Log { level, line in lines.change { $0.append("\(level.rawValue) \(line)") } },
            onRoom: { wakes.change { $0 += 1 } }, freeBytes: { _ in free.value })
        func look(_ mebibytes: Int) async -> Bool {
            free.change { $0 = mebibytes << 20 }
            await watch.look()
            return room.isThere
        }
        var rooms: [Bool] = []
        for mebibytes in [100, 50, 49, 10, 50, 54, 55, 51, 49] { rooms.append(await look(mebibytes)) }
        XCTAssertEqual(rooms, [true, true, false, false, false, false, true, true, false])
        XCTAssertEqual(wakes.value, 1)
        XCTAssertEqual(lines.value.map { String($0.prefix(7)) }, ["error t", "info th", "error t"], "at the edges only")
        XCTAssertThrowsError(try room.require()) { XCTAssertEqual($0 as? JournalError, .diskFull) }
        XCTAssertEqual(watch.figures.free, 49 << 20)
        XCTAssertEqual(watch.figures.reserve, 50 << 20)
    }

    func testADiskThatDoesNotAnswerIsSaidOnce() async {
        let (isStalled, lines) = (Watched(false), Watched<[String]>([]))
        let watch = DiskWatch(
            directory: "/state", reserveBytes: 0, room: DiskRoom(),
            log: Log { level, line in lines.change { $0.append("\(level.rawValue) \(line)") } }, onRoom: {},
            freeBytes: { _ in 0 }, isStalled: { isStalled.value })
        var figures: [Bool] = []
        for now in [false, true, true, false, false] {
            isStalled.change { $0 = now }
            await watch.look()
            figures.append(watch.figures.isStalled)
        }
        XCTAssertEqual(figures, [false, true, true, false, false])
        XCTAssertEqual(lines.value, [
            "error the disk of /state does not answer: what is asked for is refused until it does",
            "info the disk of /state answers again",
        ])
    }

    func testWithoutAReserveOnlyAFullDiskStopsWork() async {
        let room = DiskRoom()
        let watch = DiskWatch(
            directory: "/state", reserveBytes: 0, room: room, log: .silent, onRoom: {}, freeBytes: { _ in 0 })
        await watch.look()
        XCTAssertTrue(room.isThere)
        let unknown = DiskWatch(directory: "/nowhere/at/all", reserveBytes: 1, room: room, log: .silent, onRoom: {})
        await unknown.look()
        XCTAssertTrue(room.isThere, "what can't be measured is no reason")
        XCTAssertNil(unknown.figures.free)
    }
}
