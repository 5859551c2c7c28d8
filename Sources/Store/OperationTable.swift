import Deploys
import struct Foundation.Date
import SQLite

/// Operations as rows.
struct OperationTable {
    let database: Database

    // MARK: Writing

    /// Queued and running ones.
    func unfinishedCount() throws -> Int {
        try database.run("SELECT sum(count) AS count FROM tallies WHERE name IN ('queued', 'running')")
            .first?.int("count") ?? 0
    }

    /// How many operations may be unfinished, beside requests that are not operations yet.
    struct Limit {
        let operations: Int
        let requests: Int
    }

    /// Throws when no more may wait.
    func refuseWhenFull(_ limit: Limit) throws {
        let unfinished = try unfinishedCount() + limit.requests
        guard unfinished < limit.operations else {
            throw JournalError.unavailable(
                "\(unfinished) operations are waiting, and ITERAPP_QUEUE_LIMIT allows \(limit.operations); try again "
                    + "when some have ended")
        }
    }

    /// - Parameter state: `queued`, or a finished one for what was done in accepting it.
    func insert(
        _ request: OperationRequest, as state: Operation.State, at now: Date
    ) throws -> Operation {
        let isFinished = state != .queued
        let blank = Operation(
            id: OperationID(0), kind: request.kind, app: request.app, environment: request.environment,
            revision: request.revision, trigger: request.trigger, channel: request.channel, state: state,
            commit: request.commit, note: request.note, createdAt: now, startedAt: isFinished ? now : nil,
            finishedAt: isFinished ? now : nil)
        let rows = try database.run(
            """
            INSERT INTO operations (
                kind, app, organisation, app_name, environment, revision, trigger, person_id, person_name,
                channel, state, lane, commit_id, commit_subject, commit_author, commit_url, created_at,
                started_at, finished_at, needs_approval, note
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
            """,
            [
                .text(blank.kind.rawValue), .text(blank.app.key), .text(blank.app.organisation),
                .text(blank.app.name), .text(orNull: blank.environment?.rawValue),
                .text(orNull: blank.revision?.text), .text(blank.trigger.word),
                .text(orNull: blank.trigger.person?.id), .text(blank.trigger.personName),
                .text(blank.channel), .text(blank.state.rawValue), .text(blank.lane),
            ] + commitValues(blank.commit) + [
                .date(now), .date(orNull: blank.startedAt), .date(orNull: blank.finishedAt),
                .integer(request.needsApproval ? 1 : 0), .text(orNull: blank.note),
            ])
        return try one(rows)
    }

    /// Writes what a step found out and leaves the state alone. A number that is known stays known.
    func update(_ operation: Operation) throws {
        try database.run(
            """
            UPDATE operations SET environment = ?1, lane = ?2, commit_id = coalesce(?3, commit_id),
                commit_subject = coalesce(?4, commit_subject), commit_author = coalesce(?5, commit_author),
                commit_url = iif(?3 IS NULL, commit_url, ?6), build_number = coalesce(?7, build_number),
                release_number = coalesce(?8, release_number)
            WHERE id = ?9
            """,
            [.text(orNull: operation.environment?.rawValue), .text(operation.lane)]
                + commitValues(operation.commit)
                + [
                    .integer(orNull: operation.buildNumber), .integer(orNull: operation.releaseNumber),
                    .integer(operation.id.number),
                ])
        guard database.changedRows == 1 else { throw unknown(operation.id) }
    }

    func setState(_ state: Operation.State, finishedAt: Date?, of id: OperationID) throws {
        try database.run(
            "UPDATE operations SET state = ?, finished_at = ? WHERE id = ?",
            [.text(state.rawValue), .date(orNull: finishedAt), .integer(id.number)])
        guard database.changedRows == 1 else { throw unknown(id) }
    }

    func setDoubt(_ doubt: Doubt?, of id: OperationID) throws {
        try database.run(
            "UPDATE operations SET doubted_before = ? WHERE id = ?",
            [.text(orNull: doubt.map { $0.before?.sha ?? "" }), .integer(id.number)])
    }

    func setBuildNumber(_ number: Int, of id: OperationID) throws {
        try database.run(
            "UPDATE operations SET build_number = ? WHERE id = ?", [.integer(number), .integer(id.number)])
    }

    func setReleaseNumber(_ number: Int, of id: OperationID) throws {
        try database.run(
            "UPDATE operations SET release_number = ? WHERE id = ?", [.integer(number), .integer(id.number)])
    }

    /// In the order of ids, the first queued operation of a lane comes before the others of that lane, so
    /// it is enough to ask whether the lane runs one. What has a release number was interrupted: it ends before others
    /// of its lane take newer numbers, whatever their ids. What is held waits beside its lane. Repairs may be many,
    /// and come after what people wait for.
    func claimOldest(at now: Date) throws -> Operation? {
        let interrupted = Self.claimable("waiting.kind != 'repair' AND waiting.release_number IS NOT NULL")
        let (others, repairs) = (Self.claimable("waiting.kind != 'repair'"), Self.claimable("waiting.kind = 'repair'"))
        return try database.run(
            """
            UPDATE operations SET state = 'running', started_at = coalesce(started_at, ?)
            WHERE id = coalesce((\(interrupted)), (\(others)), (\(repairs)))
            RETURNING *
            """, [.date(now)]
        ).first.map(read)
    }

    private static func claimable(_ condition: String) -> String {
        """
        SELECT waiting.id FROM operations AS waiting
        WHERE waiting.finished_at IS NULL AND waiting.state = 'queued' AND \(condition)
            AND (waiting.held_since IS NULL OR waiting.approved_by_id IS NOT NULL) AND NOT EXISTS (
            SELECT 1 FROM operations AS ahead
            WHERE ahead.finished_at IS NULL AND ahead.lane = waiting.lane AND ahead.state = 'running')
        ORDER BY waiting.id LIMIT 1
        """
    }

    func queueAllRunning() throws -> Int {
        try database.run(
            "UPDATE operations SET state = 'queued' WHERE finished_at IS NULL AND state = 'running'")
        return database.changedRows
    }

    // MARK: Reading

    func find(_ id: OperationID) throws -> Operation? {
        try database.run("SELECT * FROM operations WHERE id = ?", [.integer(id.number)]).first.map(read)
    }

    func get(_ id: OperationID) throws -> Operation {
        guard let operation = try find(id) else { throw unknown(id) }
        return operation
    }

    func countAhead(of operation: Operation) throws -> Int {
        try one(database.run(
            """
            SELECT count(*) AS ahead FROM operations
            WHERE finished_at IS NULL AND lane = ? AND state IN ('queued', 'running') AND id < ?
                AND (held_since IS NULL OR approved_by_id IS NOT NULL)
            """, [.text(operation.lane), .integer(operation.id.number)])).int("ahead")
    }

    /// Pushes to the same app and branch that came before this one and have not begun, or wait for a second person's
    /// word. One in doubt may be the newer of the two.
    func overtaken(by push: Operation) throws -> [Operation] {
        try database.run(
            """
            SELECT * FROM operations
            WHERE finished_at IS NULL AND kind = 'push' AND app = ? AND revision IS ? AND id < ?
                AND state = 'queued' AND doubted_before IS NULL
                AND (started_at IS NULL OR held_since IS NOT NULL AND approved_by_id IS NULL)
            ORDER BY id
            """,
            [.text(push.app.key), .text(orNull: push.revision?.text), .integer(push.id.number)]
        ).map(read)
    }

    /// Pushes to a branch in doubt, newest first.
    func doubtfulPushes(of app: AppID, on branch: String) throws -> [Operation] {
        try database.run(
            """
            SELECT * FROM operations
            WHERE finished_at IS NULL AND kind = 'push' AND app = ? AND revision = ? AND doubted_before IS NOT NULL
            ORDER BY id DESC
            """, [.text(app.key), .text(branch)]
        ).map(read)
    }

    /// Pushes to a branch that have not begun.
    func waitingPushes(of app: AppID, on branch: String) throws -> [Operation] {
        try database.run(
            """
            SELECT * FROM operations
            WHERE finished_at IS NULL AND kind = 'push' AND app = ? AND revision = ? AND state = 'queued'
                AND started_at IS NULL ORDER BY id
            """, [.text(app.key), .text(branch)]
        ).map(read)
    }

    /// The last push to the same branch before this one that was worked on; one that was told too late was not.
    func begunBefore(_ push: Operation) throws -> Operation? {
        try database.run(
            """
            SELECT * FROM operations INDEXED BY operations_of_branch
            WHERE kind = 'push' AND app = ? AND revision IS ? AND id < ? AND started_at IS NOT NULL
                AND (state != 'superseded' OR build_number IS NOT NULL OR finished_at > created_at)
            ORDER BY id DESC LIMIT 1
            """, [.text(push.app.key), .text(orNull: push.revision?.text), .integer(push.id.number)]
        ).first.map(read)
    }

    /// - Parameter branch: nil for any.
    func newest(building commit: CommitID, of app: AppID, on branch: String?) throws -> Operation? {
        try database.run(
            """
            SELECT * FROM operations
            WHERE app = ?1 AND commit_id = ?2 AND kind IN ('push', 'build', 'deploy')
                AND (?3 IS NULL OR revision = ?3) ORDER BY id DESC LIMIT 1
            """, [.text(app.key), .text(commit.sha), .text(orNull: branch)]
        ).first.map(read)
    }

    private func unknown(_ id: OperationID) -> JournalError {
        .unavailable("operation \(id) is not in the journal")
    }

    private func commitValues(_ commit: Commit?) -> [SQLiteValue] {
        [
            .text(orNull: commit?.id.sha), .text(orNull: commit?.subject), .text(orNull: commit?.author),
            .text(orNull: commit?.url),
        ]
    }

    private func one(_ rows: [SQLiteRow]) throws -> SQLiteRow {
        guard let row = rows.first else { throw JournalError.unavailable("the journal gave no row back") }
        return row
    }

    private func one(_ rows: [SQLiteRow]) throws -> Operation { try read(one(rows) as SQLiteRow) }

    private func read(_ row: SQLiteRow) throws -> Operation { try Operation(row: row) }
}
