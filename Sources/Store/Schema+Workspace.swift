extension Schema {
    /// What is remembered of the chat workspace: events that were answered, and what it told of itself.
    static let workspace = """
        CREATE TABLE seen_events (id TEXT PRIMARY KEY, seen_at REAL NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX seen_events_by_age ON seen_events (seen_at);

        CREATE TABLE keepsakes (name TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
}
