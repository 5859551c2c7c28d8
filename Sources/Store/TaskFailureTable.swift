import Deploys
import struct Foundation.Date
import SQLite

/// Scheduled tasks that people know to fail, as rows.
struct TaskFailureTable {
    let database: Database

    func all() throws -> [ToldTaskFailure] {
        try database.run("SELECT namespace, name, run_at FROM task_failures ORDER BY namespace, name").map { row in
            ToldTaskFailure(
                ScheduledTask.ID(namespace: row.text("namespace"), name: row.text("name")), runAt: row.date("run_at"))
        }
    }

    /// Whether it was not there.
    func insert(_ failure: ToldTaskFailure, at now: Date) throws -> Bool {
        try database.run(
            """
            INSERT INTO task_failures (namespace, name, run_at, told_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (namespace, name) DO NOTHING
            """,
            [.text(failure.task.namespace), .text(failure.task.name), .date(failure.runAt), .date(now)])
        return database.changedRows == 1
    }

    /// Whether it was there.
    func remove(_ task: ScheduledTask.ID) throws -> Bool {
        try database.run(
            "DELETE FROM task_failures WHERE namespace = ? AND name = ?", [.text(task.namespace), .text(task.name)])
        return database.changedRows > 0
    }
}
