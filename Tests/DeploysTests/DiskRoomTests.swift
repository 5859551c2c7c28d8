import TestSupport
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

    func testADeployIsTakenNeitherTheShortWayNorTheLongOne() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let room = DiskRoom()
            let desk = CommandDesk(bench.intake(room: room), bench.info())
            // Whoever asks for the first time reads a hint, and is not answered the short way.
            _ = await desk.answer("apps", from: bench.sender())
            let answers = Watched<[Answer]>([])
            func isTaken(_ key: String) -> Bool {
                desk.takeAtOnce("deploy cats test main", from: bench.sender(key: key)) { answer in
                    answers.change { $0.append(answer) }
                }
            }
            room.set(false)
            XCTAssertFalse(isTaken("1"))
            let refused = await desk.answer("deploy cats test main", from: bench.sender(key: "2"))
            XCTAssertNotEqual(refused.outcome, .accepted, refused.text)
            room.set(true)
            XCTAssertTrue(isTaken("3"))
            try await answers.wait(for: "an answer") { !$0.isEmpty }
            XCTAssertEqual(answers.value.map(\.outcome), [.accepted])
            let waiting = bench.journal.waitingRequests
            XCTAssertEqual(waiting, 1)
        }
    }
}
