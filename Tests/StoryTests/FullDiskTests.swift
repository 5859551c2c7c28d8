import Foundation
import Subprocess
import TestSupport
import XCTest

/// The disk with the state directory fills up: in front of a command, during a check-out, during a build.
final class FullDiskTests: XCTestCase {
    private static let diskBytes = 16 << 20

    /// Gives `body` a demo whose state is on a small disk of its own.
    private func withSmallDisk(_ body: (DemoProcess, Filler) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let state = directory.appending(path: "state")
            try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
            let mount = try await ProgramRun(
                "mount", ["-t", "tmpfs", "-o", "size=\(Self.diskBytes)", "iterapp-test", state.path],
                timeLimit: .seconds(10)).run()
            guard mount.exitCode == 0 else {
                throw XCTSkip(
                    "no small disk can be mounted here: \(String(decoding: mount.errorOutput, as: UTF8.self))")
            }
            // What is tried here lies behind the reserve.
            let demo = try DemoProcess(in: directory, environment: ["ITERAPP_DISK_RESERVE_MIB": "0"])
            let result: Result<Void, any Error>
            do {
                try await demo.start()
                try await demo.repository("meow").make()
                _ = try await demo.outcome(of: "register meow")
                _ = try await demo.outcome(of: "deploy meow test main")
                result = .success(try await body(demo, Filler(file: state.appending(path: "filler"))))
            } catch {
                result = .failure(error)
            }
            await demo.stop()
            await demo.removeImages()
            _ = try await ProgramRun("umount", [state.path], timeLimit: .seconds(10)).run()
            try result.get()
        }
    }

    private struct Filler {
        let file: URL

        /// Takes all space but so much.
        func fill(leavingBytes left: Int = 0) throws {
            let descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            defer { close(descriptor) }
            let block = [UInt8](repeating: 0x66, count: 4_096)
            var size = 0
            while true {
                let count = write(descriptor, block, block.count)
                guard count > 0 else { break }
                size += count
            }
            guard errno == ENOSPC else { throw TestFailure("the disk did not fill up: error \(errno)") }
            ftruncate(descriptor, size - left)
        }

        func remove() throws { try FileManager.default.removeItem(at: file) }
    }

    private func expectService(_ demo: DemoProcess, line: UInt = #line) async throws {
        let page = await demo.page("meow.test.localhost")
        XCTAssertEqual(page, "Hello from meow\n", line: line)
        let help = try await demo.command("help")
        XCTAssertEqual(help.status, 200, line: line)
    }

    func testNoCommandIsTakenThatCannotBeWrittenDown() async throws {
        try await withSmallDisk { demo, filler in
            let before = try await demo.messages().count
            try filler.fill()
            for text in ["deploy meow test main", "register cats", "deregister meow"] {
                let answer = try await demo.command(text)
                XCTAssertEqual(answer.status, 200)
                XCTAssertEqual(
                    answer.text, "The disk of the Iterapp service is full, so nothing was written down. Please tell "
                        + "its operator, and try again later.")
            }
            try await expectService(demo)
            try filler.remove()
            let after = try await demo.messages().count
            XCTAssertEqual(after, before)
            let outcome = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(outcome.live.text, "✅ meow is live on test")
        }
    }

    func testACheckOutThatFindsNoSpace() async throws {
        try await withSmallDisk { demo, filler in
            // Less than the app's busybox takes.
            try filler.fill(leavingBytes: 700 << 10)
            let outcome = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(outcome.lines.dropLast(), [
                "❌ *Deploying meow to test failed*",
                "The disk of the Iterapp service is full: No space is left for check-outs (unable to write file "
                    + "busybox). Release #1 keeps serving.",
                "→ Tell the operator; once there is space, run it again.",
            ])
            try await expectService(demo)
            try filler.remove()
            let again = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(again.live.text, "✅ meow is live on test")
        }
    }

    func testADeployInWhoseMiddleTheDiskFillsUp() async throws {
        try await withSmallDisk { demo, filler in
            // A name of its own, or the engine takes the step from its cache and compiles nothing.
            let slow = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling \#(UUID()); sleep 2"]"#
            try await demo.repository("meow").commit(
                ["Dockerfile": GitRepository.dockerfile.replacing("ENTRY", with: "\(slow)\nENTRY")], "Take longer")
            let answer = try await demo.command("deploy meow test main")
            XCTAssertTrue(answer.text.contains("Follow it"), answer.text)
            try await demo.waitForBuildLog("compiling", app: "meow")
            try filler.fill()
            // Its end may just find room in what the journal's files hold already.
            try await demo.waitForLog("can't be settled yet", or: "operation 3 deploy iterate/meow: ")
            try await expectService(demo)
            try filler.remove()
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
