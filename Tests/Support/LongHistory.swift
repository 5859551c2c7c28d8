import Foundation
import SQLite

/// A journal that a company has filled for years, written at once: verb by verb it would take hours.
package struct LongHistory: Sendable {
    package var apps = 1_000
    package var environments = ["prod", "test"]
    package var operations = 100_000
    package var people = 200
    /// Of the newest operations, those that have not ended.
    package var unfinished = 50

    /// When the last one was asked for; they came second by second.
    package var end: Date

    package init(until end: Date) { self.end = end }

    package static func app(_ number: Int) -> String { String(format: "app%04d", number) }

    /// - Parameter directory: of a journal that was made and closed, and is empty.
    package func write(into directory: URL) throws {
        let database = try Database(path: directory.appending(path: "iterapp.db").path)
        defer { database.close() }
        try database.execute("PRAGMA synchronous = OFF; BEGIN")
        let series = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(operations - 1))"
        let begin = end.timeIntervalSinceReferenceDate - Double(operations)
        let names = environments.map { "('\($0)')" }.joined(separator: ",")
        try database.execute(
            """
            \(series) INSERT INTO apps (key, organisation, name, default_branch, is_active)
                SELECT 'iterate/' || format('app%04d', i), 'iterate', format('app%04d', i), 'main', 1 FROM n
                WHERE i < \(apps);
            CREATE TEMP TABLE places (name TEXT); INSERT INTO places VALUES \(names);
            \(series) INSERT INTO operations (
                id, kind, app, organisation, app_name, environment, revision, trigger, person_id, person_name, channel,
                state, lane, commit_id, commit_subject, commit_author, commit_url, build_number, release_number,
                created_at, started_at, finished_at)
            SELECT i + 1, 'deploy', 'iterate/' || format('app%04d', i % \(apps)), 'iterate',
                format('app%04d', i % \(apps)), place, 'main', 'command', 'U' || (i % \(people)), 'kari',
                '#iterapp-logs', iif(i >= \(operations - unfinished), 'queued', 'succeeded'),
                'iterate/' || format('app%04d', i % \(apps)) || ' ' || place, format('%040x', i),
                'Feed the cats, and do not forget the dogs and the birds ' || i, 'Kari Nordmann',
                'https://github.com/iterate/cats/commit/' || format('%040x', i), i / \(apps) + 1, i / \(apps) + 1, \(begin) + i,
                \(begin) + i, iif(i >= \(operations - unfinished), NULL, \(begin) + i + 60)
            FROM (SELECT i, (SELECT name FROM places WHERE rowid = 1 + (i / \(apps)) % \(environments.count)) AS place
                FROM n);
            INSERT INTO releases (app, number, operation, is_live, environment, reserved_at)
                SELECT app, release_number, id, 1, environment, created_at FROM operations
                WHERE finished_at IS NOT NULL;
            INSERT INTO environment_states (app, environment, live_operation, previous_release, sites)
                SELECT app, environment, max(id), max(release_number) - \(environments.count),
                    format('[{"url":"https://%s.%s.iterate.no/"}]', app_name, environment)
                FROM operations WHERE finished_at IS NOT NULL GROUP BY app, environment;
            UPDATE environment_states SET failed_operation = live_operation WHERE app LIKE '%0';
            INSERT INTO people SELECT person_id, min(created_at) FROM operations GROUP BY person_id;
            COMMIT;
            """)
    }
}
