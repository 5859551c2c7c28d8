extension Schema {
    /// What people ask about environments, kept where it can be read at once: newest numbers would have to be looked
    /// for among all releases. Operations that have not ended are few; their index leads to the newest of each
    /// environment. Who was met before need not be greeted.
    static let status = """
        CREATE TABLE environment_states (
            app TEXT NOT NULL,
            environment TEXT NOT NULL,
            live_operation INTEGER,
            previous_release INTEGER,
            sites TEXT NOT NULL DEFAULT '[]',
            failed_operation INTEGER,
            PRIMARY KEY (app, environment)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO environment_states (app, environment, live_operation, previous_release)
            SELECT app, environment, operation, (
                SELECT max(number) FROM releases AS older
                WHERE older.app = newest.app AND older.environment = newest.environment AND older.is_live = 1
                    AND older.number < newest.number)
            FROM releases AS newest
            WHERE is_live = 1 AND environment IS NOT NULL AND number = (
                SELECT max(number) FROM releases AS others
                WHERE others.app = newest.app AND others.environment = newest.environment AND others.is_live = 1);
        CREATE INDEX operations_under_way ON operations (app, environment, id)
            WHERE finished_at IS NULL AND environment IS NOT NULL AND kind != 'build';

        CREATE TABLE people (id TEXT PRIMARY KEY, first_seen_at REAL NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO people SELECT person_id, min(created_at) FROM operations
            WHERE person_id IS NOT NULL GROUP BY person_id;
        """
}
