import Deploys
import struct Foundation.Date
import SQLite

/// The record of who did what, as rows that are only ever added.
struct AuditTable {
    /// Of a reason, which may be somebody's own words.
    static let maxReasonCharacters = 500

    let database: Database

    /// Nothing for what nobody asked for.
    func write(accepting request: OperationRequest, as operation: OperationID, at now: Date) throws {
        guard let entry = AuditEntry(accepting: request, as: operation, at: now) else { return }
        try write(entry)
    }

    func write(_ entry: AuditEntry) throws {
        guard try isNew(entry) else { return }
        let deed = entry.deed
        let place = PlaceColumns(entry.place)
        try database.run(
            """
            INSERT INTO audit (
                app, number, written_at, organisation, app_name, environment, revision, deed, decision, reason, trigger,
                person_id, person_name, place, place_id, place_name, operation
            ) VALUES (
                ?1, (SELECT coalesce(max(number), 0) + 1 FROM audit WHERE app = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
                ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            """,
            [
                .text(deed.app.key), .date(entry.date), .text(deed.app.organisation), .text(deed.app.name),
                .text(orNull: deed.environment?.rawValue), .text(orNull: entry.revision?.text),
                .text(deed.kind.rawValue), .text(entry.decision.rawValue),
                .text(orNull: entry.reason.map { String($0.prefix(Self.maxReasonCharacters)) }),
                .text(entry.trigger.word), .text(orNull: entry.trigger.person?.id), .text(entry.trigger.personName),
                .text(orNull: place.kind), .text(orNull: place.id), .text(orNull: place.name),
                entry.operation.map { .integer($0.number) } ?? .null,
            ])
    }

    /// What is accepted is written with what acts once anyway.
    private func isNew(_ entry: AuditEntry) throws -> Bool {
        guard let delivery = entry.delivery else { return true }
        let seen = SeenEventTable(database: database)
        let key = "audit \(delivery) \(entry.trigger.person?.id ?? "")"
        if entry.decision == .refused, try seen.contains(key) { return false }
        try seen.insert(key, at: entry.date)
        return true
    }

    /// Newest first. Numbers have no gap, so the last one says how many came before.
    func newest(of app: AppID, atMost count: Int) throws -> (entries: [AuditEntry], olderCount: Int) {
        let rows = try database.run(
            "SELECT * FROM audit WHERE app = ? ORDER BY number DESC LIMIT ?", [.text(app.key), .integer(count)])
        return (try rows.map(read), (rows.last?.int("number") ?? 1) - 1)
    }

    private func read(_ row: SQLiteRow) throws -> AuditEntry {
        guard let kind = Deed.Kind(rawValue: row.text("deed")),
            let decision = AuditEntry.Decision(rawValue: row.text("decision")),
            let trigger = Trigger(
                word: row.text("trigger"), id: row.optionalText("person_id"), name: row.text("person_name"))
        else {
            throw JournalError.unavailable(
                "line \(row.integer("id")) of the audit log can't be read; run the version of iterapp that wrote it")
        }
        let app = AppID(organisation: row.text("organisation"), name: row.text("app_name"))
        let place = PlaceColumns(
            kind: row.optionalText("place"), id: row.optionalText("place_id"), name: row.optionalText("place_name"))
        return AuditEntry(
            date: row.date("written_at"), trigger: trigger, place: place.place,
            deed: Deed(kind, app, row.optionalText("environment").flatMap(EnvironmentName.init(parsing:))),
            revision: row.optionalText("revision").flatMap(Revision.init), decision: decision,
            reason: row.optionalText("reason"), operation: row.optionalInteger("operation").map(OperationID.init))
    }
}
