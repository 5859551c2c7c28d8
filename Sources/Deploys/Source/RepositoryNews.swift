/// What a source tells of repositories, other than pushes.
package enum RepositoryNews: Hashable, Sendable {
    /// Renamed, or given to somebody else: this is what it is called now.
    /// - `from`: what it was called before, when that is told.
    case moved(SourceRepository, from: AppID? = nil)
    case defaultBranch(String, of: SourceRepository)
    case archived(SourceRepository)
    case unarchived(SourceRepository)
    case deleted(SourceRepository)
    case accessLost(SourceRepository)
    case accessGiven(SourceRepository)
    /// There was a push: nothing that would keep one from coming is so any more.
    case pushed(SourceRepository)
    /// Of all repositories of an owner.
    case accessGivenUp(owner: String)
    case accessSuspended(owner: String)
    case accessResumed(owner: String)

    /// Nil for those of an owner.
    package var repository: SourceRepository? {
        switch self {
        case .moved(let repository, _), .defaultBranch(_, let repository), .archived(let repository),
            .unarchived(let repository), .deleted(let repository), .accessLost(let repository),
            .accessGiven(let repository), .pushed(let repository):
            repository
        case .accessGivenUp, .accessSuspended, .accessResumed: nil
        }
    }

    package var owner: String? {
        switch self {
        case .accessGivenUp(let owner), .accessSuspended(let owner), .accessResumed(let owner): owner
        default: nil
        }
    }

    /// Whether one message tells of both: a delivery can name all repositories of an owner, one by one.
    func isTold(with other: RepositoryNews) -> Bool {
        switch (self, other) {
        case (.accessLost, .accessLost), (.accessGiven, .accessGiven): true
        default: self == other
        }
    }

    /// The app as it is from now on.
    package func applied(to app: App) -> App {
        var app = app
        if let repository { app.repository = repository }
        switch self {
        case .moved: break
        case .defaultBranch(let branch, _): app.defaultBranch = branch
        case .archived: app.sourceTroubles.insert(.archived)
        case .unarchived: app.sourceTroubles.remove(.archived)
        case .deleted: app.sourceTroubles.insert(.deleted)
        case .accessLost: app.sourceTroubles.insert(.accessLost)
        case .accessGiven: app.sourceTroubles.remove(.accessLost)
        case .accessGivenUp:
            app.sourceTroubles.insert(.accessLost)
            // Whoever gives access again gives it without the suspension.
            app.sourceTroubles.remove(.suspended)
        case .accessSuspended: app.sourceTroubles.insert(.suspended)
        case .accessResumed: app.sourceTroubles.remove(.suspended)
        // Nobody pushes to what is not there: it was restored.
        case .pushed: app.sourceTroubles = []
        }
        return app
    }
}
