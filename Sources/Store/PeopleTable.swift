import Deploys
import struct Foundation.Date
import SQLite

/// People whom the bot has met, as rows.
struct PeopleTable {
    let database: Database

    func has(_ id: String) throws -> Bool {
        try !database.run("SELECT 1 FROM people WHERE id = ?", [.text(id)]).isEmpty
    }

    /// Whether it was not there.
    func insert(_ id: String, at now: Date) throws -> Bool {
        try database.run(
            "INSERT INTO people (id, first_seen_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
            [.text(id), .date(now)])
        return database.changedRows == 1
    }
}
