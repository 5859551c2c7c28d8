extension Schema {
    /// Where an app's repository is, and where its branches were when something was done about them last. Deliveries
    /// are those that became no operation, whose key is nowhere else.
    static let source = """
        ALTER TABLE apps ADD COLUMN repository_id INTEGER;
        ALTER TABLE apps ADD COLUMN repository_organisation TEXT;
        ALTER TABLE apps ADD COLUMN repository_name TEXT;
        ALTER TABLE apps ADD COLUMN source_trouble TEXT;
        CREATE INDEX apps_by_repository ON apps (repository_id) WHERE repository_id IS NOT NULL;

        CREATE TABLE branch_heads (
            app TEXT NOT NULL,
            branch TEXT NOT NULL,
            commit_id TEXT NOT NULL,
            before_id TEXT,
            PRIMARY KEY (app, branch)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE branch_looks (app TEXT PRIMARY KEY, tag TEXT, looked_at REAL NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE deliveries (id TEXT PRIMARY KEY, received_at REAL NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX deliveries_by_age ON deliveries (received_at);
        CREATE INDEX operations_of_commit ON operations (app, commit_id, id) WHERE commit_id IS NOT NULL;
        """

    /// What a delivery caused, if it caused an operation or was about what one had done before.
    static let deliveryCauses = """
        ALTER TABLE deliveries ADD COLUMN operation INTEGER;
        """

    /// Branches that were told to be gone since a look saw where they are, with the delivery that said so.
    static let branchEnds = """
        CREATE TABLE branch_ends (
            app TEXT NOT NULL,
            branch TEXT NOT NULL,
            delivery TEXT NOT NULL,
            PRIMARY KEY (app, branch)
        ) STRICT, WITHOUT ROWID;
        """

    /// What was worked on of a branch before.
    static let begunPushes = """
        CREATE INDEX operations_of_branch ON operations (app, revision, id)
            WHERE kind = 'push' AND started_at IS NOT NULL;
        """

    /// Where the branch was before a push that may be late, empty for a new branch; until somebody has looked. And how
    /// often branches were moved by what was told: a look's tag stands for where they were when it asked.
    static let doubts = """
        ALTER TABLE operations ADD COLUMN doubted_before TEXT;
        ALTER TABLE branch_looks ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
        """
}
