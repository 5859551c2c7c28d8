import Deploys
import SQLite

/// Registered apps as rows. A deregistered one stays, inactive, so that it comes back with its history.
struct AppTable {
    let database: Database

    func find(_ id: AppID) throws -> App? {
        try database.run("SELECT * FROM apps WHERE key = ? AND is_active = 1", [.text(id.key)]).first
            .map(read)
    }

    func all() throws -> [App] {
        try database.run("SELECT * FROM apps WHERE is_active = 1 ORDER BY key").map(read)
    }

    func register(_ app: App) throws {
        try database.run(
            """
            INSERT INTO apps (key, organisation, name, default_branch, default_environment, is_active)
            VALUES (?, ?, ?, ?, ?, 1)
            ON CONFLICT (key) DO UPDATE SET organisation = excluded.organisation, name = excluded.name,
                default_branch = excluded.default_branch,
                default_environment = excluded.default_environment, is_active = 1
            """,
            [
                .text(app.id.key), .text(app.id.organisation), .text(app.id.name), .text(app.defaultBranch),
                .text(orNull: app.defaultEnvironment?.rawValue),
            ])
    }

    func update(_ app: App) throws {
        try database.run(
            """
            UPDATE apps SET default_branch = ?, default_environment = ? WHERE key = ? AND is_active = 1
            """,
            [
                .text(app.defaultBranch), .text(orNull: app.defaultEnvironment?.rawValue),
                .text(app.id.key),
            ])
    }

    /// Whether it was registered.
    func deregister(_ id: AppID) throws -> Bool {
        try database.run("UPDATE apps SET is_active = 0 WHERE key = ? AND is_active = 1", [.text(id.key)])
        return database.changedRows == 1
    }

    private func read(_ row: SQLiteRow) throws -> App {
        var environment: EnvironmentName?
        if let text = row.optionalText("default_environment") {
            guard let known = EnvironmentName(parsing: text) else {
                throw JournalError.unavailable(
                    "the app \(row.text("key")) in the journal has the unknown environment '\(text)'; "
                        + "run the version of iterapp that wrote it")
            }
            environment = known
        }
        return App(
            id: AppID(organisation: row.text("organisation"), name: row.text("name")),
            defaultBranch: row.text("default_branch"), defaultEnvironment: environment)
    }
}
