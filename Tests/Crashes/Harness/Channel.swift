import Foundation
import JSON
import SQLite

/// The channel as people see it.
struct Channel {
    struct Message {
        let timestamp: String
        let isReply: Bool
        let text: String
        let blocks: String
        /// Of the notice that it was posted for; nil for what the service did not write.
        let notice: Int64?
    }

    /// Oldest first.
    let messages: [Message]

    init(of stage: CrashStage) throws {
        let database = try Database(path: stage.workspaceFile)
        defer { database.close() }
        messages = try database.run("SELECT * FROM messages ORDER BY ts").map { row in
            let fraction = String(row.integer("ts") % 1_000_000 + 1_000_000).dropFirst()
            let metadata = try row.optionalText("metadata").map { try JSON.parse($0) }
            return Message(
                timestamp: "\(row.integer("ts") / 1_000_000).\(fraction)",
                isReply: row.optionalInteger("thread") != nil, text: row.text("text"), blocks: row.text("blocks"),
                notice: metadata?.at("event_payload", "notice")?.string.flatMap { Int64($0) })
        }
    }
}
