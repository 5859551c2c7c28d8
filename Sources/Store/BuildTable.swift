import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

/// Builds as rows. One without images has not succeeded (yet).
struct BuildTable {
    let database: Database

    func find(_ number: Int, of app: AppID) throws -> Build? {
        try database.run(
            "SELECT * FROM builds WHERE app = ? AND number = ?", [.text(app.key), .integer(number)]
        ).first.map { try read($0, app: app) }
    }

    /// Without being told which index to use, SQLite would go through all builds of the app.
    func newestFinished(of commit: CommitID, app: AppID) throws -> Build? {
        try database.run(
            """
            SELECT * FROM builds INDEXED BY builds_finished
            WHERE app = ? AND commit_id = ? AND finished_at IS NOT NULL ORDER BY number DESC LIMIT 1
            """, [.text(app.key), .text(commit.sha)]
        ).first.map { try read($0, app: app) }
    }

    func insertNext(of commit: CommitID, for operation: Operation, at now: Date) throws -> Build {
        let number = try database.run(
            "SELECT coalesce(max(number), 0) + 1 AS next FROM builds WHERE app = ?",
            [.text(operation.app.key)]
        ).first?.int("next") ?? 1
        try database.run(
            "INSERT INTO builds (app, number, commit_id, operation, started_at) VALUES (?, ?, ?, ?, ?)",
            [
                .text(operation.app.key), .integer(number), .text(commit.sha),
                .integer(operation.id.number), .date(now),
            ])
        return Build(app: operation.app, number: number, commit: commit, images: nil)
    }

    func finish(_ build: Build, at now: Date) throws {
        guard let images = build.images else {
            throw JournalError.unavailable("\(name(build)) has no images to record")
        }
        let text = try JSONText.of(images.mapValues(\.text))
        try database.run(
            "UPDATE builds SET images = ?, finished_at = ? WHERE app = ? AND number = ?",
            [.text(text), .date(now), .text(build.app.key), .integer(build.number)])
        guard database.changedRows == 1 else {
            throw JournalError.unavailable("\(name(build)) is not in the journal")
        }
    }

    private func name(_ build: Build) -> String { "build \(build.number) of \(build.app.key)" }

    private func read(_ row: SQLiteRow, app: AppID) throws -> Build {
        let number = row.int("number")
        guard let commit = CommitID(row.text("commit_id")) else {
            throw JournalError.unavailable(
                "build \(number) of \(app.key) in the journal can't be read: its commit is damaged")
        }
        let images = try row.optionalText("images").map { text in
            try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
                .mapValues(ImageReference.init)
        }
        return Build(app: app, number: number, commit: commit, images: images)
    }
}
