extension Schema {
    /// What old rows need to be removed. Keys and lines of the audit log no longer hold on to operations: they have
    /// times of their own. Lines of the last year stay whatever a program wants, and numbers go on behind those that
    /// went.
    static let retention = """
        CREATE TABLE keys_without_reference (
            key TEXT PRIMARY KEY,
            operation INTEGER NOT NULL,
            created_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO keys_without_reference SELECT key, operation, created_at FROM deduplication_keys;
        DROP TABLE deduplication_keys;
        ALTER TABLE keys_without_reference RENAME TO deduplication_keys;
        CREATE INDEX deduplication_keys_by_age ON deduplication_keys (created_at);

        CREATE TABLE audit_without_reference (
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
            operation INTEGER
        ) STRICT;
        INSERT INTO audit_without_reference SELECT id, app, number, written_at, organisation, app_name, environment,
            revision, deed, decision, reason, trigger, person_id, person_name, place, place_id, place_name, operation
            FROM audit;
        DROP TABLE audit;
        ALTER TABLE audit_without_reference RENAME TO audit;
        CREATE UNIQUE INDEX audit_of_app ON audit (app, number);
        CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        CREATE TRIGGER audit_keeps_a_year BEFORE DELETE ON audit
            WHEN OLD.written_at > CAST(strftime('%s', 'now', '-365 days') AS REAL) - 978307200.0
        BEGIN
            SELECT RAISE(ABORT, 'the audit log keeps the lines of a year');
        END;
        CREATE TRIGGER audit_keeps_its_numbers BEFORE DELETE ON audit
            WHEN NOT EXISTS (SELECT 1 FROM audit WHERE app = OLD.app AND number > OLD.number)
        BEGIN
            SELECT RAISE(ABORT, 'the audit log keeps the last line of each app');
        END;
        CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
            WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
                OR EXISTS (SELECT 1 FROM audit WHERE app = NEW.app AND number = NEW.number)
        BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;

        CREATE INDEX builds_of_operation ON builds (operation);
        CREATE INDEX releases_planned ON releases (app, number) WHERE plan IS NOT NULL;
        CREATE TRIGGER operation_gone AFTER DELETE ON operations BEGIN
            UPDATE tallies SET count = count - 1 WHERE name = OLD.state;
        END;
        """
}
