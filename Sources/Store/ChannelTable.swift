import SQLite

/// Names of channels and the ids that they mean.
struct ChannelTable {
    let database: Database

    func id(of name: String) throws -> String? {
        try database.run("SELECT id FROM channels WHERE name = ?", [.text(name)]).first?.text("id")
    }

    /// Ids by name.
    func all() throws -> [String: String] {
        let rows = try database.run("SELECT name, id FROM channels")
        return Dictionary(rows.map { ($0.text("name"), $0.text("id")) }) { $1 }
    }

    func names(of id: String) throws -> [String] {
        try database.run("SELECT name FROM channels WHERE id = ? ORDER BY name", [.text(id)]).map { $0.text("name") }
    }

    func remember(_ name: String, is id: String) throws {
        try database.run(
            "INSERT INTO channels (name, id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET id = excluded.id",
            [.text(name), .text(id)])
    }
}
