import Foundation
import JSON
import SQLite

/// What a demo has written down, read from its files: the journal, and the channel with its messages' metadata.
package struct DemoRecords {
    package struct Operation {
        package let id: Int64
        package let kind: String
        package let state: String
        package let lane: String
        package let environment: String?
        package let commit: String?
        package let release: Int64?
        /// Of its live message.
        package let timestamp: String?
        /// Seconds since 1970.
        package let finishedAt: Double?
    }

    package struct Message {
        package let timestamp: String
        package let isReply: Bool
        package let text: String
        package let blocks: String
        /// The id of the notice that it was posted for; nil for what a person wrote.
        package let notice: String?
    }

    /// In the order of acceptance.
    package let operations: [Operation]
    /// By deduplication key: `command:TRIGGER`.
    package let operationsByKey: [String: Int64]
    /// The operation of the newest release that went live, by environment.
    package let liveOperations: [String: Int64]
    package let images: [String]
    package let undelivered: Int64
    /// Oldest first.
    package let messages: [Message]

    package init(of demo: DemoProcess) throws {
        let journal = try Database(path: demo.directory.appending(path: "state/iterapp.db").path)
        operations = try journal.run("SELECT * FROM operations ORDER BY id").map { row in
            Operation(
                id: row.integer("id"), kind: row.text("kind"), state: row.text("state"), lane: row.text("lane"),
                environment: row.optionalText("environment"), commit: row.optionalText("commit_id"),
                release: row.optionalInteger("release_number"), timestamp: row.optionalText("message_timestamp"),
                finishedAt: row.optionalReal("finished_at").map { $0 + Date.timeIntervalBetween1970AndReferenceDate })
        }
        operationsByKey = Dictionary(
            uniqueKeysWithValues: try journal.run("SELECT key, operation FROM deduplication_keys")
                .map { ($0.text("key"), $0.integer("operation")) })
        let live = "SELECT environment, operation FROM releases WHERE is_live = 1 ORDER BY number"
        liveOperations = Dictionary(
            try journal.run(live).map { ($0.optionalText("environment") ?? "", $0.integer("operation")) }) { $1 }
        images = try journal.run("SELECT images FROM builds WHERE images IS NOT NULL").flatMap { row in
            (try JSON.parse(row.text("images")).object ?? [:]).values.compactMap(\.string)
        }
        undelivered = try journal.run("SELECT count(*) AS n FROM notices").first?.integer("n") ?? 0
        let workspace = try Database(path: demo.directory.appending(path: "workspace.sqlite").path)
        messages = try workspace.run("SELECT * FROM messages ORDER BY ts").map { row in
            let fraction = String(row.integer("ts") % 1_000_000 + 1_000_000).dropFirst()
            let metadata = try row.optionalText("metadata").map { try JSON.parse($0) }
            return Message(
                timestamp: "\(row.integer("ts") / 1_000_000).\(fraction)",
                isReply: row.optionalInteger("thread") != nil, text: row.text("text"), blocks: row.text("blocks"),
                notice: metadata?.at("event_payload", "notice")?.string)
        }
    }
}
