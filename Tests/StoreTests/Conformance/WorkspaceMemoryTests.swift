import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Store

/// What is remembered of the chat workspace, over a restart.
final class WorkspaceMemoryTests: XCTestCase {
    func testAnsweredEventsAreKnownAfterARestartAndForgottenAfterADay() async throws {
        try await withTemporaryDirectory { directory in
            let first = try await SQLiteJournal.open(directory) { noon }
            let unknown = try await first.wasSeen("Ev1")
            XCTAssertFalse(unknown)
            try await first.remember("Ev1", at: noon)
            try await first.remember("Ev1", at: noon)
            await first.close()

            let second = try await SQLiteJournal.open(directory) { noon }
            let known = try await second.wasSeen("Ev1")
            XCTAssertTrue(known)
            try await second.remember("Ev2", at: noon.addingTimeInterval(24 * 3_600))
            let stillKnown = try await second.wasSeen("Ev1")
            XCTAssertTrue(stillKnown, "Slack may repeat it for a day")
            try await second.remember("Ev3", at: noon.addingTimeInterval(26 * 3_600))
            let forgotten = try await second.wasSeen("Ev1")
            XCTAssertFalse(forgotten)
            let young = try await second.wasSeen("Ev2")
            XCTAssertTrue(young)
            await second.close()
        }
    }

    func testTheNewestKeepsakeOfANameIsKept() async throws {
        try await withSQLiteJournal { journal, _ in
            let nothing = try await journal.keepsake("home")
            XCTAssertNil(nothing)
            try await journal.keep("one", as: "home")
            try await journal.keep("two", as: "home")
            try await journal.keep("other", as: "elsewhere")
            let kept = try await journal.keepsake("home")
            XCTAssertEqual(kept, "two")
        }
    }
}
