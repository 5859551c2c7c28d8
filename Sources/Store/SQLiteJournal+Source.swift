import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal {
    package func app(of repository: SourceRepository) async throws(JournalError) -> App? {
        try await reader.run { try AppTable(database: $0).find(repository) }
    }

    package func knownHeads(of app: AppID) async throws(JournalError) -> KnownHeads {
        try await reader.run { try BranchHeadTable(database: $0).all(of: app) }
    }

    package func knownHead(of branch: String, app: AppID) async throws(JournalError) -> KnownHead? {
        try await reader.run { try BranchHeadTable(database: $0).find(branch, of: app) }
    }

    package func note(_ look: BranchLook, of app: AppID, at now: Date) async throws(JournalError) {
        try await writer.run { database in
            guard try AppTable(database: database).find(app) != nil else { return }
            try BranchHeadTable(database: database).note(look, of: app, at: now)
        }
    }

    package func doubtfulPush(on branch: String, of app: AppID) async throws(JournalError) -> Operation? {
        try await reader.run { try OperationTable(database: $0).doubtfulPushes(of: app, on: branch).first }
    }

    package func settleDoubt(of push: Operation) async throws(JournalError) {
        guard let branch = push.revision?.text, let commit = push.commit?.id, let doubt = push.doubt else { return }
        try await writer.run { database in
            try OperationTable(database: database).setDoubt(nil, of: push.id)
            let heads = BranchHeadTable(database: database)
            try heads.set(branch, of: push.app, to: commit, before: doubt.before)
            try heads.forgetTag(of: push.app)
        }
    }

    package func lookInFull(at app: AppID) async throws(JournalError) {
        try await writer.run { try BranchHeadTable(database: $0).forgetTag(of: app) }
    }

    package func overtaken(
        on branch: String, of app: AppID, by head: CommitID
    ) async throws(JournalError) {
        try await writer.run { database in
            let known = try OperationTable(database: database).newest(building: head, of: app, on: branch)
            let heads = BranchHeadTable(database: database)
            // Where it was before is known of one that was told in its turn.
            guard known?.kind == .push, try heads.find(branch, of: app)?.commit != head else { return }
            try heads.set(branch, of: app, to: head, before: nil)
            try heads.forgetTag(of: app)
        }
    }

    package func forget(
        _ branch: String, of app: AppID, delivery: String, at now: Date,
        notices: @escaping @Sendable (Operation) -> [NoticeDraft]
    ) async throws(JournalError) -> [Operation] {
        try await writer.run { database in
            let deliveries = DeliveryTable(database: database)
            guard try deliveries.insert(delivery, at: now) else { return [] }
            let heads = BranchHeadTable(database: database)
            try heads.forget(branch, of: app)
            try heads.doubt(branch, of: app, delivery: delivery)
            let operations = OperationTable(database: database)
            var ended: [Operation] = []
            for var push in try operations.waitingPushes(of: app, on: branch) {
                push.state = .superseded
                push.finishedAt = now
                try operations.setState(.superseded, finishedAt: now, of: push.id)
                try NoticeTable(database: database).write(notices(push), about: push, at: now)
                ended.append(push)
            }
            if let newest = ended.last { try deliveries.note(newest.id, causedBy: delivery) }
            return ended
        }
    }

    package func record(
        _ delivery: RepositoryDelivery, at now: Date,
        reports: @escaping @Sendable ([RepositoryChange]) -> [Report]
    ) async throws(JournalError) -> [Operation] {
        try await writer.run { database in
            let deliveries = DeliveryTable(database: database)
            guard try deliveries.insert(delivery.id, at: now) else { return [] }
            let apps = AppTable(database: database)
            var changes: [RepositoryChange] = []
            for news in delivery.news {
                for app in try apps.concerned(by: news) {
                    let changed = news.applied(to: app)
                    guard changed != app, try apps.updateSource(changed) else { continue }
                    let operation = try OperationTable(database: database)
                        .insert(delivery.request(for: app.id), as: .succeeded, at: now)
                    changes.append(RepositoryChange(news, from: app, to: changed, operation: operation))
                }
            }
            if let first = changes.first { try deliveries.note(first.operation.id, causedBy: delivery.id) }
            for report in reports(changes) {
                try NoticeTable(database: database).write([.live(report)], about: report.operation, at: now)
            }
            return changes.map(\.operation)
        }
    }

    package func wasStopped(before push: Operation) async throws(JournalError) -> Bool {
        try await reader.run { try OperationTable(database: $0).begunBefore(push)?.state == .superseded }
    }

    package func learn(
        _ repository: SourceRepository, defaultBranch: String?, of app: AppID
    ) async throws(JournalError) {
        try await writer.run { try AppTable(database: $0).learn(repository, defaultBranch: defaultBranch, of: app) }
    }

    package func operation(
        building commit: CommitID, of app: AppID, on branch: String?
    ) async throws(JournalError) -> Operation? {
        try await reader.run { try OperationTable(database: $0).newest(building: commit, of: app, on: branch) }
    }
}
