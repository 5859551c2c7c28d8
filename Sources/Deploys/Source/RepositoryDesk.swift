import Foundation

/// Takes what a source tells of its repositories: the apps follow, and people are told once. What runs is left alone.
package struct RepositoryDesk: Sendable {
    private let intake: Intake

    package init(_ intake: Intake) { self.intake = intake }

    /// - Parameter deliveryID: the same news has the same one, however often it is told.
    /// - Returns: the operations that tell of it, when all is on disk; none when it changes nothing.
    @discardableResult
    package func take(_ news: [RepositoryNews], deliveryID: String) async throws(JournalError) -> [OperationID] {
        guard !news.isEmpty else { return [] }
        let delivery = RepositoryDelivery(news, id: "repository:\(deliveryID)", channel: intake.channels.logChannel)
        let operations = try await intake.journal.record(delivery, at: intake.now()) { [naming = intake.naming] in
            Self.reports(of: $0, naming)
        }
        if !operations.isEmpty {
            intake.signals.notices.fire()
            intake.signals.looks.fire()
        }
        return operations.map(\.id)
    }

    /// One for all that a delivery changed in the same way.
    private static func reports(of changes: [RepositoryChange], _ naming: Naming) -> [Report] {
        var groups: [[RepositoryChange]] = []
        for change in changes where change.isNews {
            if let index = groups.firstIndex(where: { $0[0].news.isTold(with: change.news) }) {
                groups[index].append(change)
            } else {
                groups.append([change])
            }
        }
        return groups.map { group in
            Report(
                operation: group[0].operation, appLabel: naming.label(group[0].before.id),
                phase: RepositoryWords.report(group, naming))
        }
    }

    /// A push came: so the app's repository is there, is called so, and can be read.
    /// - Parameter push: one that was accepted. Overtaken ones are old, and teach nothing.
    package func heard(
        from repository: SourceRepository, by push: OperationID, deliveryID: String
    ) async throws(JournalError) {
        guard repository.id != nil, try await intake.journal.operation(push)?.state != .superseded,
            let app = try await intake.journal.app(of: repository), let known = app.repository
        else { return }
        var news: [RepositoryNews] = []
        if known.name != repository.name { news.append(.moved(repository)) }
        let pushed = RepositoryNews.pushed(repository)
        if pushed.applied(to: app).sourceTroubles != app.sourceTroubles { news.append(pushed) }
        try await take(news, deliveryID: deliveryID)
    }

    /// A branch is gone: what was pushed to it and has not begun ends.
    /// - Returns: how many of its pushes ended.
    package func deleted(
        branch: String, of repository: SourceRepository, deliveryID: String
    ) async throws(JournalError) -> Int {
        guard let app = try await intake.journal.app(of: repository) else { return 0 }
        let label = intake.naming.label(app.id)
        let ended = try await intake.journal.forget(
            branch, of: app.id, delivery: "delete:\(deliveryID)", at: intake.now()
        ) { [.live(Report(operation: $0, appLabel: label, phase: .superseded(by: nil)))] }
        if !ended.isEmpty { intake.signals.notices.fire() }
        // It may have been made again before its end was told.
        intake.signals.looks.fire()
        return ended.count
    }
}
