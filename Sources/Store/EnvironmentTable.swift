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
        try write(number, plan, of: operation.app, in: environment)
    }

    /// Nobody says what the operation's environment shall be like.
    func forget(_ operation: Operation) throws {
        guard let environment = operation.environment else { return }
        try database.run(
            "DELETE FROM environments WHERE app = ? AND environment = ?",
            [.text(operation.app.key), .text(environment.rawValue)])
    }

    /// The same for all environments of an app.
    func forget(_ app: AppID) throws {
        try database.run("DELETE FROM environments WHERE app = ?", [.text(app.key)])
    }

    /// The newest live release is what the operation's environment shall be like from now on.
    func settleOnLive(_ operation: Operation) throws {
        guard let environment = operation.environment else { return }
        let app = operation.app
        let releases = ReleaseTable(database: database)
        guard let number = try releases.current(of: app, in: environment),
            let plan = try releases.plan(of: number, app: app.key)
        else { return }
        try write(number, plan, of: app, in: environment)
    }

    private func write(
        _ number: Int, _ plan: ClusterPlan, of app: AppID, in environment: EnvironmentName
    ) throws {
        // An app that is no longer registered may have had the namespace before.
        try database.run(
            "DELETE FROM environments WHERE namespace = ? AND NOT (app = ? AND environment = ?)",
            [.text(plan.namespace), .text(app.key), .text(environment.rawValue)])
        try database.run(
            """
            INSERT INTO environments (app, environment, namespace, release) VALUES (?, ?, ?, ?)
            ON CONFLICT (app, environment) DO UPDATE SET namespace = excluded.namespace, release = excluded.release
            """,
            [.text(app.key), .text(environment.rawValue), .text(plan.namespace), .integer(number)])
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
