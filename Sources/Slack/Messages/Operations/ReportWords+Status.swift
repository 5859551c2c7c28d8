import Deploys
import Foundation

/// How far the operation is, in lines of mrkdwn below the headline.
extension ReportWords {
    static let maxListed = 8

    var status: [String] {
        let lines = phaseStatus
        guard let person = operation.cancelledBy, !operation.isFinished else { return lines }
        return ["Stopping: \(Mrkdwn.person(person)) cancelled it"] + lines
    }

    private var phaseStatus: [String] {
        switch report.phase {
        case .queued, .preparing, .building, .applying, .rollingOut, .interrupted, .puttingBack, .waitingForSites:
            progress
        case .registered(let branch):
            [
                "Pushes are built from now on, and \(Mrkdwn.code(branch)) is deployed by itself. Deploy now with "
                    + Mrkdwn.code("/iterapp deploy \(report.appLabel) test \(branch)", maxUnits: 300) + "."
            ]
        case .deregistered: ["Pushes are no longer built. What runs stays up."]
        case .built: []
        case .live(let sites): self.sites(sites)
        case .repaired(let changes): listed(changes) { "• \(Mrkdwn.sentence($0, maxUnits: 300))" }
        case .repositoryNews(let sentence, let advice, _):
            [Mrkdwn.sentence(sentence)] + (advice.map { ["→ \(Mrkdwn.sentence($0))"] } ?? [])
        case .failed(let failure):
            [Mrkdwn.sentence(failure.sentence)] + (failure.advice.map { ["→ \(Mrkdwn.sentence($0))"] } ?? [])
        case .certificateTrouble(let trouble): [Mrkdwn.sentence(trouble.sentence)]
        case .certificateRecovered(let hosts):
            [hosts.prefix(Self.maxListed).map { Mrkdwn.words($0) }.joined(separator: ", ")]
        case .taskFailed(_, let failure, let moment): task(failure, moment)
        case .taskRecovered(_, let moment): ["It ran \(Mrkdwn.moment(moment))."]
        case .superseded(nil): ["Its branch was deleted before it was built."]
        case .superseded(let commit?):
            [
                (operation.wasStoppedMidBuild ? "Its build was stopped for a newer push" : "A newer push came first")
                    + ": \(Mrkdwn.code(commit.id.short)) \(Mrkdwn.words(commit.subject))"
            ]
        case .awaitingApproval(let parties): [ApprovalWords.request(parties, operation)]
        case .cancelled(let person, let aftermath):
            ["By \(Mrkdwn.person(person)).\(aftermath.map { " \(Mrkdwn.sentence($0))" } ?? "")"]
        case .declined(let person): ["By \(Mrkdwn.person(person)). Nothing was changed."]
        case .lapsed: ["Nobody approved it within a day. Nothing was changed."]
        }
    }

    private var progress: [String] {
        switch report.phase {
        case .queued(let ahead) where ahead > 0:
            ["Queued behind \(ahead) other \(ahead == 1 ? "operation" : "operations")"]
        case .queued: ["Queued"]
        case .preparing: ["Looking up the commit"]
        case .building(let builds): BuildWords.lines(builds)
        case .applying: ["Applying to the cluster"]
        case .rollingOut(let ready, let wanted, let holdUp):
            [pods(ready, of: wanted)] + (holdUp.map { [Mrkdwn.sentence($0)] } ?? [])
        case .puttingBack(let release, let ready, let wanted):
            ["The new version failed; putting release #\(release) back"]
                + (wanted == 0 ? [] : [pods(ready, of: wanted)])
        case .interrupted: ["Interrupted: the service restarts, or the cluster does not answer. It goes on by itself."]
        case .waitingForSites(let sites): self.sites(sites)
        default: []
        }
    }

    private func task(_ failure: TaskFailure, _ moment: Date) -> [String] {
        [Mrkdwn.sentence(failure.sentence)]
            + failure.lines.suffix(Self.maxListed).map { Mrkdwn.code($0, maxUnits: 300) }
            + ["It ran \(Mrkdwn.moment(moment)). Further failures are not told; the next run that goes well is."]
    }

    private func pods(_ ready: Int, of wanted: Int) -> String {
        "\(ProgressBar.text(ready, of: wanted))  \(ready)/\(wanted) \(wanted == 1 ? "pod" : "pods") ready"
    }

    private func sites(_ sites: [Site]) -> [String] {
        listed(sites) { site in
            let link = Mrkdwn.link(site.url, SiteWords.host(site.url))
            return site.waitingFor.map { "\(link): \(Mrkdwn.sentence($0, maxUnits: 300))" } ?? link
        }
    }

    private func listed<Item>(_ items: [Item], _ line: (Item) -> String) -> [String] {
        let shown = items.prefix(Self.maxListed).map(line)
        return shown + (items.count > shown.count ? ["and \(items.count - shown.count) more"] : [])
    }
}
