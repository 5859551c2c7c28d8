import Foundation
import TestSupport
import XCTest

/// The disk with the state directory fills up: in front of a command, during a check-out, during a build.
final class FullDiskTests: XCTestCase {
    /// Gives `body` a demo whose state is on a small disk of its own.
    private func withSmallDisk(_ body: (DemoProcess, SmallDisk) async throws -> Void) async throws {
        try await SmallDisk.with(mebibytes: 16, unavailable: { XCTSkip($0) }) { disk in
            // What is tried here lies behind the reserve.
            try await withDemo(stateOn: disk.directory, ["ITERAPP_DISK_RESERVE_MIB": "0"]) { demo in
                try await demo.repository("meow").make()
                _ = try await demo.outcome(of: "register meow")
                _ = try await demo.outcome(of: "deploy meow test main")
                try await body(demo, disk)
            }
        }
    }

    private func expectService(_ demo: DemoProcess, line: UInt = #line) async throws {
        let page = await demo.page("meow.test.localhost")
        XCTAssertEqual(page, "Hello from meow\n", line: line)
        let help = try await demo.command("help")
        XCTAssertEqual(help.status, 200, line: line)
    }

    func testNoCommandIsTakenThatCannotBeWrittenDown() async throws {
        try await withSmallDisk { demo, disk in
            let before = try await demo.messages().count
            try disk.fill()
            for text in ["deploy meow test main", "register cats", "deregister meow"] {
                let answer = try await demo.command(text)
                XCTAssertEqual(answer.status, 200)
                XCTAssertEqual(
                    answer.text, "The disk of the Iterapp service is full, so nothing was written down. Please tell "
                        + "its operator, and try again later.")
            }
            try await expectService(demo)
            try disk.empty()
            let after = try await demo.messages().count
            XCTAssertEqual(after, before)
            let outcome = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(outcome.live.text, "✅ meow is live on test")
        }
    }

    func testACheckOutThatFindsNoSpace() async throws {
        try await withSmallDisk { demo, disk in
            // Less than the app's busybox takes.
            try disk.fill(leavingBytes: 700 << 10)
            let outcome = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(outcome.lines.dropLast(), [
                "❌ *Deploying meow to test failed*",
                "The disk of the Iterapp service is full: No space is left for check-outs (unable to write file "
                    + "busybox). Release #1 keeps serving.",
                "→ Tell the operator; once there is space, run it again.",
            ])
            try await expectService(demo)
            try disk.empty()
            let again = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(again.live.text, "✅ meow is live on test")
        }
    }

    func testADeployInWhoseMiddleTheDiskFillsUp() async throws {
        try await withSmallDisk { demo, disk in
            // A name of its own, or the engine takes the step from its cache and compiles nothing.
            let slow = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling \#(UUID()); sleep 2"]"#
            try await demo.repository("meow").commit(
                ["Dockerfile": GitRepository.dockerfile.replacing("ENTRY", with: "\(slow)\nENTRY")], "Take longer")
            let answer = try await demo.command("deploy meow test main")
            XCTAssertTrue(answer.text.contains("Follow it"), answer.text)
            try await demo.waitForBuildLog("compiling", app: "meow")
            try disk.fill()
            // Its end may just find room in what the journal's files hold already.
            try await demo.waitForLog("can't be settled yet", or: "operation 3 deploy iterate/meow: ")
            try await expectService(demo)
            try disk.empty()
            try await demo.waitUntilQuiet("after there was space again")
            // Whether it could go on depends on what had been written down by then; it has an end, and one only.
            let ends = try await demo.messages().filter { $0.thread == nil }.suffix(2).map(\.text)
            let host = "meow.test.localhost:\(demo.port)"
            let live = ["✅ meow is live on test", "✅ meow is live on test: <http://\(host)/|\(host)>"]
            let failed = [
                "❌ Deploying meow to test failed",
                "❌ Deploying meow to test failed: The disk of the Iterapp service was full, so this could not go on.",
            ]
            let unrecorded = [
                "❌ Deploying meow to test failed",
                "❌ Deploying meow to test failed: The service cannot keep account of what it puts into the cluster, so "
                    + "it puts nothing more there: the disk is full; make space where the state directory is. Deploy "
                    + "again once that is mended. Release #1 keeps serving.",
            ]
            XCTAssertTrue([live, failed, unrecorded].contains(ends), "\(ends)")
            let again = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(again.live.text, "✅ meow is live on test")
        }
    }
}
