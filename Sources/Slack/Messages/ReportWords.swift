import Deploys
import Foundation

/// The words of a message about an operation: what it is, how far it is, what is known of it.
struct ReportWords {
    struct Button {
        let label: String
        let command: String
    }

    let report: Report
    private var operation: Deploys.Operation { report.operation }
    private var app: String { Mrkdwn.words(report.appLabel) }

    init(_ report: Report) { self.report = report }

    var emoji: String {
        switch report.phase {
        case .queued: "⏳"
        case .preparing: "🔎"
        case .building: "🔨"
        case .applying, .rollingOut: "🚀"
        case .waitingForSites: "🌐"
        case .registered: "👋"
        case .deregistered: "💤"
        case .built: "📦"
        case .live: "✅"
        case .failed: "❌"
        case .superseded: "⏭️"
        case .certificateTrouble: "🔓"
        case .certificateRecovered: "🔒"
        case .puttingBack: "↩️"
        case .interrupted: "⏸️"
        case .repaired: "🔧"
        case .awaitingApproval: "✋"
        case .cancelled, .declined: "🚫"
        case .lapsed: "⌛"
        }
    }

    /// One line without formatting.
    var headline: String {
        switch report.phase {
        case .registered: "\(app) is registered"
        case .deregistered: "\(app) is deregistered"
        case .built: "\(app) is built"
        case .live(let sites) where sites.contains { $0.waitingFor != nil }: "\(app) is rolled out to \(environment)"
        case .live: "\(app) is live on \(environment)"
        case .failed: "\(failedDeed) failed"
        case .superseded: "Push to \(app) overtaken"
        case .certificateTrouble(let trouble): "\(app) on \(environment): \(words(of: trouble.kind))"
        case .certificateRecovered: "\(app) on \(environment): its certificate is in order again"
        case .repaired: "\(app) on \(environment) was changed, and put right"
        case .awaitingApproval: "\(deed) needs a second person"
        case .cancelled: "\(deed) was cancelled"
        case .declined: "\(deed) was declined"
        case .lapsed: "\(deed) was not approved in time"
        default: deed
        }
    }

    /// Lines of mrkdwn below the headline.
    var status: [String] {
        switch report.phase {
        case .queued(let ahead) where ahead > 0:
            ["Queued behind \(ahead) other \(ahead == 1 ? "operation" : "operations")"]
        case .queued: ["Queued"]
        case .preparing: ["Looking up the commit"]
        case .building(let builds): [building(builds)]
        case .applying: ["Applying to the cluster"]
        case .rollingOut(let ready, let wanted, let holdUp):
            [pods(ready, of: wanted)] + (holdUp.map { [sentence($0)] } ?? [])
        case .interrupted: ["Interrupted: the service restarts, or the cluster does not answer. It goes on by itself."]
        case .puttingBack(let release, let ready, let wanted):
            [
                "The new version failed; putting release #\(release) back"
                    + (wanted == 0 ? "" : ": \(pods(ready, of: wanted))")
            ]
        case .repaired(let changes): self.changes(changes)
        case .waitingForSites(let sites), .live(let sites): self.sites(sites)
        case .registered(let branch):
            [
                "Pushes are built from now on, and \(Mrkdwn.code(branch)) is deployed by itself. "
                    + "Deploy now with \(Mrkdwn.code("/iterapp deploy \(report.appLabel) test \(branch)"))."
            ]
        case .deregistered: ["Pushes are no longer built. What runs stays up."]
        case .built: []
        case .failed(let failure):
            [sentence(failure.sentence)] + (failure.advice.map { ["→ \(sentence($0))"] } ?? [])
        case .certificateTrouble(let trouble): [sentence(trouble.sentence)]
        case .awaitingApproval: ["It is built, and waits for somebody else's word."]
        case .cancelled(let person, let aftermath):
            ["By <@\(Mrkdwn.words(person.id))>"] + (aftermath.map { [sentence($0)] } ?? [])
        case .declined(let person): ["By <@\(Mrkdwn.words(person.id))>"]
        case .lapsed: ["Nobody approved it within a day. Nothing was changed."]
        case .certificateRecovered(let hosts): [hosts.prefix(8).map { Mrkdwn.words($0) }.joined(separator: ", ")]
        case .superseded(let commit):
            [
                "A newer push came first"
                    + (commit.map { ": \(Mrkdwn.code($0.id.short)) \(Mrkdwn.words($0.subject))" } ?? "")
            ]
        }
    }

    /// What is known of the operation, on one line of mrkdwn.
    var facts: String {
        [revision, commit, operation.buildNumber.map { "build \($0)" }, release, who, took, warnings].compactMap { $0 }
            .joined(separator: "  ·  ")
    }

    var shortFacts: String {
        let facts = isAboutCertificates ? [commit, release] : [commit, release, who, took]
        return facts.compactMap { $0 }.joined(separator: "  ·  ")
    }

    var button: Button? {
        guard report.phase == .built, operation.kind == .build, let environment = operation.environment,
            let commit = operation.commit
        else { return nil }
        return Button(
            label: "Deploy to \(environment)",
            command: "deploy \(report.appLabel) \(environment) \(commit.id.sha)")
    }
}

extension ReportWords {
    private var environment: String {
        operation.environment.map { $0 == .prod ? "PROD" : $0.rawValue } ?? "?"
    }

    private var deed: String {
        switch operation.kind {
        case .register: "Registering \(app)"
        case .deregister: "Deregistering \(app)"
        case .build: "Building \(app)"
        case .deploy: "Deploying \(app) to \(environment)"
        case .repair: "Putting \(app) on \(environment) right"
        case .push: operation.environment == nil ? "Building \(app)" : "Deploying \(app) to \(environment)"
        }
    }

    /// Long after the operation, which is of no interest then.
    private var isAboutCertificates: Bool {
        switch report.phase {
        case .certificateTrouble, .certificateRecovered: true
        default: false
        }
    }

    private func words(of trouble: CertificateTrouble.Kind) -> String {
        switch trouble {
        case .failing: "a certificate could not be issued"
        case .invalid: "a certificate is not valid any more"
        case .expiring: "a certificate is about to expire"
        }
    }

    private var failedDeed: String {
        guard case .failed(let failure) = report.phase, failure.stage == .build || failure.stage == .settings,
            operation.kind != .register
        else { return deed }
        return "Building \(app)" + (operation.environment.map { operation.kind == .build ? "" : " for \($0)" } ?? "")
    }

    private func building(_ builds: [ApplingBuild]) -> String {
        guard builds.count > 1 else { return "Building the image" }
        let done = builds.count { $0.state == .done }
        let active = builds.filter { $0.state == .building }.map { Mrkdwn.code($0.name) }.prefix(5)
        let failed = builds.filter { $0.state == .failed }.map { Mrkdwn.code($0.name) }.prefix(5)
        return "Built \(done)/\(builds.count) applings"
            + (active.isEmpty ? "" : ", building \(active.joined(separator: ", "))")
            + (failed.isEmpty ? "" : ", failed: \(failed.joined(separator: ", "))")
    }

    private func pods(_ ready: Int, of wanted: Int) -> String {
        "\(ready)/\(wanted) \(wanted == 1 ? "pod" : "pods") ready"
    }

    private func changes(_ changes: [String]) -> [String] {
        let maxShown = 8
        let lines = changes.prefix(maxShown).map { "• \(sentence($0))" }
        return lines + (changes.count > maxShown ? ["and \(changes.count - maxShown) more"] : [])
    }

    private func sites(_ sites: [Site]) -> [String] {
        let maxShown = 8
        let lines = sites.prefix(maxShown).map { site in
            let host = site.url.split(separator: "/").dropFirst().first.map(String.init) ?? site.url
            let link = Mrkdwn.link(site.url, host)
            return site.waitingFor.map { "\(link): \(sentence($0))" } ?? link
        }
        return lines + (sites.count > maxShown ? ["and \(sites.count - maxShown) more"] : [])
    }

    /// Long enough for everything that is written for people; a program's own words may be longer.
    private func sentence(_ text: String) -> String { Mrkdwn.escaped(Mrkdwn.cut(text, to: 1_000)) }

    private var revision: String? { operation.revision.map { Mrkdwn.code($0.text) } }

    private var commit: String? {
        operation.commit.map { commit in
            let digits = commit.url.map { Mrkdwn.link($0, commit.id.short) } ?? Mrkdwn.code(commit.id.short)
            return commit.subject.isEmpty ? digits : "\(digits) \(Mrkdwn.words(commit.subject))"
        }
    }

    /// A number that never went live can't be deployed again, and is not told.
    private var release: String? {
        if case .live = report.phase {} else if !isAboutCertificates { return nil }
        return operation.releaseNumber.map { "release #\($0)" }
    }

    private var who: String {
        switch operation.trigger {
        case .command(let person), .button(let person): "by <@\(Mrkdwn.words(person.id))>"
        case .watch: "noticed by Iterapp"
        case .push(let by): "pushed by \(Mrkdwn.words(by, maxUnits: 60))"
        }
    }

    private var took: String? {
        guard let end = operation.finishedAt else { return nil }
        let seconds = Int(end.timeIntervalSince(operation.startedAt ?? operation.createdAt).rounded())
        guard seconds >= 60 else { return "took \(max(seconds, 1)) s" }
        return "took \(seconds / 60) min \(seconds % 60) s"
    }

    private var warnings: String? {
        report.warningCount.map { $0 == 1 ? "1 warning in the thread" : "\($0) warnings in the thread" }
    }
}
