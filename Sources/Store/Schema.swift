import Deploys
import SQLite

/// The tables, and how an older file becomes a newer one.
///
/// `PRAGMA user_version` counts the steps that a file has behind it. A step that was released is never
/// changed; a change of the tables is a further step.
enum Schema {
    static let steps = [
        firstStep, desiredStates, sites, workspace, audit, status, lifecycle, lanes, queue, source, keptImages,
        commits, deliveryCauses, branchEnds, begunPushes, tasks, inbox, retention, claims, doubts,
    ]

    /// All steps that are missing, in one transaction.
    static func migrate(
        _ database: Database, in directory: String, steps: [String] = Schema.steps
    ) throws {
        let format = try format(of: database, in: directory, steps: steps)
        guard format < steps.count else { return }
        try database.transaction { try apply(steps, to: database, from: format) }
    }

    /// How many steps the file has behind it. Throws when a newer program wrote it.
    static func format(of database: Database, in directory: String, steps: [String]) throws -> Int {
        let format = Int(try database.run("PRAGMA user_version").first?.integer("user_version") ?? 0)
        guard format <= steps.count else {
            throw JournalError.unavailable(
                "the journal in \(directory) was written by a newer iterapp (format \(format), this one "
                    + "knows up to \(steps.count)); run that version, or name another directory in "
                    + "ITERAPP_STATE_DIR")
        }
        return format
    }

    /// Inside a transaction.
    static func apply(_ steps: [String], to database: Database, from format: Int) throws {
        for step in steps.dropFirst(format) { try database.execute(step) }
        try database.execute("PRAGMA user_version = \(steps.count)")
    }

    /// Dates are seconds since 2001-01-01 UTC, as Foundation counts them, so that they come back exactly:
    /// `datetime(created_at + 978307200, 'unixepoch')` shows one.
    ///
    /// Partial indexes hold unfinished operations only: what is done every second costs the same
    /// however long the history is. Tallies do the same for figures.
    private static let firstStep = """
        CREATE TABLE apps (
            key TEXT PRIMARY KEY,
            organisation TEXT NOT NULL,
            name TEXT NOT NULL,
            default_branch TEXT NOT NULL,
            default_environment TEXT,
            is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE operations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            app TEXT NOT NULL,
            organisation TEXT NOT NULL,
            app_name TEXT NOT NULL,
            environment TEXT,
            revision TEXT,
            trigger TEXT NOT NULL,
            person_id TEXT,
            person_name TEXT NOT NULL,
            channel TEXT NOT NULL,
            state TEXT NOT NULL,
            lane TEXT NOT NULL,
            commit_id TEXT,
            commit_subject TEXT,
            commit_author TEXT,
            commit_url TEXT,
            build_number INTEGER,
            release_number INTEGER,
            message_channel TEXT,
            message_timestamp TEXT,
            created_at REAL NOT NULL,
            started_at REAL,
            finished_at REAL,
            CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL)),
            CHECK ((message_channel IS NULL) = (message_timestamp IS NULL))
        ) STRICT;
        CREATE INDEX operations_unfinished ON operations (state, id) WHERE finished_at IS NULL;
        CREATE INDEX operations_pushed ON operations (app, revision, id)
            WHERE finished_at IS NULL AND kind = 'push';
        CREATE INDEX operations_of_person ON operations (person_id, id) WHERE person_id IS NOT NULL;

        CREATE TABLE deduplication_keys (
            key TEXT PRIMARY KEY,
            operation INTEGER NOT NULL REFERENCES operations,
            created_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deduplication_keys_by_age ON deduplication_keys (created_at);

        CREATE TABLE builds (
            app TEXT NOT NULL,
            number INTEGER NOT NULL,
            commit_id TEXT NOT NULL,
            operation INTEGER NOT NULL REFERENCES operations,
            images TEXT,
            started_at REAL NOT NULL,
            finished_at REAL,
            PRIMARY KEY (app, number),
            CHECK ((images IS NULL) = (finished_at IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX builds_finished ON builds (app, commit_id, number) WHERE finished_at IS NOT NULL;

        CREATE TABLE releases (
            app TEXT NOT NULL,
            number INTEGER NOT NULL,
            operation INTEGER NOT NULL UNIQUE REFERENCES operations,
            is_live INTEGER NOT NULL CHECK (is_live IN (0, 1)),
            environment TEXT,
            reserved_at REAL NOT NULL,
            PRIMARY KEY (app, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX releases_live ON releases (app, environment, number) WHERE is_live = 1;

        CREATE TABLE notices (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            operation INTEGER NOT NULL REFERENCES operations,
            channel TEXT NOT NULL,
            kind TEXT NOT NULL,
            draft TEXT NOT NULL,
            is_begun INTEGER NOT NULL DEFAULT 0 CHECK (is_begun IN (0, 1)),
            written_at REAL NOT NULL
        ) STRICT;
        CREATE INDEX notices_in_channel ON notices (channel, id);
        CREATE INDEX notices_of_operation ON notices (operation, kind, id);

        CREATE TABLE channel_waits (
            channel TEXT PRIMARY KEY,
            until REAL NOT NULL,
            failures INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tallies (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO tallies VALUES ('notices', 0), ('queued', 0), ('running', 0), ('succeeded', 0),
            ('failed', 0), ('superseded', 0);
        CREATE TRIGGER operation_added AFTER INSERT ON operations BEGIN
            UPDATE tallies SET count = count + 1 WHERE name = NEW.state;
        END;
        CREATE TRIGGER operation_moved AFTER UPDATE OF state ON operations WHEN OLD.state != NEW.state BEGIN
            UPDATE tallies SET count = count - 1 WHERE name = OLD.state;
            UPDATE tallies SET count = count + 1 WHERE name = NEW.state;
        END;
        CREATE TRIGGER notice_added AFTER INSERT ON notices BEGIN
            UPDATE tallies SET count = count + 1 WHERE name = 'notices';
        END;
        CREATE TRIGGER notice_gone AFTER DELETE ON notices BEGIN
            UPDATE tallies SET count = count - 1 WHERE name = 'notices';
        END;
        """

    /// A plan is the text that a cluster was given for a release; only the newest are kept. An environment's namespace
    /// leads from what is seen in the cluster back to it.
    private static let desiredStates = """
        ALTER TABLE releases ADD COLUMN plan TEXT;

        CREATE TABLE environments (
            app TEXT NOT NULL,
            environment TEXT NOT NULL,
            namespace TEXT NOT NULL,
            release INTEGER NOT NULL,
            PRIMARY KEY (app, environment),
            FOREIGN KEY (app, release) REFERENCES releases (app, number)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX environments_by_namespace ON environments (namespace);

        CREATE TABLE placed_objects (
            namespace TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            uid TEXT NOT NULL,
            ownership TEXT NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (namespace, kind, name)
        ) STRICT, WITHOUT ROWID;
        """
}
