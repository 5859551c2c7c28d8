import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

/// Approvals, cancellations, setbacks.
extension OperationTable {
    func setCancelled(by person: Person, _ id: OperationID) throws {
        try database.run(
            "UPDATE operations SET cancelled_by_id = ?, cancelled_by_name = ? WHERE id = ?",
            [.text(person.id), .text(person.name), .integer(id.number)])
    }

    func setApproved(by person: Person, _ id: OperationID) throws {
        try database.run(
            "UPDATE operations SET approved_by_id = ?, approved_by_name = ? WHERE id = ?",
            [.text(person.id), .text(person.name), .integer(id.number)])
    }

    func setHeld(since date: Date, _ id: OperationID) throws {
        try database.run(
            "UPDATE operations SET state = 'queued', needs_approval = 1, held_since = ? WHERE id = ?",
            [.date(date), .integer(id.number)])
    }

    func held(since date: Date) throws -> [Operation] {
        try database.run(
            """
            SELECT * FROM operations
            WHERE finished_at IS NULL AND state = 'queued' AND held_since <= ? AND approved_by_id IS NULL ORDER BY id
            """, [.date(date)]
        ).map(Operation.init(row:))
    }

    func unfinished(of app: AppID, atMost maxCount: Int) throws -> [Operation] {
        try database.run(
            """
            SELECT * FROM (
                SELECT * FROM operations WHERE finished_at IS NULL AND state = 'running' AND app = ?1
                UNION ALL SELECT * FROM operations WHERE finished_at IS NULL AND state = 'queued' AND app = ?1
            ) ORDER BY id LIMIT ?2
            """, [.text(app.key), .integer(maxCount)]
        ).map(Operation.init(row:))
    }

    func setSetback(_ failure: Failure, _ id: OperationID) throws {
        let text = try JSONText.of(failure)
        try database.run(
            "UPDATE operations SET setback = ? WHERE id = ?", [.text(text), .integer(id.number)])
    }

    func setback(of id: OperationID) throws -> Failure? {
        try database.run("SELECT setback FROM operations WHERE id = ?", [.integer(id.number)]).first?
            .optionalText("setback").map { try JSONDecoder().decode(Failure.self, from: Data($0.utf8)) }
    }
}
