import Deploys
import Foundation
import SQLite
import XCTest

@testable import Store

/// The audit log can't be changed with the journal's own connection, by whatever mistake.
final class AppendOnlyTests: XCTestCase {
    func testLinesAreNeitherChangedNorRemovedNorReplaced() async throws {
        try await withSQLiteJournal { journal, _ in
            let operation = try await journal.take(.deploy(), at: Date())
            let before = try await journal.audit(of: cats, atMost: 20).entries
            XCTAssertEqual(before.map(\.operation), [operation.id])
            let columns = "app, number, written_at, organisation, app_name, deed, decision, trigger, person_name"
            let attempts = [
                "UPDATE audit SET decision = 'refused'", "UPDATE audit SET person_name = 'ada' WHERE id = 1",
                "DELETE FROM audit", "DELETE FROM audit WHERE id = 1",
                "INSERT OR REPLACE INTO audit (id, \(columns)) VALUES (1, 'x', 1, 0, '', '', '', 'refused', '', '')",
                "INSERT OR REPLACE INTO audit (\(columns)) VALUES ('iterate/cats', 1, 0, '', '', '', 'refused', '', '')",
            ]
            for sql in attempts {
                let error = await journalError { try await journal.writer.run { _ = try $0.run(sql) } }
                XCTAssertNotNil(error, sql)
            }
            let after = try await journal.audit(of: cats, atMost: 20).entries
            XCTAssertEqual(after, before)
        }
    }

    /// Whatever fails after the line was written takes it away again, together with the operation.
    func testThereIsNeitherALineWithoutItsOperationNorTheOtherWayRound() async throws {
        try await withSQLiteJournal { journal, _ in
            let statements = [
                "CREATE TRIGGER test_a BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'no notice'); END",
                """
                DROP TRIGGER test_a;
                CREATE TRIGGER test_b BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no line'); END
                """,
            ]
            for sql in statements {
                try await journal.writer.run { try $0.execute(sql) }
                let error = await journalError {
                    _ = try await journal.take(.deploy(key: "k"), notices: [detail("1")])
                }
                XCTAssertNotNil(error)
                let operation = try await journal.operation(OperationID(1))
                XCTAssertNil(operation)
                let entries = try await journal.audit(of: cats, atMost: 20).entries
                XCTAssertEqual(entries, [])
            }
            try await journal.writer.run { try $0.execute("DROP TRIGGER test_b") }
            let operation = try await journal.take(.deploy(key: "k"), notices: [detail("1")])
            let entries = try await journal.audit(of: cats, atMost: 20).entries
            XCTAssertEqual(entries.map(\.operation), [operation.id])
        }
    }

    func testUserGroupsAreKeptAsTheyWereReadLast() async throws {
        try await withSQLiteJournal { journal, _ in
            let first = UserGroup(id: "S1", members: ["U1", "U2"], readAt: noon)
            let empty = UserGroup(id: "S2", members: [], readAt: noon)
            let newer = UserGroup(id: "S1", members: ["U3"], readAt: later(60))
            for group in [first, empty, newer] { try await journal.remember(group) }
            let groups = try await journal.userGroups()
            XCTAssertEqual(Set(groups), [newer, empty])
        }
    }
}
