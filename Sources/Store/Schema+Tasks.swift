extension Schema {
    /// Scheduled tasks that people know to fail.
    static let tasks = """
        CREATE TABLE task_failures (
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            run_at REAL NOT NULL,
            told_at REAL NOT NULL,
            PRIMARY KEY (namespace, name)
        ) STRICT, WITHOUT ROWID;
        """
}
