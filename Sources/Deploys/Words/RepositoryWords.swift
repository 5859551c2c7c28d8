/// What people read about repositories: what happened, and what to do about it.
package enum RepositoryWords {
    static let maxNamed = 10

    static func report(_ news: RepositoryNews, _ apps: [App], _ naming: Naming) -> Phase {
        let labels = apps.map { "`\(naming.label($0.id))`" }
        let whose = list(labels)
        let first = labels.first ?? ""
        let plain = apps.first.map { naming.label($0.id) } ?? ""
        let advice: String?
        let sentence: String
        switch news {
        case .moved(let repository, let told):
            sentence = "The repository of \(first) is called \(quoted(name(repository))) now."
            advice = moved(first, from: told ?? apps.first?.repositoryName, to: repository.name)
        case .defaultBranch(let branch, _):
            sentence = "The default branch of \(first) is \(quoted(branch)) now."
            advice = target(apps.first, branch)
        case .archived:
            sentence = "The repository of \(first) was archived: nothing can be pushed to it."
            advice = "What runs stays up. Unarchive it to go on, or say `/iterapp deregister \(plain)`."
        case .unarchived:
            sentence = "The repository of \(first) is no longer archived."
            advice = nil
        case .deleted:
            sentence = "The repository of \(first) was deleted."
            advice = "What runs stays up, but nothing new can be built. Say `/iterapp deregister \(plain)`, and "
                + "register what takes its place."
        case .accessLost(let repository):
            sentence = "Iterapp may no longer read the repository of \(first)."
            advice = "What runs stays up. Give Iterapp access to \(quoted(name(repository))) again, or say "
                + "`/iterapp deregister \(plain)`."
        case .accessGivenUp(let owner):
            sentence = "Iterapp may no longer read the repositories of \(quoted(owner)): nothing new of \(whose) "
                + "is built."
            advice = "What runs stays up. Give Iterapp access to them again, or deregister the apps."
        case .accessSuspended(let owner):
            sentence = "Iterapp's access to the repositories of \(quoted(owner)) was suspended: nothing new of "
                + "\(whose) is built."
            advice = "What runs stays up. Whoever administers \(quoted(owner)) can resume it."
        case .accessGiven, .accessResumed, .pushed:
            sentence = "Iterapp may read the repository of \(whose) again."
            advice = "What was pushed meanwhile is built now."
        }
        return .repositoryNews(sentence, advice: advice)
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
