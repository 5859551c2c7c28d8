import Deploys
import struct Foundation.Data
import struct Foundation.Date
import class Foundation.JSONDecoder
import SQLite

/// What each operation's message says, as rows: so that it can be drawn anew when something else has changed what it
/// means.
struct ReportTable {
    let database: Database

    /// A success draws so many messages anew at most, the newest ones: nobody looks at the older ones.
    static let maxRedrawnMessages = 20

    func find(_ operation: OperationID) throws -> Report? {
        try database.run("SELECT report FROM reports WHERE operation = ?", [.integer(operation.number)]).first
            .flatMap { Self.decode($0.text("report")) }
    }

    /// What is kept.
    struct Kept {
        /// With what has become of the message meanwhile.
        let report: Report
        /// The report as JSON; nil when not all of it is kept.
        let text: String?
    }

    /// Keeps what a live draft says; nil for another one.
    @discardableResult
    func keep(_ draft: NoticeDraft, of operation: OperationID, at now: Date) throws -> Kept? {
        guard case .live(let next) = draft else { return nil }
        let last = try find(operation)
        let report = last?.followed(by: next) ?? next
        let text = try put(report, of: operation, at: now, isFirst: last == nil)
        return Kept(report: report, text: report.hasEvidence ? nil : text)
    }

    /// Draws a message anew, if there is one.
    func redraw(_ operation: OperationID, at now: Date, _ change: (Report) -> Report) throws {
        guard let last = try find(operation) else { return }
        try redraw(operation, as: change(last), at: now)
    }

    /// The operation has succeeded: messages of its scope lose what makes no sense any more.
    func outlive(by operation: Operation, at now: Date) throws {
        guard operation.state == .succeeded else { return }
        let others = try database.run(
            """
            SELECT operation, report FROM reports INDEXED BY reports_with_steps
            WHERE scope = ? AND has_steps = 1 AND operation != ? ORDER BY operation DESC LIMIT ?
            """,
            [.text(operation.scope), .integer(operation.id.number), .integer(Self.maxRedrawnMessages)])
        for row in others {
            guard let report = Self.decode(row.text("report"))?.outlived(by: operation) else { continue }
            try redraw(OperationID(row.integer("operation")), as: report, at: now)
        }
    }

    private func redraw(_ id: OperationID, as report: Report, at now: Date) throws {
        try put(report, of: id, at: now)
        let operation = try OperationTable(database: database).get(id)
        try NoticeTable(database: database).write([.live(report)], about: operation, at: now)
    }

    /// - Returns: what stands there now.
    @discardableResult
    private func put(
        _ report: Report, of operation: OperationID, at now: Date, isFirst: Bool = false
    ) throws -> String {
        let text = try JSONText.of(report.withoutEvidence)
        let hasSteps = report.operation.isFinished && report.steps?.isEmpty == false
        try database.run(
            """
            INSERT INTO reports (operation, scope, has_steps, report) VALUES (?, ?, ?, ?)
            ON CONFLICT (operation) DO UPDATE SET scope = excluded.scope, has_steps = excluded.has_steps,
                report = excluded.report
            """,
            [
                .integer(operation.number), .text(report.operation.scope), .integer(hasSteps ? 1 : 0),
                .text(text),
            ])
        try CommitMarkTable(database: database).note(report, at: now, isFirst: isFirst)
        return text
    }

    /// A message that another version wrote and this one can't read stays as it is.
    private static func decode(_ text: String) -> Report? {
        try? JSONDecoder().decode(Report.self, from: Data(text.utf8))
    }
}
