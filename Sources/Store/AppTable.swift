import Deploys
import SQLite

/// Registered apps as rows. A deregistered one stays, inactive, so that it comes back with its history.
struct AppTable {
    let database: Database

    func find(_ id: AppID) throws -> App? {
        try database.run("SELECT * FROM apps WHERE key = ? AND is_active = 1", [.text(id.key)]).first
            .map(read)
    }

    /// By its number; by its name when no number is known of the app, or none is given.
    func find(_ repository: SourceRepository) throws -> App? {
        if let id = repository.id {
            let rows = try database.run(
                "SELECT * FROM apps WHERE repository_id = ? AND is_active = 1 ORDER BY key", [.integer(id)])
            if let row = rows.first { return try read(row) }
        }
        guard let app = try find(repository.name) else { return nil }
        return app.repository?.id == nil || repository.id == nil ? app : nil
    }

    /// The registered ones that news is about.
    func concerned(by news: RepositoryNews) throws -> [App] {
        if let repository = news.repository {
            if let app = try find(repository) { return [app] }
            // An app whose repository's number nobody has told yet.
            guard case .moved(_, let former?) = news else { return [] }
            return try find(SourceRepository(id: repository.id, name: former)).map { [$0] } ?? []
        }
        guard let owner = news.owner?.lowercased() else { return [] }
        return try all().filter { $0.repositoryName.organisation.lowercased() == owner }
    }

    /// What its source tells of a registered app.
    /// - Returns: whether it is registered.
    func updateSource(_ app: App) throws -> Bool {
        try database.run(
            """
            UPDATE apps SET default_branch = ?, repository_id = ?, repository_organisation = ?, repository_name = ?,
                source_trouble = ? WHERE key = ? AND is_active = 1
            """,
            [.text(app.defaultBranch)] + sourceValues(app) + [.text(app.id.key)])
        return database.changedRows == 1
    }

    private func sourceValues(_ app: App) -> [SQLiteValue] {
        [
            app.repository?.id.map { .integer($0) } ?? .null, .text(orNull: app.repository?.name.organisation),
            .text(orNull: app.repository?.name.name), .text(orNull: Self.text(app.sourceTroubles)),
        ]
    }

    /// Of those that are registered. Reading them all takes far longer.
    func count() throws -> Int {
        try database.run("SELECT count(*) AS count FROM apps WHERE is_active = 1").first?.int("count") ?? 0
    }

    func registeredNames() throws -> [AppID] {
        try database.run("SELECT organisation, name FROM apps WHERE is_active = 1").map {
            AppID(organisation: $0.text("organisation"), name: $0.text("name"))
        }
    }

    func all() throws -> [App] {
        try database.run("SELECT * FROM apps WHERE is_active = 1 ORDER BY key").map(read)
    }

    func register(_ app: App) throws {
        try database.run(
            """
            INSERT INTO apps (
                key, organisation, name, default_branch, default_environment, repository_id, repository_organisation,
                repository_name, source_trouble, is_active)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT (key) DO UPDATE SET organisation = excluded.organisation, name = excluded.name,
                default_branch = excluded.default_branch,
                default_environment = excluded.default_environment, repository_id = excluded.repository_id,
                repository_organisation = excluded.repository_organisation,
                repository_name = excluded.repository_name, source_trouble = excluded.source_trouble, is_active = 1
            """,
            [
                .text(app.id.key), .text(app.id.organisation), .text(app.id.name), .text(app.defaultBranch),
                .text(orNull: app.defaultEnvironment?.rawValue),
            ] + sourceValues(app))
    }

    func setDefaultEnvironment(_ environment: EnvironmentName?, of app: AppID) throws {
        try database.run(
            "UPDATE apps SET default_environment = ? WHERE key = ? AND is_active = 1",
            [.text(orNull: environment?.rawValue), .text(app.key)])
    }

    /// A repository without a number is not learned: it may be another one of that name.
    func learn(_ repository: SourceRepository, defaultBranch: String?, of app: AppID) throws {
        if let defaultBranch {
            try database.run(
                "UPDATE apps SET default_branch = ? WHERE key = ? AND is_active = 1",
                [.text(defaultBranch), .text(app.key)])
        }
        guard let id = repository.id else { return }
        try database.run(
            """
            UPDATE apps SET repository_id = ?, repository_organisation = ?, repository_name = ?
            WHERE key = ? AND is_active = 1 AND repository_id IS NULL
            """,
            [.integer(id), .text(repository.name.organisation), .text(repository.name.name), .text(app.key)])
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
        var app = App(
            id: AppID(organisation: row.text("organisation"), name: row.text("name")),
            defaultBranch: row.text("default_branch"), defaultEnvironment: environment)
        if let organisation = row.optionalText("repository_organisation"),
            let name = row.optionalText("repository_name")
        {
            app.repository = SourceRepository(
                id: row.isNull("repository_id") ? nil : row.integer("repository_id"),
                name: AppID(organisation: organisation, name: name))
        }
        app.sourceTroubles = Self.troubles(row.optionalText("source_trouble"))
        return app
    }

    /// As in `archived,suspended`.
    private static func text(_ troubles: Set<SourceTrouble>) -> String? {
        troubles.isEmpty ? nil : troubles.map(\.rawValue).sorted().joined(separator: ",")
    }

    /// What a newer version wrote is no trouble that this one could tell of.
    private static func troubles(_ text: String?) -> Set<SourceTrouble> {
        Set((text ?? "").split(separator: ",").compactMap { SourceTrouble(rawValue: String($0)) })
    }
}
