extension Schema {
    /// What is looked at after a deploy is over, and what people know about certificates.
    static let sites = """
        CREATE TABLE site_watches (
            operation INTEGER PRIMARY KEY REFERENCES operations,
            app TEXT NOT NULL,
            environment TEXT NOT NULL,
            report TEXT NOT NULL,
            began_at REAL NOT NULL,
            next_look_at REAL NOT NULL,
            pause_seconds REAL NOT NULL,
            changes INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX site_watches_of_environment ON site_watches (app, environment);
        CREATE INDEX site_watches_by_time ON site_watches (next_look_at);

        CREATE TABLE certificate_troubles (
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            told_at REAL NOT NULL,
            PRIMARY KEY (namespace, name, kind)
        ) STRICT, WITHOUT ROWID;
        """
}
