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
    /// Of all repositories of an owner.
    case accessGivenUp(owner: String)
    case accessSuspended(owner: String)
    case accessResumed(owner: String)

    /// Of its kind.
    var name: String {
        switch self {
        case .moved: "moved"
        case .defaultBranch: "default branch"
        case .archived: "archived"
        case .unarchived: "unarchived"
        case .deleted: "deleted"
        case .accessLost, .accessGivenUp: "access lost"
        case .accessSuspended: "suspended"
        case .accessGiven, .accessResumed: "access given"
        }
    }

    /// Nil for those of an owner.
    package var repository: SourceRepository? {
        switch self {
        case .moved(let repository, _), .defaultBranch(_, let repository), .archived(let repository),
            .unarchived(let repository), .deleted(let repository), .accessLost(let repository),
            .accessGiven(let repository):
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

    /// The app as it is from now on.
    package func applied(to app: App) -> App {
        var app = app
        if let repository { app.repository = repository }
        switch self {
        case .moved: break
        case .defaultBranch(let branch, _): app.defaultBranch = branch
        case .archived: app.sourceTrouble = .archived
        case .deleted: app.sourceTrouble = .deleted
        case .accessLost, .accessGivenUp: app.sourceTrouble = .accessLost
        case .accessSuspended: app.sourceTrouble = .suspended
        case .unarchived: if app.sourceTrouble == .archived { app.sourceTrouble = nil }
        case .accessGiven, .accessResumed:
            if app.sourceTrouble == .accessLost || app.sourceTrouble == .suspended { app.sourceTrouble = nil }
        }
        return app
    }
}
