extension Schema {
    /// Requests that were acknowledged and are not operations yet. Rows are few, and gone within moments.
    static let inbox = """
        CREATE TABLE inbox (
            id INTEGER PRIMARY KEY,
            key TEXT UNIQUE,
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
