import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal {
    package func channelsWithPosts() async throws(JournalError) -> [String] {
        try await reader.run { try NoticeTable(database: $0).channelsWithPosts() }
    }

    package func nextPost(in channel: String, at now: Date) async throws(JournalError) -> NextNotice {
        try await reader.run { database in
            let obstacles = Obstacles(try ObstacleTable(database: database).all())
            let notices = NoticeTable(database: database)
            guard let first = try notices.firstPost(in: channel, filesToo: true) else { return .none }
            if let date = obstacles.latest(of: [.everything, .channel(channel), .posts(channel)], after: now) {
                return .waitUntil(date)
            }
            guard let date = obstacles.latest(of: [.files], after: now) else {
                return first.next { obstacles.failures(in: $0.laneScope) }
            }
            // Files wait by themselves.
            guard let other = try notices.firstPost(in: channel, filesToo: false) else { return .waitUntil(date) }
            return other.next { obstacles.failures(in: $0.laneScope) }
        }
    }

    package func nextEdit(at now: Date) async throws(JournalError) -> NextNotice {
        try await reader.run { database in
            let obstacles = Obstacles(try ObstacleTable(database: database).all())
            let notices = NoticeTable(database: database)
            if let date = obstacles.latest(of: [.everything, .edits], after: now) {
                return try notices.firstEdit(at: .distantFuture) == nil ? .none : .waitUntil(date)
            }
            if let first = try notices.firstEdit(at: now) {
                return first.next { obstacles.failures(in: $0.laneScope) }
            }
            guard try notices.firstEdit(at: .distantFuture) != nil, let date = obstacles.earliestOfChannels(after: now)
            else { return .none }
            return .waitUntil(date)
        }
    }

    package func begin(_ notice: Notice, at now: Date) async throws(JournalError) -> Bool {
        try await writer.run { try NoticeTable(database: $0).begin(notice, at: now) }
    }

    package func delivered(_ notice: Notice, as message: MessageReference?) async throws(JournalError) {
        try await writer.run { database in
            try NoticeTable(database: database).finish(notice, revision: notice.revision, as: message)
            try ObstacleTable(database: database).remove(notice.scopes)
        }
    }

    package func found(_ notice: Notice, as message: MessageReference) async throws(JournalError) {
        try await writer.run { database in
            try NoticeTable(database: database).finish(notice, revision: nil, as: message)
            try ObstacleTable(database: database).remove(notice.scopes)
        }
    }

    package func postpone(
        _ notice: Notice, _ obstacle: Obstacle, mayHaveArrived: Bool, at now: Date
    ) async throws(JournalError) {
        try await writer.run { database in
            try NoticeTable(database: database).postpone(notice, mayHaveArrived: mayHaveArrived)
            try ObstacleTable(database: database).add(obstacle, at: now)
        }
    }

    package func park(_ notice: Notice, reason: String) async throws(JournalError) {
        try await writer.run {
            try NoticeTable(database: $0).park(notice.id, revision: notice.revision, reason: reason)
        }
    }

    package func park(unreadable notice: UnreadableNotice) async throws(JournalError) {
        try await writer.run {
            try NoticeTable(database: $0).park(notice.id, revision: notice.revision, reason: notice.reason)
        }
    }

    package func forgetLiveMessage(of notice: Notice) async throws(JournalError) -> Bool {
        let now = now()
        return try await writer.run { try NoticeTable(database: $0).forgetLiveMessage(of: notice, at: now) }
    }

    package func retryRefused() async throws(JournalError) {
        try await writer.run { database in
            try NoticeTable(database: database).unpark()
            try ObstacleTable(database: database).removeRefusals()
        }
    }

    package func refuse(channel: String, reason: String) async throws(JournalError) {
        let now = now()
        try await writer.run { database in
            let pause = now.addingTimeInterval(Courier.refusalPauseSeconds)
            try ObstacleTable(database: database).add(
                Obstacle(.channel(channel), .refusal, reason: reason, until: pause), at: now)
        }
    }

    package func mend(channel: String) async throws(JournalError) {
        try await writer.run { try ObstacleTable(database: $0).remove([.channel(channel), .posts(channel)]) }
    }
}

extension SQLiteJournal: ChannelBook {
    package func channelID(of name: String) async throws(JournalError) -> String? {
        try await reader.run { try ChannelTable(database: $0).id(of: name) }
    }

    package func knownChannelID(of name: String) -> String? { channels.withLock { $0[name] } }

    package func names(ofChannel id: String) async throws(JournalError) -> [String] {
        try await reader.run { try ChannelTable(database: $0).names(of: id) }
    }

    package func remember(_ name: String, is id: String) async throws(JournalError) {
        try await writer.run { try ChannelTable(database: $0).remember(name, is: id) }
        channels.withLock { $0[name] = id }
    }
}

/// What stands in the way, by scope.
private struct Obstacles {
    private let known: [Obstacle.Scope: OutboxStatistics.Trouble]

    init(_ troubles: [OutboxStatistics.Trouble]) {
        known = Dictionary(uniqueKeysWithValues: troubles.map { ($0.obstacle.scope, $0) })
    }

    func failures(in scope: Obstacle.Scope) -> Int { known[scope]?.failures ?? 0 }

    /// Until when the scopes are closed; nil when they are open.
    func latest(of scopes: [Obstacle.Scope], after now: Date) -> Date? {
        scopes.compactMap { known[$0]?.obstacle.until }.filter { $0 > now }.max()
    }

    func earliestOfChannels(after now: Date) -> Date? {
        known.values.filter { if case .channel = $0.obstacle.scope { $0.obstacle.until > now } else { false } }
            .map(\.obstacle.until).min()
    }
}
