/// What people read about repositories: what happened, and what to do about it.
package enum RepositoryWords {
    static let maxNamed = 10

    /// - Parameter changes: one or more, told as one.
    static func report(_ changes: [RepositoryChange], _ naming: Naming) -> Phase {
        let labels = changes.map { "`\(naming.label($0.before.id))`" }
        let (sentence, advice) = words(changes, labels)
        return .repositoryNews(sentence, advice: advice, appCount: changes.count > 1 ? changes.count : nil)
    }

    private static func words(_ changes: [RepositoryChange], _ labels: [String]) -> (String, advice: String?) {
        let label = labels.first ?? ""
        let app = changes.first?.before
        switch changes.first?.news {
        case .moved(let repository, let told):
            return (
                "The repository of \(label) is called \(quoted(name(repository))) now.",
                moved(label, from: told ?? app?.repositoryName, to: repository.name))
        case .defaultBranch(let branch, _):
            return ("The default branch of \(label) is \(quoted(branch)) now.", target(app, branch))
        case .archived:
            return (
                "The repository of \(label) was archived: nothing can be pushed to it.",
                "What runs stays up. Unarchive it to go on, or say \(deregister(label)).")
        case .unarchived: return ("The repository of \(label) is no longer archived.", nil)
        case .deleted:
            return (
                "The repository of \(label) was deleted.",
                "What runs stays up, but nothing new can be built. Say \(deregister(label)), and register what "
                    + "takes its place.")
        case .pushed where app?.sourceTrouble == .archived:
            return ("The repository of \(label) is no longer archived.", nil)
        case .accessLost, .accessGivenUp, .accessSuspended: return lost(changes, labels)
        case .accessGiven, .accessResumed, .pushed, nil: return given(changes, labels)
        }
    }

    private static func lost(_ changes: [RepositoryChange], _ labels: [String]) -> (String, advice: String?) {
        switch changes.first?.news {
        case .accessSuspended(let owner):
            return (
                "Iterapp's access to the repositories of \(quoted(owner)) was suspended: nothing new of "
                    + "\(list(labels)) is built.",
                "What runs stays up. Whoever administers \(quoted(owner)) can resume it.")
        case .accessLost(let repository) where changes.count == 1:
            let label = labels.first ?? ""
            return (
                "Iterapp may no longer read the repository of \(label).",
                "What runs stays up. Give Iterapp access to \(quoted(name(repository))) again, or say "
                    + "\(deregister(label)).")
        default:
            let owner = changes.first?.news.owner.map { "the repositories of \(quoted($0))" }
            return (
                "Iterapp may no longer read \(owner ?? "\(changes.count) repositories"): nothing new of "
                    + "\(list(labels)) is built.",
                "What runs stays up. Give Iterapp access to them again, or deregister the apps.")
        }
    }

    private static func given(_ changes: [RepositoryChange], _ labels: [String]) -> (String, advice: String?) {
        let remaining = changes.compactMap(\.after.sourceTrouble)
        let isOne = changes.count == 1
        let sentence = "Iterapp may read the \(isOne ? "repository" : "repositories") of \(list(labels)) again."
        guard let trouble = remaining.first else { return (sentence, "What was pushed meanwhile is built now.") }
        return (
            sentence,
            isOne
                ? self.trouble(trouble)
                : "What was pushed meanwhile is built now, but for \(remaining.count) of them: the status of each "
                    + "app says what is still in its way.")
    }

    /// - Parameter label: as code.
    private static func deregister(_ label: String) -> String {
        "`/iterapp deregister \(label.filter { $0 != "`" })`"
    }

    static func registered(as label: String) -> String { "This repository is registered already, as `\(label)`." }

    static func called(_ label: String, not old: String) -> String {
        "The repository `\(old)` is called `\(label)` now."
    }

    static let registerThat = "Register it by that name."

    /// For the status of an app.
    package static func trouble(_ trouble: SourceTrouble) -> String {
        switch trouble {
        case .archived: "Its repository is archived: nothing new can be pushed."
        case .deleted: "Its repository was deleted: nothing new can be built."
        case .accessLost: "Iterapp may not read its repository: nothing new is built. Give it access again."
        case .suspended: "Iterapp's access to its repository is suspended: nothing new is built."
        }
    }

    private static func moved(_ label: String, from former: AppID?, to name: AppID) -> String {
        let isSameOwner = former?.organisation.lowercased() == name.organisation.lowercased()
        return "The app stays \(label), with its URLs."
            + (isSameOwner ? "" : " Iterapp needs access to the repository there, too.")
    }

    private static func target(_ app: App?, _ branch: String) -> String? {
        guard let app, let environment = app.defaultEnvironment else { return nil }
        return "Pushes to \(quoted(branch)) are deployed to \(environment) from now on; pushes to "
            + "\(quoted(app.defaultBranch)) are only built."
    }

    private static func name(_ repository: SourceRepository) -> String {
        "\(repository.name.organisation)/\(repository.name.name)"
    }

    private static func list(_ labels: [String]) -> String {
        let more = labels.count - maxNamed
        return labels.prefix(maxNamed).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
