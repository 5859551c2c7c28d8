import Deploys

extension SQLiteJournal {
    package func statistics() async throws(JournalError) -> JournalStatistics {
        try await reader.run { database in
            var statistics = JournalStatistics()
            statistics.apps = try AppTable(database: database).all().count
            for row in try database.run("SELECT name, count FROM tallies") {
                if let state = Operation.State(rawValue: row.text("name")) {
                    statistics.operations[state] = row.int("count")
                } else {
                    statistics.undeliveredNotices = row.int("count")
                }
            }
            statistics.oldestUndelivered = try NoticeTable(database: database).oldest()
            return statistics
        }
    }
}
