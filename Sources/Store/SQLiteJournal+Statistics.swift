import Deploys

extension SQLiteJournal {
    package func statistics() async throws(JournalError) -> JournalStatistics {
        let waiting = waitingRequests
        return try await reader.run { database in
            var statistics = JournalStatistics()
            statistics.apps = try AppTable(database: database).count()
            for row in try database.run("SELECT name, count FROM tallies") {
                if let state = Operation.State(rawValue: row.text("name")) {
                    statistics.operations[state] = row.int("count")
                } else {
                    statistics.outbox.set(row.text("name"), to: row.int("count"))
                }
            }
            statistics.operations[.queued, default: 0] += waiting
            statistics.outbox.troubles = try ObstacleTable(database: database).all()
            statistics.commits = try CommitMarkTable(database: database).statistics()
            statistics.oldestUndelivered = try NoticeTable(database: database).oldest()
            return statistics
        }
    }
}

extension OutboxStatistics {
    fileprivate mutating func set(_ tally: String, to count: Int) {
        switch tally {
        case "posts": posts = count
        case "edits": edits = count
        case "parked": parked = count
        case "collapsed": collapsed = count
        default: break
        }
    }
}
