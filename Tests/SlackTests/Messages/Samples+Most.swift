import Deploys
import Foundation
import JSON

@testable import Slack

/// As much of everything as there can be.
extension Samples {
    var most: [(name: String, json: JSON)] {
        let text = words
        let long = Site(url: "https://\(String(repeating: "a", count: 2_900)).no/", waitingFor: text)
        let sites = Array(repeating: long, count: 60) + [site]
        let environments = EnvironmentName.all.map {
            environment(
                $0, certificate: .trouble(text), sites: sites,
                tasks: Array(repeating: task(text, hasFailed: true), count: 60) + Array(repeating: task(text), count: 60),
                underWay: operation(),
                failed: operation(.push, .test, .failed, by: .push(by: text)))
        }
        let apps = Array(repeating: status(environments), count: 200)
        let line = entry(.deploy, .prod, from: .channel(id: text, name: text), reason: text)
        let pages: [Answer.Page] = [
            .status(apps[0]), .apps(AppList(apps: apps, ownCount: 100)),
            .help(HelpPage(topic: nil, app: text, own: Array(apps.prefix(5)))),
            .audit(AuditPage(label: text, entries: Array(repeating: line, count: 200), olderCount: .max / 2)),
        ]
        let home = HomePage(own: apps, otherCount: 1, logChannel: text, isFirstVisit: true)
        return messages(sites) + [("home", HomeView(home).view)]
            + pages.map { ("page", AnswerMessage(Answer(.information, quoted(text), page: $0)).json) }
    }

    private func messages(_ sites: [Site]) -> [(name: String, json: JSON)] {
        let text = words
        let steps: [NextStep] = [.cancel, .approve, .decline, .retry] + EnvironmentName.all.map { .deploy(to: $0) }
        let phases: [Phase] = [
            .live(sites), .waitingForSites(sites), .repaired(Array(repeating: text, count: 60)),
            .failed(Failure(.build, text, advice: text)), .certificateRecovered(hosts: Array(repeating: text, count: 60)),
            .taskFailed(text, TaskFailure(text, lines: Array(repeating: text, count: 60)), at: Self.after(0)),
            .awaitingApproval(of: Array(repeating: .team(text), count: 60)),
            .cancelled(by: Person(id: text, name: text), aftermath: text),
            .building(Array(repeating: ApplingBuild(name: text, state: .building), count: 60)),
        ]
        return phases.flatMap { phase in
            var report = self.report(
                phase, steps: steps, sequels: Array(repeating: .retried(by: Samples.bob), count: 300),
                overtaken: .max, warnings: .max)
            report.logURL = "https://\(String(repeating: "b", count: 5_000))"
            let drafts: [NoticeDraft] = [.live(report), .announcement(report)]
            return drafts.map { ("message", MessageGoldenTests.json(MessageBlocks($0))) }
        }
    }
}
