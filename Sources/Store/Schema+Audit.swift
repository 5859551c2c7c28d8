extension Schema {
    /// Who did what, or was not allowed to: lines are added and nothing else, so that whoever reads them can rely on
    /// them. Lines of an app are numbered from 1 without a gap. Also what is known of user groups.
    static let audit = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            app TEXT NOT NULL,
            number INTEGER NOT NULL,
            written_at REAL NOT NULL,
            organisation TEXT NOT NULL,
            app_name TEXT NOT NULL,
            environment TEXT,
            revision TEXT,
            deed TEXT NOT NULL,
            decision TEXT NOT NULL CHECK (decision IN ('accepted', 'refused')),
            reason TEXT,
            trigger TEXT NOT NULL,
            person_id TEXT,
            person_name TEXT NOT NULL,
            place TEXT CHECK (place IN ('channel', 'direct', 'home')),
            place_id TEXT,
            place_name TEXT,
            operation INTEGER REFERENCES operations
        ) STRICT;
        CREATE UNIQUE INDEX audit_of_app ON audit (app, number);
        CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
            WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
                OR EXISTS (SELECT 1 FROM audit WHERE app = NEW.app AND number = NEW.number)
        BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;

        CREATE TABLE user_groups (
            id TEXT PRIMARY KEY,
            members TEXT NOT NULL,
            read_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
