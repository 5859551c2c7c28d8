import Foundation
import TestSupport
import XCTest

/// Somebody stops a build in the running demo: nothing of it is left, and what served before serves.
final class CancelStoryTests: XCTestCase {
    func testACancelledBuildLeavesNothingBehind() async throws {
        try await withDemo { demo in
            let repository = demo.repository("meow")
            try await repository.make()
            _ = try await demo.outcome(of: "register meow")
            _ = try await demo.outcome(of: "deploy meow test main")
            let slow = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling; sleep 600"]"#
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
            while processRuns(mark), ContinuousClock.now < begin + .seconds(20) {
                try await Task.sleep(for: .milliseconds(20))
            }
            XCTAssertFalse(processRuns(mark))
            try await demo.waitUntilQuiet()
            let last = try await demo.messages().last { $0.thread == nil }
            XCTAssertTrue(last?.words.contains("Nothing was changed.") == true, last?.words ?? "no message")
            let page = await demo.page("meow.test.localhost")
            XCTAssertEqual(page, "Hello from meow\n")
        }
    }

    /// Whether a process of this machine has the text in its command line.
    private func processRuns(_ text: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { process in
            guard Int(process) != nil, let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
            else { return false }
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }
}
