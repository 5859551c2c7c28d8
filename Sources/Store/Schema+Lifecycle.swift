extension Schema {
    /// Approvals and cancellations, and what stands in each operation's message.
    ///
    /// The scope of a message is whose later success makes its buttons senseless; the index holds messages with buttons
    /// only, which are few.
    static let lifecycle = """
        ALTER TABLE operations ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0 CHECK (needs_approval IN (0, 1));
        ALTER TABLE operations ADD COLUMN approved_by_id TEXT;
        ALTER TABLE operations ADD COLUMN approved_by_name TEXT;
        ALTER TABLE operations ADD COLUMN held_since REAL;
        ALTER TABLE operations ADD COLUMN cancelled_by_id TEXT;
        ALTER TABLE operations ADD COLUMN cancelled_by_name TEXT;
        ALTER TABLE operations ADD COLUMN note TEXT;
        ALTER TABLE operations ADD COLUMN setback TEXT;

        CREATE TABLE reports (
            operation INTEGER PRIMARY KEY REFERENCES operations,
            scope TEXT NOT NULL,
            has_steps INTEGER NOT NULL CHECK (has_steps IN (0, 1)),
            report TEXT NOT NULL
        ) STRICT;
        CREATE INDEX reports_with_steps ON reports (scope, operation) WHERE has_steps = 1;

        INSERT INTO tallies VALUES ('cancelled', 0);
        """
}
