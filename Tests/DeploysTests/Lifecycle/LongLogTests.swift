import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// Builds tell how far they are, and leave what explains a failure in the thread.
final class LongLogTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    /// One build of `cats` with two applings; `api` fails after so many lines of its log.
    private func failedFiles(lines: Int, logs: (any BuildLogs)? = nil) async throws -> [NoticeDraft] {
        nonisolated(unsafe) var files: [NoticeDraft] = []
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", applingFiles(["api", "web"]))
            bench.world.logLength.withLock { $0 = lines }
            bench.world.fail("built aaaaaaa api", BuildError.failed(sentence: "No.", tail: ["last"]))
            await bench.command("deploy cats test main")
            try await bench.work(until: 1) { if let logs { $0.buildLogs = logs } }
            files = try await bench.delivered().filter { if case .file = $0 { true } else { false } }
        }
        return files
    }

    func testALongLogGoesIntoTheThread() async throws {
        let files = try await failedFiles(lines: 40)
        XCTAssertEqual(
            files,
            [
                .file(
                    title: "The whole log of api", name: "cats-api-build-1.log",
                    log: LogReference(app: cats, build: 1, appling: "api"))
            ])
    }

    func testALogThatPeopleReadMostOfAnywayDoesNot() async throws {
        let files = try await failedFiles(lines: 39)
        XCTAssertEqual(files, [])
    }

    func testALogThatWasNotKeptDoesNot() async throws {
        let files = try await failedFiles(lines: 40, logs: NoLogs())
        XCTAssertEqual(files, [])
    }

    func testProgressIsTold() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.hold("built aaaaaaa")
            await bench.command("deploy cats test main")
            let phases = Watched<[Phase?]>([])
            bench.world.onEvent { event, _ in
                guard event == "end record" else { return }
                let phase = try? await bench.phase(2)
                phases.change { $0.append(phase ?? nil) }
            }
            let work = bench.start()
            let steps = StepCount(done: 1, total: 2)
            try await phases.wait(for: "the progress") {
                $0.contains(.building([ApplingBuild(name: "", state: .building, steps: steps)]))
            }
            bench.world.release("built aaaaaaa")
            try await bench.world.waitFor("end settle")
            await bench.stop(work)
        }
    }
}
