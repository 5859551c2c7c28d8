import JSON
import SQLite

/// The objects on disk, one row each: so that a killed process finds every object again with its uid and
/// resource version.
///
/// Write-ahead logging with `synchronous=NORMAL`: a commit survives the end of the process, though the
/// last ones may be lost when the machine loses power
/// (https://www.sqlite.org/pragma.html#pragma_synchronous).
struct ObjectFile {
    struct DamagedObject: Error, CustomStringConvertible {
        let path: String
        let object: String
        let reason: String

        var description: String {
            "\(object) in \(path) is damaged (\(reason)); move the file away to begin with an empty cluster"
        }
    }

    private let database: Database
    private let path: String

    init(path: String) throws(SQLiteError) {
        self.path = path
        database = try Database(path: path)
        try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        try database.execute(
            """
            CREATE TABLE IF NOT EXISTS objects (
                "group" TEXT NOT NULL, plural TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                object TEXT NOT NULL,
                PRIMARY KEY ("group", plural, namespace, name)
            ) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS revision (
                id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL
            );
            """)
    }

    /// All objects and the last resource version that was given out, those of deletions included.
    func load() throws -> (objects: [(ObjectKey, JSON)], revision: Int) {
        var objects: [(ObjectKey, JSON)] = []
        for row in try database.run("SELECT * FROM objects") {
            let kind = ResourceKind.all.first {
                $0.group == row.text("group") && $0.plural == row.text("plural")
            }
            // A kind that is no longer known stays on disk, out of sight.
            guard let kind else { continue }
            let key = ObjectKey(kind, namespace: row.text("namespace"), name: row.text("name"))
            do {
                objects.append((key, try JSON.parse(row.text("object"))))
            } catch {
                throw DamagedObject(path: path, object: "\(kind.plural) \(key.position)", reason: "\(error)")
            }
        }
        let revision = try database.run("SELECT value FROM revision").first?.integer("value") ?? 1
        return (objects, Int(revision))
    }

    func write(_ changes: [ObjectStore.Change], revision: Int) throws {
        guard !changes.isEmpty else { return }
        try database.transaction {
            for change in changes {
                let key = change.key
                let row: [SQLiteValue] = [
                    .text(key.kind.group), .text(key.kind.plural), .text(key.namespace), .text(key.name),
                ]
                if let new = change.new {
                    try database.run(
                        "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)", row + [.text(new.text)])
                } else {
                    try database.run(
                        """
                        DELETE FROM objects
                        WHERE "group" = ? AND plural = ? AND namespace = ? AND name = ?
                        """, row)
                }
            }
            try database.run("INSERT OR REPLACE INTO revision VALUES (1, ?)", [.integer(Int64(revision))])
        }
    }
}
