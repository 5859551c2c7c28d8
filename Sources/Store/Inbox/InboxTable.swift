import Deploys
import struct Foundation.Date
import SQLite

/// Requests that are not operations yet, as rows: only what commands want, which has neither a commit nor a note.
struct InboxTable {
    let database: Database

    /// A request with its row's number.
    struct Entry {
        let id: Int64
        let request: OperationRequest
        let receivedAt: Date
    }

    /// How many there are, and the last one's number.
    func extent() throws -> (count: Int, lastID: Int64) {
        let row = try database.run("SELECT count(*) AS count, coalesce(max(id), 0) AS last FROM inbox").first
        return (row?.int("count") ?? 0, row?.integer("last") ?? 0)
    }

    /// Under a number that is free.
    /// - Returns: whether it was not there.
    func insert(_ entry: Entry) throws -> Bool {
        try insert(entry.request, of: entry.request.app, at: entry.receivedAt, as: nil)
    }

    /// - Parameters:
    ///   - app: as it is registered.
    ///   - id: nil for a free one.
    /// - Returns: whether it was not there.
    func insert(_ request: OperationRequest, of app: AppID, at now: Date, as id: Int64?) throws -> Bool {
        let place = PlaceColumns(request.place)
        try database.run(
            """
            INSERT INTO inbox (
                id, key, kind, organisation, app_name, environment, revision, person_id, person_name, channel,
                needs_approval, place, place_id, place_name, received_at
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                id.map { .integer($0) } ?? .null, .text(orNull: request.deduplicationKey), .text(request.kind.rawValue),
                .text(app.organisation), .text(app.name), .text(orNull: request.environment?.rawValue),
                .text(orNull: request.revision?.text), .text(orNull: request.trigger.person?.id),
                .text(request.trigger.personName), .text(request.channel),
                .integer(request.needsApproval ? 1 : 0), .text(orNull: place.kind), .text(orNull: place.id),
                .text(orNull: place.name), .date(now),
            ])
        return database.changedRows == 1
    }

    func oldest(atMost count: Int) throws -> [Entry] {
        try database.run("SELECT * FROM inbox WHERE id > 0 ORDER BY id LIMIT ?", [.integer(count)]).map(read)
    }

    func all() throws -> [Entry] { try oldest(atMost: .max) }

    /// - Returns: how many there were.
    @discardableResult
    func remove(upTo id: Int64) throws -> Int {
        try database.run("DELETE FROM inbox WHERE id <= ?", [.integer(id)])
        return database.changedRows
    }

    private func read(_ row: SQLiteRow) throws -> Entry {
        let id = row.integer("id")
        guard let kind = Operation.Kind(rawValue: row.text("kind")), let person = row.optionalText("person_id") else {
            throw JournalError.unavailable(
                "request \(id) in the journal can't be read; run the version of iterapp that wrote it")
        }
        var request = OperationRequest(
            kind: kind, app: AppID(organisation: row.text("organisation"), name: row.text("app_name")),
            environment: row.optionalText("environment").flatMap(EnvironmentName.init(parsing:)),
            revision: row.optionalText("revision").flatMap(Revision.init),
            trigger: .command(Person(id: person, name: row.text("person_name"))), channel: row.text("channel"),
            deduplicationKey: row.optionalText("key"))
        request.delivery = request.deduplicationKey
        request.needsApproval = row.bool("needs_approval")
        request.place = PlaceColumns(
            kind: row.optionalText("place"), id: row.optionalText("place_id"), name: row.optionalText("place_name")
        ).place
        return Entry(id: id, request: request, receivedAt: row.date("received_at"))
    }
}
