/// What one delivery tells of repositories.
package struct RepositoryDelivery: Sendable {
    /// In order.
    package let news: [RepositoryNews]
    /// The same news has the same one, however often it is told.
    package let id: String
    /// Where people are told of it.
    package let channel: String

    package init(_ news: [RepositoryNews], id: String, channel: String) {
        self.news = news
        self.id = id
        self.channel = channel
    }

    /// What an app's change is on record as.
    package func request(for app: AppID) -> OperationRequest {
        OperationRequest(
            kind: .repository, app: app, environment: nil, revision: nil, trigger: .watch, channel: channel,
            deduplicationKey: nil)
    }
}

/// What news did to an app.
package struct RepositoryChange: Sendable {
    package let news: RepositoryNews
    package let before: App
    package let after: App
    /// That it is on record as.
    package let operation: Operation

    package init(_ news: RepositoryNews, from before: App, to after: App, operation: Operation) {
        self.news = news
        self.before = before
        self.after = after
        self.operation = operation
    }

    /// Whether people are told of it: of what changes something for them, once.
    var isNews: Bool {
        after.sourceTrouble != before.sourceTrouble || after.defaultBranch != before.defaultBranch
            || after.repositoryName != before.repositoryName
    }
}
