import Foundation

/// Pages as plain text: for screen readers, for notifications, and where nothing else can be shown.
package enum StatusWords {
    /// Apps beyond it are counted: a text that is longer is cut by whoever shows it.
    static let maxListedApps = 50

    /// Told once, to somebody who has not used the bot before.
    package static func hint(logChannel: String) -> String {
        "New here? What Iterapp does is told in \(logChannel), in one message for each build or deploy. "
            + "`/iterapp help` says what else there is."
    }

    static let unavailable = "Iterapp can't look this up just now. Try again in a minute."

    // MARK: Apps

    static func list(_ list: AppList, now: Date) -> String {
        guard !list.apps.isEmpty else { return noApps }
        let (own, others) = (list.apps.prefix(list.ownCount), list.apps.dropFirst(list.ownCount))
        var lines: [String] = []
        if !own.isEmpty { lines.append(self.own(Array(own), now: now)) }
        if !others.isEmpty {
            lines += [own.isEmpty ? "*Apps*" : "*Other apps*"] + shown(others, more: list.moreCount, now)
        }
        return lines.joined(separator: "\n")
    }

    static func own(_ apps: [AppStatus], now: Date) -> String {
        (["*Your apps*"] + shown(apps[...], now)).joined(separator: "\n")
    }

    static let noApps = "No app is registered yet. `/iterapp register <repo>` registers the first one."

    /// - Parameter more: that are not among the apps.
    private static func shown(_ apps: ArraySlice<AppStatus>, more: Int = 0, _ now: Date) -> [String] {
        let lines = apps.prefix(maxListedApps).map { line($0, now: now) }
        let rest = apps.count - lines.count + more
        return rest > 0 ? lines + ["… and \(rest) more. `/iterapp status <app>` shows each."] : lines
    }

    /// `cats`: prod #12, test #14 (failed 5 minutes ago)
    private static func line(_ app: AppStatus, now: Date) -> String {
        let environments = app.environments.map { environment in
            var text = "\(environment.environment)"
            if let release = environment.release { text += " #\(release.number)" }
            if environment.underWay != nil { text += " (something is under way)" }
            if environment.failed != nil { text += " (the last deploy failed)" }
            return text
        }
        let team = app.team.map { " (\($0))" } ?? ""
        return "• `\(app.label)`\(team): "
            + (environments.isEmpty ? "not deployed yet" : environments.joined(separator: ", "))
    }

    // MARK: One app

    static func status(_ app: AppStatus, now: Date) -> String {
        let head = "*\(app.label)*" + (app.team.map { ", of the team \($0)" } ?? "")
        let trouble = app.app.sourceTrouble.map { [RepositoryWords.trouble($0)] } ?? []
        guard !app.environments.isEmpty else {
            let words = "\(head) is not deployed yet. `\(Verb.deploy.example(app: app.label))` deploys it."
            return ([words] + trouble).joined(separator: "\n")
        }
        return ([head] + trouble + app.environments.map { self.environment($0, now: now) }).joined(separator: "\n")
    }

    static func environment(_ status: EnvironmentStatus, now: Date) -> String {
        var sentences: [String] = []
        if let release = status.release {
            sentences.append(self.release(release, now: now))
            sentences += [pods(status.pods), certificate(status.certificate)].compactMap(\.self)
            sentences += status.sites.map(site)
            sentences += status.tasks.map { task($0, now: now) }
            if let sighting = sighting(status, now) { sentences.append(sighting) }
        } else {
            sentences.append("nothing is live yet.")
        }
        if let operation = status.underWay { sentences.append(underWay(operation, now: now)) }
        if let operation = status.failed { sentences.append(failed(operation, now: now)) }
        return "*\(status.environment)*: " + sentences.joined(separator: " ")
    }

    private static func release(_ release: LiveRelease, now: Date) -> String {
        var text = "release #\(release.number)"
        if let number = release.buildNumber { text += ", build \(number)" }
        text += ", commit `\(release.commit.id.short)`"
        if !release.commit.subject.isEmpty { text += " \(quoted(release.commit.subject))" }
        if let revision = release.revision, !revision.couldBeCommit { text += " of \(quoted(revision.text))" }
        return text + ", live \(Age.lasting(from: release.since, to: now)), \(deployed(by: release.trigger))."
    }

    private static func pods(_ pods: ReadyPods?) -> String? {
        pods.map { "\($0.ready) of \($0.wanted) \($0.wanted == 1 ? "pod is" : "pods are") ready." }
    }

    /// What is left to say when the certificate itself can't be looked at.
    static func trouble(_ kind: CertificateTrouble.Kind) -> String {
        switch kind {
        case .failing: "When the certificate was last seen, it could not be issued or renewed."
        case .invalid: "When the certificate was last seen, it was not valid any more."
        case .expiring: "When the certificate was last seen, its end was near and it was not renewed."
        }
    }

    private static func certificate(_ status: CertificateStatus) -> String? {
        switch status {
        case .unknown: nil
        case .inOrder: "The certificate is in order."
        case .waiting(let sentence), .trouble(let sentence): sentence
        }
    }

    private static func site(_ site: Site) -> String {
        site.waitingFor.map { "\(site.url) does not answer yet: \($0)" } ?? site.url
    }

    private static func task(_ task: ScheduledTask, now: Date) -> String {
        let name = "The task \(quoted(task.label))"
        guard let run = task.lastRun else { return "\(name) has not run yet." }
        let moment = Age.ago(from: run.at, to: now)
        return run.failure.map { "\(name) ran \(moment) and failed: \($0.sentence)" } ?? "\(name) ran \(moment)."
    }

    /// What ran before stays true; only that nothing newer is known has to be said.
    private static func sighting(_ status: EnvironmentStatus, _ now: Date) -> String? {
        switch status.tasksSeen {
        case .now: nil
        case .last where status.tasks.isEmpty: nil
        case .last(let moment):
            "Newer runs are not known; tasks were looked at last \(Age.ago(from: moment, to: now))."
        case .never: "Whether scheduled tasks run is not known at the moment."
        }
    }

    private static func underWay(_ operation: Operation, now: Date) -> String {
        let moment = Age.ago(from: operation.createdAt, to: now)
        return "Under way: \(what(operation)), begun \(moment), \(asked(by: operation.trigger))."
    }

    private static func failed(_ operation: Operation, now: Date) -> String {
        let moment = Age.ago(from: operation.finishedAt ?? operation.createdAt, to: now)
        return "Failed \(moment): \(what(operation)), \(asked(by: operation.trigger))."
    }

    private static func what(_ operation: Operation) -> String {
        switch operation.kind {
        case .repair: "a repair"
        case .push: "a push" + (operation.revision.map { " to \(quoted($0.text))" } ?? "")
        default: "a deploy" + (operation.revision.map { " of \(quoted($0.text))" } ?? "")
        }
    }

    // MARK: People

    private static func deployed(by trigger: Trigger) -> String {
        switch trigger {
        case .command(let person), .button(let person): "deployed by <@\(person.id)>"
        case .push(let name): "deployed by a push of \(quoted(name))"
        case .rerun(let name): "deployed because \(quoted(name)) asked to build it again"
        case .look: "deployed by a push"
        case .watch: "deployed by Iterapp"
        }
    }

    private static func asked(by trigger: Trigger) -> String {
        switch trigger {
        case .command(let person), .button(let person): "asked for by <@\(person.id)>"
        case .push(let name): "by \(quoted(name))"
        case .rerun(let name): "asked for by \(quoted(name))"
        case .look: "found by looking"
        case .watch: "by Iterapp itself"
        }
    }
}
