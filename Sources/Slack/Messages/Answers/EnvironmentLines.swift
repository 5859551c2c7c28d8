import Deploys
import Foundation

/// What is known of an environment, in lines of mrkdwn.
enum EnvironmentLines {
    static let maxSites = 3
    static let maxFailingTasks = 3
    static let maxTasks = 6

    static func head(_ app: AppStatus) -> String {
        let team = app.team.map { ", of the team \(Mrkdwn.words($0, maxUnits: 40))" } ?? ""
        return "*\(Mrkdwn.words(app.label))*\(team)"
    }

    /// Why nothing new can come.
    static func trouble(_ app: AppStatus) -> [String] {
        app.app.sourceTrouble.map { ["🗂️ " + Mrkdwn.sentence(RepositoryWords.trouble($0))] } ?? []
    }

    static func notDeployed(_ app: AppStatus) -> String { "\(head(app)) is not deployed yet." }

    static func lines(_ status: EnvironmentStatus) -> [String] {
        var lines = [headline(status)]
        if let release = status.release {
            lines.append(self.release(release))
            lines.append(state(status))
        }
        lines += status.sites.prefix(maxSites).compactMap(waiting)
        if status.sites.count > maxSites { lines.append("and \(status.sites.count - maxSites) more addresses") }
        if let certificate = certificate(status.certificate) { lines.append(certificate) }
        lines += tasks(status.tasks)
        if status.release != nil, let sighting = sighting(status) { lines.append(sighting) }
        if let operation = status.underWay { lines.append(underWay(operation)) }
        if let operation = status.failed { lines.append(failed(operation)) }
        return lines.filter { !$0.isEmpty }
    }

    private static func headline(_ status: EnvironmentStatus) -> String {
        let name = "\(Health(status).emoji) *\(EnvironmentWords.name(status.environment))*"
        guard let release = status.release else { return "\(name)  nothing is live yet" }
        let parts = [
            "release #\(release.number)", release.buildNumber.map { "build \($0)" },
            status.previousRelease.map { "before: #\($0)" },
        ].compactMap(\.self)
        return "\(name)  \(parts.joined(separator: "  ·  "))"
    }

    private static func release(_ release: LiveRelease) -> String {
        "\(CommitWords.line(release.commit))  ·  \(Mrkdwn.ago("deployed", release.since)), "
            + Mrkdwn.trigger(release.trigger)
    }

    /// Pods, and the first address that answers.
    private static func state(_ status: EnvironmentStatus) -> String {
        let pods = status.pods.map { "\($0.ready)/\($0.wanted) \($0.wanted == 1 ? "pod" : "pods") ready" }
        let links = status.sites.prefix(maxSites).filter { $0.waitingFor == nil }
            .map { Mrkdwn.link($0.url, SiteWords.host($0.url)) }
        let certificate = status.certificate == .inOrder ? "🔒 certificate in order" : nil
        return ([pods ?? "nothing is known of its pods at the moment"] + links + [certificate].compactMap(\.self))
            .joined(separator: "  ·  ")
    }

    private static func waiting(_ site: Site) -> String? {
        site.waitingFor.map {
            "🌐 \(Mrkdwn.link(site.url, SiteWords.host(site.url))): \(Mrkdwn.sentence($0, maxUnits: 200))"
        }
    }

    private static func certificate(_ status: CertificateStatus) -> String? {
        switch status {
        case .unknown, .inOrder: nil
        case .waiting(let sentence): "⏳ \(Mrkdwn.sentence(sentence, maxUnits: 200))"
        case .trouble(let sentence): "🔓 \(Mrkdwn.sentence(sentence, maxUnits: 200))"
        }
    }

    /// Those that fail are told with the reason.
    private static func tasks(_ tasks: [ScheduledTask]) -> [String] {
        let failing = tasks.filter(\.isFailing), others = tasks.filter { !$0.isFailing }
        let shown = failing.prefix(maxFailingTasks).map(task)
            + (others.isEmpty ? [] : ["⏰ " + others.prefix(maxTasks).map(task).joined(separator: "  ·  ")])
        let more = max(0, failing.count - maxFailingTasks) + max(0, others.count - maxTasks)
        return shown + (more == 0 ? [] : ["and \(more) more \(more == 1 ? "task" : "tasks")"])
    }

    /// What ran before stays true; only that nothing newer is known has to be said.
    private static func sighting(_ status: EnvironmentStatus) -> String? {
        switch status.tasksSeen {
        case .now: nil
        case .last where status.tasks.isEmpty: nil
        case .last(let moment): "⏰ newer runs are not known: \(Mrkdwn.ago("looked at last", moment))"
        case .never: "⏰ whether scheduled tasks run is not known at the moment"
        }
    }

    private static func task(_ task: ScheduledTask) -> String {
        let name = Mrkdwn.code(task.label, maxUnits: 60)
        guard let run = task.lastRun else { return "\(name) has not run yet" }
        guard let failure = run.failure else { return "\(name) \(Mrkdwn.ago("ran", run.at))" }
        return "⏰ \(name) \(Mrkdwn.ago("failed", run.at)): \(Mrkdwn.sentence(failure.sentence, maxUnits: 200))"
    }

    private static func underWay(_ operation: Deploys.Operation) -> String {
        let isHeld = operation.approval.map { $0.by == nil && $0.heldSince != nil } ?? false
        let time = operation.startedAt.map { Mrkdwn.ago("started", $0) } ?? Mrkdwn.ago("queued", operation.createdAt)
        return line(isHeld ? "✋ Waits for approval" : "🚀 Under way", operation, time)
    }

    private static func failed(_ operation: Deploys.Operation) -> String {
        let time = Mrkdwn.ago("", operation.finishedAt ?? operation.createdAt)
        return line("❌ The newest \(noun(operation)) failed", operation, time)
    }

    private static func line(_ head: String, _ operation: Deploys.Operation, _ time: String) -> String {
        let revision = operation.revision.map { Mrkdwn.code($0.text, maxUnits: 60) }
        let what = [revision, operation.commit.map(CommitWords.line)].compactMap(\.self).joined(separator: " ")
        let parts = [what.isEmpty ? "a \(noun(operation))" : what, time, Mrkdwn.trigger(operation.trigger)]
        return "\(head): \(parts.joined(separator: ", "))"
    }

    private static func noun(_ operation: Deploys.Operation) -> String {
        operation.kind == .repair ? "repair" : "deploy"
    }
}
