import JSON
import SQLite

/// Files, from their announcement on.
extension Workspace {
    func announceFile(_ name: String, size: Int) throws -> ChatFile {
        let file = ChatFile(
            id: freshID("F"), name: name, size: size, content: [], isUploaded: false, description: nil)
        try database.run(
            "INSERT INTO files (id, name, size) VALUES (?, ?, ?)",
            [.text(file.id), .text(name), .integer(Int64(size))])
        return file
    }

    package func file(_ id: String) throws -> ChatFile? {
        try database.run("SELECT * FROM files WHERE id = ?", [.text(id)]).first.map { row in
            ChatFile(
                id: id, name: row.text("name"), size: Int(row.integer("size")),
                content: row.isNull("content") ? [] : row.blob("content"), isUploaded: row.integer("uploaded") == 1,
                description: row.optionalText("description").flatMap { try? JSON.parse($0) })
        }
    }

    func upload(_ id: String, _ content: [UInt8]) throws {
        try database.run("UPDATE files SET content = ?, uploaded = 1 WHERE id = ?", [.blob(content), .text(id)])
    }

    func describe(_ id: String, _ description: JSON) throws {
        try database.run("UPDATE files SET description = ? WHERE id = ?", [.text(description.text), .text(id)])
    }
}
