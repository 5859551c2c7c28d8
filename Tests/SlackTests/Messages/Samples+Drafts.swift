import Deploys
import Foundation

/// Every kind of message, by the name of its golden.
extension Samples {
    typealias Named = (name: String, draft: NoticeDraft)

    var drafts: [Named] { begun + underWay + wellEnded + badlyEnded + held + announcements + details }

    private var push: Trigger { .push(by: pusher) }

    private func live(_ name: String, _ report: Report) -> Named { ("live-\(name)", .live(report)) }

    private func post(_ name: String, _ report: Report) -> Named { ("announcement-\(name)", .announcement(report)) }

    private func builds(_ count: Int) -> [ApplingBuild] {
        let states: [ApplingBuild.State] = [.done, .building, .waiting, .failed, .done, .done, .waiting]
        return (0..<count).map {
            let state = states[$0 % states.count]
            return ApplingBuild(
                name: "\(app)-\($0)", state: state, steps: state == .building ? StepCount(done: 4, total: 9) : nil)
        }
    }

    private var begun: [Named] {
        let waiting = operation(.deploy, .prod, .queued, isKnown: false)
        let one = [ApplingBuild(name: "", state: .building, steps: StepCount(done: 4, total: 9))]
        let unknown = [ApplingBuild(name: "", state: .building)]
        let pushed = operation(.push, .test, by: push)
        return [
            live("queued", report(.queued(ahead: 0), waiting, steps: [.cancel], log: false)),
            live("queued-behind", report(.queued(ahead: 2), waiting, steps: [.cancel], log: false)),
            live("preparing", report(.preparing, operation(isKnown: false), steps: [.cancel], log: false)),
            live("building", report(.building(one), steps: [.cancel])),
            live("building-unknown", report(.building(unknown), steps: [.cancel])),
            live("building-applings", report(.building(builds(4)), pushed, steps: [.cancel], overtaken: 3)),
            live("building-60-applings", report(.building(builds(60)), steps: [.cancel])),
        ]
    }

    private var underWay: [Named] {
        let prod = operation(.deploy, .prod)
        return [
            live("applying", report(.applying, steps: [.cancel])),
            live("rolling-out", report(.rollingOut(ready: 1, wanted: 4), prod, steps: [.cancel])),
            live("rolling-out-held-up", report(.rollingOut(ready: 0, wanted: 1, holdUp: words), steps: [.cancel])),
            live("being-stopped", report(.rollingOut(ready: 1, wanted: 2), operation(cancelledBy: Self.bob))),
            live("interrupted", report(.interrupted, steps: [.cancel])),
            live("putting-back", report(.puttingBack(release: 11, ready: 1, wanted: 2))),
            live("waiting-for-sites", report(.waitingForSites([site, waitingSite]))),
        ]
    }

    private var wellEnded: [Named] {
        let done = operation(.deploy, .test, .succeeded)
        let prod = operation(
            .deploy, .prod, .succeeded, by: .button(Self.ann), took: 3_900, approval: Approval(by: Self.bob))
        let registered = operation(.register, nil, .succeeded)
        let repaired = operation(.repair, .prod, .succeeded, by: .watch)
        let changes = ["The image of \(app) was changed with kubectl-edit.", words]
        var noted = self
        noted.note = note ?? "The login is broken & people wait."
        return [
            live("registered", report(.registered(defaultBranch: branch), registered, log: false)),
            live("deregistered", report(.deregistered, operation(.deregister, nil, .succeeded), log: false)),
            live("built", report(.built, operation(.build, .prod, .succeeded), steps: [.deploy(to: .prod)])),
            live("live", report(.live([site]), done, steps: [.deploy(to: .prod), .rollBack(to: 11)], warnings: 2)),
            live("live-prod", report(.live([site, waitingSite]), prod, steps: [.rollBack(to: 11)])),
            live("live-noted", noted.report(.live([site]), noted.operation(.deploy, .prod, .succeeded))),
            live(
                "live-replaced",
                report(.live([site]), done, sequels: [.deployed(to: .prod, by: Self.bob), .replaced(by: 13)])),
            live(
                "asked",
                report(
                    .live([site]), done,
                    sequels: [.asked(for: .prod, by: Self.bob), .askedToRollBack(to: 11, by: Self.ann)])),
            live("rolled-back", report(.live([site]), done, sequels: [.rolledBack(to: 11, by: Self.ann)])),
            live("repaired", report(.repaired(changes), repaired)),
            live(
                "repository-news",
                report(
                    .repositoryNews("The repository of `\(app)` was archived.", advice: "Unarchive it."),
                    operation(.repository, nil, .succeeded, by: .watch), log: false)),
            live(
                "repository-news-of-many",
                report(
                    .repositoryNews(
                        "Iterapp may no longer read 12 repositories: nothing new of \(tenApps) and 2 more is built.",
                        advice: "What runs stays up. Give Iterapp access to them again, or deregister the apps.",
                        appCount: 12),
                    operation(.repository, nil, .succeeded, by: .watch), log: false)),
        ]
    }

    private var tenApps: String { (1...10).map { "`\(app)-\($0)`" }.joined(separator: ", ") }

    private var badlyEnded: [Named] {
        let pushed = operation(.push, .test, .failed, by: push)
        let overtaken = operation(.push, .test, .superseded, by: push)
        let failed = operation(.deploy, .test, .failed)
        let aftermath = "Release #11 was put back and serves."
        return [
            live("failed-build", report(.failed(buildFailure), operation(.deploy, .prod, .failed), steps: [.retry])),
            live("failed-roll-out", report(.failed(rollOutFailure), pushed, steps: [.retry])),
            live("failed-retried", report(.failed(rollOutFailure), failed, sequels: [.retried(by: Self.bob)])),
            live("branch-gone", report(.superseded(by: nil), overtaken, log: false)),
            live("superseded-build", report(.superseded(by: commit("b")), overtaken)),
            live("superseded", report(.superseded(by: commit("b")), overtaken, log: false)),
            live(
                "cancelled",
                report(.cancelled(by: Self.bob, aftermath: nil), operation(.deploy, .test, .cancelled), steps: [.retry])),
            live(
                "cancelled-roll-out",
                report(.cancelled(by: Self.bob, aftermath: aftermath), operation(.deploy, .prod, .cancelled))),
            live("declined", report(.declined(by: Self.bob), operation(.deploy, .prod, .cancelled))),
            live("lapsed", report(.lapsed, operation(.deploy, .prod, .cancelled), steps: [.retry])),
        ]
    }

    private var heldOperation: Deploys.Operation {
        operation(.deploy, .prod, .queued, approval: Approval(heldSince: Self.after(200)))
    }

    private var held: [Named] {
        let parties: [Party] = [.person(Self.ann.id), .person(Self.bob.id), .group("S0CATS0001"), .team("felines")]
        return [("approval", parties), ("anybody", [.anyone]), ("nobody", [.person(Self.ann.id)])].map {
            live(
                "awaiting-\($0.0)",
                report(
                    .awaitingApproval(of: $0.1), heldOperation,
                    steps: $0.0 == "nobody" ? [.decline] : [.approve, .decline]))
        }
    }

    var buildFailure: Failure {
        Failure(
            .build, "Step 3/3 `RUN make` ended with exit code 2 (line 4 of `Dockerfile`). Release #11 keeps serving.",
            advice: "Correct it and push again.")
    }

    var rollOutFailure: Failure {
        Failure(
            .rollOut, "cats exits right after its start, with exit code 7. \(words)",
            advice: "Read the last lines of its log in the thread.")
    }

    private var announcements: [Named] {
        let trouble = CertificateTrouble(
            .expiring, hosts: ["cats.cool"],
            sentence: "The certificate of cats.cool ends on 2026-12-01 and could not be renewed: \(words)")
        let done = operation(.deploy, .prod, .succeeded)
        let pushed = operation(.push, .test, .failed, by: push)
        let approvers: [Party] = [.person(Self.bob.id), .group("S0CATS0001")]
        return [
            post("live", report(.live([site]), done)),
            post("live-waiting", report(.live([waitingSite]), done)),
            post("failed-build", report(.failed(buildFailure), operation(.deploy, .prod, .failed))),
            post("failed-roll-out", report(.failed(rollOutFailure), pushed)),
            post("awaiting-approval", report(.awaitingApproval(of: approvers), heldOperation)),
            post("certificate-trouble", report(.certificateTrouble(trouble), done, log: false)),
            post("task-failed", report(.taskFailed("clean", taskFailure, at: Self.after(60)), done, log: false)),
            post("task-recovered", report(.taskRecovered("clean", at: Self.after(120)), done, log: false)),
            post("certificate-recovered", report(.certificateRecovered(hosts: ["cats.cool", "cats.no"]), done, log: false)),
        ]
    }

    private var details: [Named] {
        let title = "The last lines of the log"
        let lines = [
            "\u{1B}[32mcompiling\u{1B}[0m cats", "10%\r50%\r100%", "\tline 7: no <semicolon> && `what`", "", "failed",
        ]
        return [
            ("detail-log", .detail(title: title, lines: lines)),
            ("detail-long-log", .detail(title: title, lines: (1...500).map { "\($0): \(subject)" })),
        ]
    }
}
