import Deploys
import Foundation

/// Every kind of answer, by the name of its golden.
extension Samples {
    var answers: [(name: String, answer: Answer)] {
        var hinted = Answer(.accepted, "Deploying \(quoted(branch)) of `cats` to *test*. Follow it in #iterapp-logs.")
        hinted.hint = "New here? What Iterapp does is told in #iterapp-logs. `/iterapp help` says what else there is."
        let refusal = "`prod` of `cats` is deployed by <@\(Self.bob.id)> and <!subteam^S0CATS0001>. Ask one of them."
        let usage = "I don't know `deplyo`. Did you mean `deploy`?\nUsage: `\(Verb.deploy.usage)`"
        let list = AppList(
            apps: [status([environment(.prod)]), status([], name: "dogs", team: nil), troubledStatus], ownCount: 1)
        let quiet = status([environment(.prod), environment(.test)])
        return [
            ("answer-accepted", Answer(.accepted, "Building \(quoted(branch)) of `cats`. Follow it in #iterapp-logs.")),
            ("answer-with-hint", hinted),
            ("answer-refused", Answer(.refused, refusal)),
            ("answer-usage", Answer(.refused, usage)),
            ("answer-help", page(.help(HelpPage(topic: nil, app: app, own: [quiet, troubledStatus])))),
            ("answer-help-newcomer", page(.help(HelpPage(topic: nil, app: app, own: [])))),
            ("answer-apps", page(.apps(list))),
            ("answer-apps-none", page(.apps(AppList(apps: [], ownCount: 0)))),
            ("answer-apps-many", page(.apps(AppList(apps: many, ownCount: 5)))),
            ("answer-status", page(.status(quiet))),
            ("answer-status-troubled", page(.status(troubledStatus))),
            ("answer-status-unknown", page(.status(status([environment(.test, pods: nil, certificate: .unknown)])))),
            ("answer-status-new", page(.status(status([], team: nil)))),
            ("answer-status-all-environments", page(.status(status(EnvironmentName.all.map { environment($0) })))),
            ("answer-audit", page(.audit(AuditPage(label: app, entries: entries, olderCount: 17)))),
            ("answer-audit-none", page(.audit(AuditPage(label: app, entries: [], olderCount: 0)))),
        ]
    }

    private func page(_ page: Answer.Page) -> Answer { Answer(.information, "The same in words.", page: page) }

    var many: [AppStatus] {
        (1...appCount).map {
            status(
                [environment(.prod), environment(.test)], name: "\(app)-\($0)", team: $0 % 3 == 0 ? nil : "felines")
        }
    }

    var entries: [AuditEntry] {
        [
            entry(.deploy, .prod, reason: "the login is broken", after: 500),
            entry(.approve, .prod, by: .button(Self.bob), after: 400),
            entry(
                .deploy, .prod, by: .command(Self.bob), from: .direct(id: "D0BOB00001"), isRefused: true,
                reason: "Only <@\(Self.ann.id)> may deploy to `prod`.", after: 300),
            entry(.cancel, .test, by: .button(Self.bob), from: .home, after: 200),
            entry(.deploy, .test, by: .push(by: pusher), from: nil, after: 100),
            entry(.register),
        ]
    }
}
