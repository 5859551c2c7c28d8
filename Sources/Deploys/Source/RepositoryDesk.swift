import Foundation

/// Takes what a source tells of its repositories: the apps follow, and people are told once. What runs is left alone.
package struct RepositoryDesk: Sendable {
    let journal: any Journal
    let naming: Naming
    let channels: ChannelPolicy
    let signals: Signals
    let now: @Sendable () -> Date

    package init(
        journal: any Journal, naming: Naming, channels: ChannelPolicy, signals: Signals,
        now: @escaping @Sendable () -> Date
    ) {
        self.journal = journal
        self.naming = naming
        self.channels = channels
        self.signals = signals
        self.now = now
    }

    /// - Parameter deliveryID: the same news has the same one, however often it is told.
    /// - Returns: the operations that tell of it, when all is on disk; none when it changes nothing.
    @discardableResult
    package func take(_ news: [RepositoryNews], deliveryID: String) async throws(JournalError) -> [OperationID] {
        var told: [OperationID] = []
        for news in news { told += try await take(news, deliveryID) }
        if !told.isEmpty {
            signals.notices.fire()
            signals.looks.fire()
        }
        return told
    }

    private func take(_ news: RepositoryNews, _ deliveryID: String) async throws(JournalError) -> [OperationID] {
        let apps = try await concerned(news)
        var operations: [OperationID] = []
        for app in apps {
            let changed = news.applied(to: app)
            guard changed != app else { continue }
            // One message for all that happened at once.
            let report = operations.isEmpty && news.isNews(of: app) ? RepositoryWords.report(news, apps, naming) : nil
            let label = naming.label(app.id)
            let request = OperationRequest(
                kind: .repository, app: app.id, environment: nil, revision: nil, trigger: .watch,
                channel: channels.logChannel, deduplicationKey: "repository:\(deliveryID):\(news.name):\(app.id.key)")
            let operation = try await journal.record(request, changing: changed, at: now()) { operation in
                report.map { [.live(Report(operation: operation, appLabel: label, phase: $0))] } ?? []
            }
            if let operation { operations.append(operation.id) }
        }
        return operations
    }

    private func concerned(_ news: RepositoryNews) async throws(JournalError) -> [App] {
        if let repository = news.repository {
            if let app = try await journal.app(of: repository) { return [app] }
            // An app whose repository's number nobody has told yet.
            guard case .moved(_, let former?) = news else { return [] }
            return try await journal.app(of: SourceRepository(id: repository.id, name: former)).map { [$0] } ?? []
        }
        guard let owner = news.owner?.lowercased() else { return [] }
        return try await journal.apps().filter { $0.repositoryName.organisation.lowercased() == owner }
    }

    /// A push came: so the app's repository is there, is called so, and can be read.
    /// - Parameter push: one that was accepted. Overtaken ones are old, and teach nothing.
    package func heard(
        from repository: SourceRepository, by push: OperationID, deliveryID: String
    ) async throws(JournalError) {
        guard repository.id != nil, try await journal.operation(push)?.state != .superseded,
            var app = try await journal.app(of: repository)
        else { return }
        guard let known = app.repository else {
            app.repository = repository
            return try await journal.update(app)
        }
        var news: [RepositoryNews] = []
        if known.name != repository.name { news.append(.moved(repository)) }
        switch app.sourceTrouble {
        case .archived: news.append(.unarchived(repository))
        case .accessLost, .suspended: news.append(.accessGiven(repository))
        case .deleted, nil: break
        }
        try await take(news, deliveryID: deliveryID)
    }

    /// A branch is gone: what was pushed to it and has not begun ends.
    /// - Returns: how many of its pushes ended.
    package func deleted(
        branch: String, of repository: SourceRepository, deliveryID: String
    ) async throws(JournalError) -> Int {
        guard let app = try await journal.app(of: repository) else { return 0 }
        let label = naming.label(app.id)
        let ended = try await journal.forget(
            branch, of: app.id, delivery: "delete:\(deliveryID)", at: now()
        ) { [.live(Report(operation: $0, appLabel: label, phase: .superseded(by: nil)))] }
        if !ended.isEmpty { signals.notices.fire() }
        // It may have been made again before its end was told.
        signals.looks.fire()
        return ended.count
    }
}
