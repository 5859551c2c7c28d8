import Deploys
import Foundation
import SQLite
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox
@testable import Store

/// A service that is put back to an hour-old backup: the channel gets no old message again, and nothing old is done.
final class BackupStoryTests: XCTestCase {
    private struct Outcome {
        let exitCode: Int32
        let text: String
    }

    private func iterapp(_ arguments: [String], state: URL) async throws -> Outcome {
        var run = ProgramRun(DemoProcess.binary.path, arguments, timeLimit: .seconds(30))
        run.environment = ["ITERAPP_STATE_DIR": state.path]
        let end = try await run.run()
        return Outcome(exitCode: end.exitCode, text: String(decoding: end.output + end.errorOutput, as: UTF8.self))
    }

    func testAnHourOldBackupSaysNothingTwiceAndDeploysNothing() async throws {
        try await withTemporaryDirectory { directory in
            let (state, file) = (directory.appending(path: "state"), directory.appending(path: "backup.db"))
            let slack = try SlackServer(limits: .generous, now: { Date() })
            let base = try slack.start()
            do {
                try await tellTheStory(state, file, slack, base)
            } catch {
                await slack.stop()
                throw error
            }
            await slack.stop()
        }
    }

    private func tellTheStory(_ state: URL, _ file: URL, _ slack: SlackServer, _ base: String) async throws {
        let first = try await DeliveryDesk(opening: state, slack, base)
        let (one, two) = (try await first.accept("1"), try await first.accept("2"))
        try await first.deliver()
        // In the backup, these wait; in the channel, they will have been read.
        try await first.finish(one, "1")
        let three = try await first.accept("3")
        let backup = try await iterapp(["backup", file.path], state: state)
        XCTAssertEqual(backup.exitCode, 0, backup.text)
        XCTAssertTrue(backup.text.contains("0 apps, 3 operations (2 unfinished), 4 messages waiting"), backup.text)
        // The hour: all is delivered, what waited goes live, and more is asked for.
        try await first.deliver()
        try await first.finish(two, "2")
        try await first.finish(three, "3")
        let four = try await first.accept("4")
        try await first.finish(four, "4")
        try await first.deliver()
        let before = try await first.texts()

        let refused = try await iterapp(["restore", file.path], state: state)
        XCTAssertEqual(refused.exitCode, 1)
        XCTAssertTrue(refused.text.contains("in use by another process"), refused.text)
        await first.journal.close()
        let restored = try await iterapp(["restore", file.path], state: state)
        XCTAssertEqual(restored.exitCode, 0, restored.text)

        let second = try await DeliveryDesk(opening: state, slack, base)
        let posts = slack.calls.of("chat.postMessage").count
        try await second.deliver()
        XCTAssertEqual(slack.calls.of("chat.postMessage").count, posts, "nothing is posted twice")
        // Those that went on without the journal's knowledge say so, where they stand.
        let after = try await second.texts()
        let unknown = ["❌ Deploying cats 2 to test failed", "❌ Deploying cats 3 to test failed"]
        let expected = before.map { text in
            switch text {
            case "✅ cats 2 is live on test": unknown[0]
            case "✅ cats 3 is live on test": unknown[1]
            default: text
            }
        }
        XCTAssertEqual(after, expected)
        let claimed = try await second.journal.claim(at: Date())
        XCTAssertNil(claimed, "nothing old is done")
        let next = try await second.accept("5")
        XCTAssertGreaterThan(next.id.number, four.id.number)
        try await second.deliver()
        await second.journal.close()
    }
}

extension DeliveryDesk {
    /// - Parameter base: where the workspace listens.
    fileprivate init(opening state: URL, _ slack: SlackServer, _ base: String) async throws {
        try await self.init(journal: SQLiteJournal.open(state), slack: slack, base: base, now: { Date() })
    }
}
