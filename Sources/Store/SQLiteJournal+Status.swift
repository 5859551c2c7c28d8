import Deploys
import struct Foundation.Date

extension SQLiteJournal: StatusJournal {
    package func records(of apps: [AppID]) async throws(JournalError) -> [AppRecord] {
        try await reader.run { database in
            let known = try apps.compactMap { try AppTable(database: database).find($0) }
            let environments = try StatusTable(database: database).records(of: known.map(\.id))
            return known.map { AppRecord(app: $0, environments: environments[$0.id.key] ?? []) }
        }
    }

    package func apps(
        touchedBy personID: String, since: Date, atMost maxCount: Int
    ) async throws(JournalError) -> [AppID] {
        try await reader.run {
            try OperationTable(database: $0).apps(touchedBy: personID, since: since, atMost: maxCount)
        }
    }

    package func hasMet(_ personID: String) async throws(JournalError) -> Bool {
        try await reader.run { try PeopleTable(database: $0).has(personID) }
    }

    package func meet(_ personID: String, at now: Date) async throws(JournalError) -> Bool {
        try await writer.run { try PeopleTable(database: $0).insert(personID, at: now) }
    }
}

extension OperationTable {
    /// Who builds one app all day need not be looked further back for. Each is somewhere else in the file.
    private static let maxTouchesLookedAt = 50

    fileprivate func apps(touchedBy personID: String, since: Date, atMost maxCount: Int) throws -> [AppID] {
        let rows = try database.run(
            """
            SELECT organisation, app_name, created_at FROM operations WHERE person_id = ? ORDER BY id DESC LIMIT ?
            """, [.text(personID), .integer(Self.maxTouchesLookedAt)])
        var (apps, seen): ([AppID], Set<AppID>) = ([], [])
        for row in rows {
            guard row.date("created_at") >= since, apps.count < maxCount else { break }
            let app = AppID(organisation: row.text("organisation"), name: row.text("app_name"))
            if seen.insert(app).inserted { apps.append(app) }
        }
        return apps
    }
}
