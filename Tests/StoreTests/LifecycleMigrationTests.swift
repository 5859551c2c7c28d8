import Deploys
import SQLite
import TestSupport
import XCTest

@testable import Store

/// Who upgrades while operations are under way goes on with them.
final class LifecycleMigrationTests: XCTestCase {
    func testOperationsOfAnOlderFileCanBeCancelledAndCounted() async throws {
        try await withTemporaryDirectory { directory in
            let older = try XCTUnwrap(Schema.steps.firstIndex(of: Schema.lifecycle))
            let database = try Database(path: directory.appending(path: "iterapp.db").path)
            try Schema.migrate(database, in: directory.path, steps: Array(Schema.steps.prefix(older)))
            try database.execute(
                """
                INSERT INTO operations (
                    id, kind, app, organisation, app_name, environment, revision, trigger, person_id, person_name,
                    channel, state, lane, created_at)
                VALUES (7, 'deploy', 'iterate/cats', 'iterate', 'cats', 'test', 'main', 'command', 'U1', 'kari',
                    '#iterapp-logs', 'queued', 'iterate/cats test', 1);
                """)
            database.close()
            let journal = try await SQLiteJournal.open(directory)
            let operation = try await journal.stored(OperationID(7))
            XCTAssertNil(operation.approval)
            XCTAssertNil(operation.cancelledBy)
            let report = try await journal.lastReport(of: operation.id)
            XCTAssertNil(report, "nobody kept what its message says")
            let entry = AuditEntry(
                date: noon, trigger: .button(kari), place: nil, deed: Deed(.cancel, cats, .test), revision: nil,
                decision: .accepted, reason: nil, operation: operation.id)
            let outcome = try await journal.cancel(
                operation.id, by: kari, at: noon, key: nil, auditing: entry, notices: { _ in [] })
            guard case .ended? = outcome else { return XCTFail("\(String(describing: outcome))") }
            let figures = try await journal.statistics().operations
            XCTAssertEqual(figures[.cancelled], 1)
            XCTAssertEqual(figures[.queued], 0)
            await journal.close()
        }
    }
}
