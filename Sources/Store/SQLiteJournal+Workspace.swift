import Deploys
import struct Foundation.Date

extension SQLiteJournal: SeenEvents {
    package func wasSeen(_ eventID: String) async throws(JournalError) -> Bool {
        try await reader.run { try SeenEventTable(database: $0).contains(eventID) }
    }

    package func remember(_ eventID: String, at now: Date) async throws(JournalError) {
        try await writer.run { try SeenEventTable(database: $0).insert(eventID, at: now) }
    }
}

extension SQLiteJournal: Keepsakes {
    package func keepsake(_ name: String) async throws(JournalError) -> String? {
        try await reader.run { database in
            try database.run("SELECT content FROM keepsakes WHERE name = ?", [.text(name)]).first?.text("content")
        }
    }

    package func keep(_ text: String, as name: String) async throws(JournalError) {
        try await writer.run { database in
            _ = try database.run(
                """
                INSERT INTO keepsakes (name, content) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET content = excluded.content
                """, [.text(name), .text(text)])
        }
    }
}
