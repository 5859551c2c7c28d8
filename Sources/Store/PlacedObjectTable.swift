import Deploys
import SQLite

/// The inventory as rows: what we put into the cluster and have not taken out again.
struct PlacedObjectTable {
    let database: Database

    func all() throws -> [PlacedObject] {
        try database.run("SELECT * FROM placed_objects ORDER BY namespace, kind, name").map(read)
    }

    func all(in namespace: String) throws -> [PlacedObject] {
        try database.run(
            "SELECT * FROM placed_objects WHERE namespace = ? ORDER BY kind, name", [.text(namespace)]
        ).map(read)
    }

    func put(_ object: PlacedObject) throws {
        try database.run(
            """
            INSERT INTO placed_objects (namespace, kind, name, uid, ownership, content) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (namespace, kind, name) DO UPDATE SET uid = excluded.uid, ownership = excluded.ownership,
                content = excluded.content
            """,
            [
                .text(object.namespace), .text(object.kind), .text(object.name), .text(object.uid),
                .text(object.ownership), .text(object.content),
            ])
    }

    func remove(_ object: PlacedObject) throws {
        try database.run(
            "DELETE FROM placed_objects WHERE namespace = ? AND kind = ? AND name = ? AND uid = ?",
            [.text(object.namespace), .text(object.kind), .text(object.name), .text(object.uid)])
    }

    private func read(_ row: SQLiteRow) -> PlacedObject {
        PlacedObject(
            namespace: row.text("namespace"), kind: row.text("kind"), name: row.text("name"),
            uid: row.text("uid"), ownership: row.text("ownership"), content: row.text("content"))
    }
}
