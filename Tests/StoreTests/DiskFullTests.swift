import Deploys
import Foundation
import SQLite
import XCTest

@testable import Store

final class DiskFullTests: XCTestCase {
    func testAFullDiskIsSaidAndNothingIsHalfDone() async throws {
        try await withSQLiteJournal { journal, _ in
            let running = try await journal.take(.deploy())
            _ = try await journal.claimed()
            let pages = try await journal.writer.run { database in
                let pages = try database.run("PRAGMA page_count").first?.integer("page_count") ?? 0
                try database.execute("PRAGMA max_page_count = \(pages + 2)")
                return pages
            }
            let big = NoticeDraft.detail(title: "log", lines: [String(repeating: "x", count: 100_000)])
            let accepting = await journalError {
                _ = try await journal.take(.deploy(key: "k"), notices: [big])
            }
            XCTAssertEqual(accepting, .diskFull)
            let settling = await journalError { try await journal.end(running, notices: [big]) }
            XCTAssertEqual(settling, .diskFull)
            let state = try await journal.stored(running.id).state
            XCTAssertEqual(state, .running)
            let channels = try await journal.channelsWithPosts()
            XCTAssertEqual(channels, [])

            try await journal.writer.run { try $0.execute("PRAGMA max_page_count = \(pages + 1_000)") }
            try await journal.end(running, notices: [big])
            let next = try await journal.take(.deploy(key: "k"), notices: [big])
            XCTAssertEqual(next.id.number, running.id.number + 1, "the refused one left no trace")
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.operation), [running.id, next.id])
        }
    }

    func testAJobThatFitsIsKeptBesideOneThatDoesNot() async throws {
        try await withSQLiteJournal { journal, _ in
            try await journal.writer.run { database in
                let pages = try database.run("PRAGMA page_count").first?.integer("page_count") ?? 0
                try database.execute("PRAGMA max_page_count = \(pages + 1)")
            }
            let errors = try await journal.writer.runTogether([
                { try $0.run("INSERT INTO obstacles VALUES ('a', '', '', 0, 0, 0)") },
                { try $0.run("INSERT INTO obstacles VALUES ('b', '', hex(zeroblob(50000)), 0, 0, 0)") },
                { try $0.run("INSERT INTO obstacles VALUES ('c', '', '', 0, 0, 0)") },
            ])
            XCTAssertEqual(errors[1], .diskFull)
            let kept = try await journal.reader.run { database in
                try database.run("SELECT scope FROM obstacles ORDER BY scope")
                    .map { $0.text("scope") }
            }
            // SQLite may give up the one statement or the whole transaction; the answers say which.
            XCTAssertEqual(kept, zip(["a", "b", "c"], errors).filter { $1 == nil }.map(\.0))
        }
    }

    func testOtherTroubleIsSaidWithoutSQL() throws {
        let database = try Database(path: ":memory:")
        XCTAssertThrowsError(try database.run("SELECT secret FROM nowhere")) { error in
            XCTAssertEqual(
                JournalError(error, in: "/state"),
                .unavailable(
                    "the journal in /state refused a change (SQLite code 1); nothing was changed. This is a "
                        + "fault in the program: please report it"))
        }
    }
}
