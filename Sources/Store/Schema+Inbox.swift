extension Schema {
    /// Requests that were acknowledged and are not operations yet. In the journal itself they stand in backups and in
    /// files of older versions; else they have a file of their own.
    static let inbox = inboxTable(key: "TEXT UNIQUE")

    /// Rows are few, and gone within moments. That a key comes once is seen to when operations are made of them.
    static func inboxTable(key: String) -> String {
        """
        CREATE TABLE inbox (
            id INTEGER PRIMARY KEY,
            key \(key),
            kind TEXT NOT NULL,
            organisation TEXT NOT NULL,
            app_name TEXT NOT NULL,
            environment TEXT,
            revision TEXT,
            person_id TEXT,
            person_name TEXT NOT NULL,
            channel TEXT NOT NULL,
            needs_approval INTEGER NOT NULL CHECK (needs_approval IN (0, 1)),
            place TEXT,
            place_id TEXT,
            place_name TEXT,
            received_at REAL NOT NULL
        ) STRICT;
        """
    }
}
