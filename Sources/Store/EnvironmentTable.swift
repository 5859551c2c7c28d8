import Deploys
import SQLite

/// Environments as rows: which release each shall be like.
struct EnvironmentTable {
    let database: Database

    /// The operation's release is what its environment shall be like from now on.
    func settle(_ operation: Operation) throws {
        let releases = ReleaseTable(database: database)
        guard let environment = operation.environment, let number = try releases.number(of: operation.id),
            let plan = try releases.plan(of: number, app: operation.app.key)
        else { throw JournalError.unavailable("operation \(operation.id) has no plan that was kept") }
        // An app that is no longer registered may have had it before.
        try database.run(
            "DELETE FROM environments WHERE namespace = ? AND NOT (app = ? AND environment = ?)",
            [.text(plan.namespace), .text(operation.app.key), .text(environment.rawValue)])
        try database.run(
            """
            INSERT INTO environments (app, environment, namespace, release) VALUES (?, ?, ?, ?)
            ON CONFLICT (app, environment) DO UPDATE SET namespace = excluded.namespace, release = excluded.release
            """,
            [
                .text(operation.app.key), .text(environment.rawValue), .text(plan.namespace), .integer(number),
            ])
    }

    /// The newest live release is what the operation's environment shall be like from now on.
    func settleOnLive(_ operation: Operation) throws {
        guard let environment = operation.environment else { return }
        let app = operation.app
        guard let number = try ReleaseTable(database: database).current(of: app, in: environment) else { return }
        try database.run(
            "UPDATE environments SET release = ? WHERE app = ? AND environment = ?",
            [.integer(number), .text(app.key), .text(environment.rawValue)])
    }

    func liveState(of app: AppID, in environment: EnvironmentName) throws -> DesiredState? {
        let releases = ReleaseTable(database: database)
        guard let app = try AppTable(database: database).find(app)?.id,
            let number = try releases.current(of: app, in: environment),
            let plan = try releases.plan(of: number, app: app.key)
        else { return nil }
        return DesiredState(app: app, environment: environment, release: number, plan: plan)
    }

    func desiredState(of app: AppID, in environment: EnvironmentName) throws -> DesiredState? {
        try find("environments.app = ? AND environments.environment = ?", [.text(app.key), .text(environment.rawValue)])
    }

    func desiredState(inNamespace namespace: String) throws -> DesiredState? {
        try find("environments.namespace = ?", [.text(namespace)])
    }

    private func find(_ condition: String, _ values: [SQLiteValue]) throws -> DesiredState? {
        let rows = try database.run(
            """
            SELECT apps.key, apps.organisation, apps.name, environments.environment, environments.release
            FROM environments JOIN apps ON apps.key = environments.app
            WHERE \(condition) AND apps.is_active = 1
            """, values)
        guard let row = rows.first else { return nil }
        let app = AppID(organisation: row.text("organisation"), name: row.text("name"))
        guard let environment = EnvironmentName(parsing: row.text("environment")) else {
            throw JournalError.unavailable(
                "an environment of \(app.key) in the journal can't be read; run the version of iterapp that wrote it")
        }
        let release = row.int("release")
        guard let plan = try ReleaseTable(database: database).plan(of: release, app: app.key) else { return nil }
        return DesiredState(app: app, environment: environment, release: release, plan: plan)
    }
}
