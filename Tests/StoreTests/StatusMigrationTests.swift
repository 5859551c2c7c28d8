import Deploys
import SQLite
import TestSupport
import XCTest

@testable import Store

/// Who upgrades reads at once what is live, and is not greeted like a newcomer.
final class StatusMigrationTests: XCTestCase {
    func testAnOlderFileTellsWhatIsLive() async throws {
        try await withTemporaryDirectory { directory in
            let older = try XCTUnwrap(Schema.steps.firstIndex(of: Schema.status))
            let database = try Database(path: directory.appending(path: "iterapp.db").path)
            try Schema.migrate(database, in: directory.path, steps: Array(Schema.steps.prefix(older)))
            try database.execute(
                """
                INSERT INTO apps (key, organisation, name, default_branch, is_active)
                    VALUES ('iterate/cats', 'iterate', 'cats', 'main', 1);
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6)
                INSERT INTO operations (
                    id, kind, app, organisation, app_name, environment, revision, trigger, person_id, person_name,
                    channel, state, lane, commit_id, release_number, created_at, started_at, finished_at)
                SELECT i, 'deploy', 'iterate/cats', 'iterate', 'cats', iif(i = 4, 'prod', 'test'), 'main', 'command', 'U1',
                    'kari', '#iterapp-logs', 'succeeded', 'l', '\(testCommit().id.sha)', i, i, i, i FROM n;
                INSERT INTO releases (app, number, operation, is_live, environment, reserved_at)
                SELECT app, id, id, id != 6, iif(id = 6, NULL, environment), id FROM operations;
                """)
            database.close()
            let journal = try await SQLiteJournal.open(directory)
            let record = try await journal.records(of: [cats]).first
            XCTAssertEqual(record?.environments.map(\.environment), [.prod, .test])
            XCTAssertEqual(record?.environments.map(\.release?.number), [4, 5])
            XCTAssertEqual(record?.environments.map(\.previousRelease), [nil, 3])
            let isKnown = try await journal.hasMet(kari.id)
            XCTAssertTrue(isKnown)
            await journal.close()
        }
    }
}
