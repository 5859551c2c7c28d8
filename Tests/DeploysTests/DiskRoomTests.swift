import XCTest

@testable import Deploys

/// Without room on the disk nothing new is taken and nothing begins; both go on when there is room again.
final class DiskRoomTests: XCTestCase {
    func testWhatIsQueuedWaitsForRoom() async throws {
        try await Bench.withDeployedApp { bench in
            await bench.command("deploy cats test main")
            let (rescues, ends) = (bench.world.count("end rescue"), bench.world.count("end settle"))
            let room = DiskRoom()
            room.set(false)
            let work = bench.start { $0.room = room }
            try await bench.world.waitFor("end rescue", times: rescues + 1)
            bench.signals.work.fire()
            let waiting = try await bench.operation(3)
            XCTAssertEqual(waiting.state, .queued)
            room.set(true)
            bench.signals.work.fire()
            try await bench.world.waitFor("end settle", times: ends + 1)
            await bench.stop(work)
            let done = try await bench.operation(3)
            XCTAssertEqual(done.state, .succeeded)
        }
    }
}
