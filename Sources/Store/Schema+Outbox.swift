extension Schema {
    /// Two lanes instead of one, what stands in their way, and which channel a name means.
    ///
    /// Of the drafts of a live message that waited, the newest takes the place of the first.
    static let lanes = """
        DROP INDEX notices_in_channel;
        ALTER TABLE notices ADD COLUMN lane TEXT NOT NULL DEFAULT 'posts'
            CHECK (lane IN ('posts', 'edits', 'parked'));
        ALTER TABLE notices ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE notices ADD COLUMN urgency INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE notices ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE notices ADD COLUMN begun_at REAL;
        ALTER TABLE notices ADD COLUMN reason TEXT;
        UPDATE notices SET draft = (
            SELECT draft FROM notices AS newer
            WHERE newer.operation = notices.operation AND newer.kind = 'live' ORDER BY newer.id DESC LIMIT 1
        ) WHERE kind = 'live';
        DELETE FROM notices WHERE kind = 'live'
            AND id NOT IN (SELECT min(id) FROM notices WHERE kind = 'live' GROUP BY operation);
        UPDATE notices SET lane = 'edits' WHERE kind = 'live' AND EXISTS (
            SELECT 1 FROM operations WHERE operations.id = notices.operation AND message_timestamp IS NOT NULL);
        UPDATE notices SET begun_at = written_at WHERE is_begun = 1 AND lane = 'posts';
        ALTER TABLE notices DROP COLUMN is_begun;
        CREATE INDEX notices_to_post ON notices (channel, id) WHERE lane = 'posts';
        CREATE INDEX notices_in_lane ON notices (lane, urgency, failures, id);
        CREATE UNIQUE INDEX notices_live ON notices (operation) WHERE kind = 'live';

        DROP TABLE channel_waits;
        CREATE TABLE obstacles (
            scope TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL,
            since REAL NOT NULL,
            until REAL NOT NULL,
            failures INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE channels (name TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX channels_by_id ON channels (id);

        DROP TRIGGER notice_added;
        DROP TRIGGER notice_gone;
        DELETE FROM tallies WHERE name = 'notices';
        INSERT INTO tallies (name, count)
            SELECT column1, (SELECT count(*) FROM notices WHERE lane = column1)
            FROM (VALUES ('posts'), ('edits'), ('parked'));
        INSERT INTO tallies VALUES ('collapsed', 0);
        CREATE TRIGGER notice_added AFTER INSERT ON notices BEGIN
            UPDATE tallies SET count = count + 1 WHERE name = NEW.lane;
        END;
        CREATE TRIGGER notice_moved AFTER UPDATE OF lane ON notices WHEN OLD.lane != NEW.lane BEGIN
            UPDATE tallies SET count = count - 1 WHERE name = OLD.lane;
            UPDATE tallies SET count = count + 1 WHERE name = NEW.lane;
        END;
        CREATE TRIGGER notice_gone AFTER DELETE ON notices BEGIN
            UPDATE tallies SET count = count - 1 WHERE name = OLD.lane;
        END;
        """
}
