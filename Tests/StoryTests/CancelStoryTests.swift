import Foundation
import TestSupport
import XCTest

/// A build in the running demo is stopped, by somebody or by a newer push: nothing of it is left, and what served
/// before serves.
final class CancelStoryTests: XCTestCase {
    private let slow = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling; sleep 600"]"#

    func testACancelledBuildLeavesNothingBehind() async throws {
        try await withDemo { demo in
            let repository = demo.repository("meow")
            try await repository.make()
            _ = try await demo.outcome(of: "register meow")
            _ = try await demo.outcome(of: "deploy meow test main")
            // The engine's client, of this demo alone: when it goes, the engine stops the build.
            let mark = "--file=\(demo.directory.path)/"
            _ = try await repository.commit(
                ["Dockerfile": GitRepository.dockerfile.replacing("ENTRY", with: slow + "\nENTRY")], "Be slow")
            _ = try await demo.command("deploy meow test main")
            try await demo.waitForBuildLog("compiling", app: "meow")
            XCTAssertTrue(processRuns(mark))
            let begin = ContinuousClock.now
            let answer = try await demo.command("cancel meow")
            XCTAssertTrue(answer.text.hasPrefix("Stopping the deploy of `meow` to *test*."), answer.text)
            try await waitForTheEnd(of: mark, since: begin)
            try await demo.waitUntilQuiet()
            let last = try await demo.messages().last { $0.thread == nil }
            XCTAssertTrue(last?.words.contains("Nothing was changed.") == true, last?.words ?? "no message")
            let page = await demo.page("meow.test.localhost")
            XCTAssertEqual(page, "Hello from meow\n")
        }
    }

    func testABuildStopsForANewerPush() async throws {
        try await withDemo { demo in
            _ = try await demo.outcome(of: "register cats")
            let file = demo.cats.directory.appending(path: "Dockerfile")
            let quick = try String(contentsOf: file, encoding: .utf8)
            let mark = "--file=\(demo.directory.path)/"
            _ = try await demo.cats.commit(["Dockerfile": quick.replacing("ENTRY", with: slow + "\nENTRY")], "Be slow")
            try await demo.waitForBuildLog("compiling", app: "cats")
            XCTAssertTrue(processRuns(mark))
            // The client of the older build, not that of the newer one.
            let older = try XCTUnwrap(processes(mark).first)
            _ = try await demo.cats.commit(["Dockerfile": quick, "site/index.html": "quick\n"], "Be quick")
            try await waitForTheEnd(of: older, since: ContinuousClock.now)
            try await demo.waitUntilQuiet()
            let words = try await demo.messages().filter { $0.thread == nil }.map(\.words)
            XCTAssertTrue(words.contains { $0.contains("Its build was stopped for a newer push: ") }, "\(words)")
            let page = await demo.page("cats.test.localhost")
            XCTAssertEqual(page, "quick\n")
        }
    }

    private func waitForTheEnd(of mark: String, since begin: ContinuousClock.Instant) async throws {
        while processRuns(mark), ContinuousClock.now < begin + .seconds(20) {
            try await Task.sleep(for: .milliseconds(20))
        }
        XCTAssertFalse(processRuns(mark))
    }

    private func processRuns(_ mark: String) -> Bool { !processes(mark).isEmpty }

    /// The command lines of this machine's processes that have the text.
    private func processes(_ text: String) -> [String] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { Int($0) != nil }
            .compactMap { FileManager.default.contents(atPath: "/proc/\($0)/cmdline") }
            .map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains(text) }
    }
}
