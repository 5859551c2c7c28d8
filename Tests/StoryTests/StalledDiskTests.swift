import Foundation
import TestSupport
import XCTest

/// The disk with the state directory takes writes and does not end them.
final class StalledDiskTests: XCTestCase {
    /// Gives `body` a demo whose state is on a disk that can be frozen.
    private func withFrozenDisk(_ body: (DemoProcess, FrozenDisk) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await FrozenDisk.with(in: directory, unavailable: { XCTSkip($0) }) { disk in
                try await withDemo(stateOn: disk.directory, ["ITERAPP_DISK_RESERVE_MIB": "0"]) { demo in
                    try await demo.repository("meow").make()
                    _ = try await demo.outcome(of: "register meow")
                    _ = try await demo.outcome(of: "deploy meow test main")
                    do { try await body(demo, disk) } catch {
                        try? await disk.thaw()
                        throw error
                    }
                }
            }
        }
    }

    private func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        try await ContinuousClock().measure { try await body() } / .seconds(1)
    }

    func testWhoeverAsksIsToldAtOnceAndNothingIsLost() async throws {
        try await withFrozenDisk { demo, disk in
            try await disk.freeze()
            // Nobody knows yet that it stalls.
            let first = try await demo.command("deploy meow test main")
            XCTAssertTrue(first.text.contains("Iterapp is slow just now"), first.text)
            for text in ["deploy meow test main", "register cats", "deregister meow", "status meow", "cancel meow"] {
                let took = try await seconds {
                    let answer = try await demo.command(text)
                    XCTAssertEqual(answer.status, 200)
                    XCTAssertEqual(
                        answer.text, "The disk of the Iterapp service does not answer just now, so nothing was done. Try "
                            + "again in a minute; if this goes on, please tell its operator.", text)
                }
                XCTAssertLessThan(took, 2, text)
            }
            try await demo.waitForLog("does not answer: what is asked for is refused until it does")
            for (path, words) in [
                ("/healthz", "ok"), ("/metrics", "iterapp_disk_stalled 1"), ("/readyz", "the disk does not answer"),
            ] {
                let took = try await seconds {
                    let page = try await demo.get(path)
                    XCTAssertEqual(page.status, 200, path)
                    XCTAssertTrue(String(decoding: page.body, as: UTF8.self).contains(words), path)
                }
                XCTAssertLessThan(took, 3, path)
            }
            try await disk.thaw()
            try await demo.waitForLog("answers again")
            // What was asked for first was on its way to the disk: it is done, once.
            try await demo.waitUntilQuiet("after the disk answered again")
            let live = try await demo.messages().filter { $0.thread == nil && $0.text.contains("meow is live") }
            XCTAssertFalse(live.isEmpty)
            let outcome = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(outcome.live.text, "✅ meow is live on test")
            XCTAssertTrue(outcome.lines.joined().contains("#3"), "\(outcome.lines)")
        }
    }
}
