extension Schema {
    /// What commits' pages were told. A row is a part of an operation that has, or shall have, an entry there:
    /// `wanted` and `told` are digests of what it shall say and of what it says; it is behind as long as they differ.
    /// The index holds what is behind only, which is little.
    static let commits = """
        CREATE TABLE commit_marks (
            operation INTEGER NOT NULL REFERENCES operations,
            part TEXT NOT NULL CHECK (part IN ('check', 'deployment')),
            app TEXT NOT NULL,
            wanted INTEGER NOT NULL,
            told INTEGER,
            entry INTEGER,
            is_begun INTEGER NOT NULL DEFAULT 0 CHECK (is_begun IN (0, 1)),
            refused TEXT,
            behind_since REAL NOT NULL,
            PRIMARY KEY (operation, part)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX commit_marks_behind ON commit_marks (app, part, operation, behind_since)
            WHERE told IS NOT wanted AND refused IS NULL;
        CREATE INDEX commit_marks_refused ON commit_marks (operation) WHERE refused IS NOT NULL;
        """
}
