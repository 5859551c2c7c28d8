import Deploys
import Foundation
import JSON
import XCTest

@testable import Slack

final class MessageBlocksTests: XCTestCase {
    private let start = Date(timeIntervalSince1970: 1_780_000_000)

    private func report(
        _ phase: Phase, kind: Deploys.Operation.Kind = .deploy, app: String = "cats",
        subject: String = "Add whiskers", state: Deploys.Operation.State = .running, warnings: Int = 0
    ) -> Report {
        let commit = Commit(
            id: CommitID(String(repeating: "ab12", count: 10))!, subject: subject, author: "Ada",
            url: "https://github.com/iterate/cats/commit/x")
        let operation = Deploys.Operation(
            id: OperationID(7), kind: kind, app: AppID(organisation: "iterate", name: app), environment: .test,
            revision: Revision("main"), trigger: .command(Person(id: "U1", name: "ada")), channel: "#iterapp-logs",
            state: state, commit: commit, buildNumber: 3, releaseNumber: 2, createdAt: start, startedAt: start,
            finishedAt: state == .running ? nil : start.addingTimeInterval(75))
        return Report(operation: operation, appLabel: app, phase: phase, warnings: warnings)
    }

    private func words(_ draft: NoticeDraft) -> String {
        MessageBlocks(draft).blocks.map { block in
            ([block.at("text", "text")] + (block["elements"]?.array ?? []).map { $0["text"] })
                .compactMap { $0?.string ?? $0?["text"]?.string }.joined(separator: " | ")
        }.joined(separator: "\n")
    }

    private var facts: String {
        "`main`  ·  <https://github.com/iterate/cats/commit/x|ab12ab1> Add whiskers  ·  build 3"
    }

    private let started = "<!date^1780000000^started {ago}|started 2026-05-28 20:26 UTC>"

    func testNewsOfCertificates() {
        let trouble = CertificateTrouble(
            .failing, hosts: ["cats.cool"], sentence: "The certificate of cats.cool could not be renewed.")
        let release = "<https://github.com/iterate/cats/commit/x|ab12ab1> Add whiskers  ·  release #2"
        XCTAssertEqual(
            words(.announcement(report(.certificateTrouble(trouble), state: .succeeded))),
            "🔓 *cats on test: a certificate could not be issued*\n\(trouble.sentence)\n\(release)")
        XCTAssertEqual(
            words(.announcement(report(.certificateRecovered(hosts: ["cats.cool"]), state: .succeeded))),
            "🔒 *cats on test: its certificate is in order again*\ncats.cool\n\(release)")
    }

    func testALiveMessageAtEachPhase() {
        let site = Site(url: "https://cats.test.iterate.no/")
        let waiting = Site(url: "https://cats.cool/", waitingFor: "Waiting for cats.cool to point to 35.195.169.101")
        let cases: [(Phase, String)] = [
            (.queued(ahead: 0), "⏳ *Deploying cats to test*\nQueued"),
            (.queued(ahead: 1), "⏳ *Deploying cats to test*\nQueued behind 1 other operation"),
            (.building([ApplingBuild(name: "", state: .building)]), "🔨 *Deploying cats to test*\nBuilding the image"),
            (
                .building([ApplingBuild(name: "api", state: .done), ApplingBuild(name: "web", state: .building)]),
                "🔨 *Deploying cats to test*\n▰▰▰▰▰▱▱▱▱▱  Built 1/2 applings\n✓ `api`\n▸ `web`"
            ),
            (
                .building([ApplingBuild(name: "", state: .done, unchangedSince: 12)]),
                "🔨 *Deploying cats to test*\nThe image is unchanged since build 12"
            ),
            (
                .building([
                    ApplingBuild(name: "api", state: .done, unchangedSince: 12), ApplingBuild(name: "web", state: .waiting),
                ]),
                "🔨 *Deploying cats to test*\n▰▰▰▰▰▱▱▱▱▱  Built 1/2 applings\n✓ `api` unchanged since build 12\n· `web` waits"
            ),
            (.rollingOut(ready: 1, wanted: 2), "🚀 *Deploying cats to test*\n▰▰▰▰▰▱▱▱▱▱  1/2 pods ready"),
            (
                .rollingOut(ready: 0, wanted: 1, holdUp: "No machine has room."),
                "🚀 *Deploying cats to test*\n▱▱▱▱▱▱▱▱▱▱  0/1 pod ready\nNo machine has room."
            ),
            (
                .interrupted,
                "⏸️ *Deploying cats to test*\nInterrupted: the service restarts, or the cluster does not answer. It "
                    + "goes on by itself."
            ),
            (
                .puttingBack(release: 4, ready: 0, wanted: 0),
                "↩️ *Deploying cats to test*\nThe new version failed; putting release #4 back"
            ),
            (
                .puttingBack(release: 4, ready: 1, wanted: 2),
                "↩️ *Deploying cats to test*\nThe new version failed; putting release #4 back\n"
                    + "▰▰▰▰▰▱▱▱▱▱  1/2 pods ready"
            ),
            (
                .waitingForSites([site, waiting]),
                "🌐 *Deploying cats to test*\n<https://cats.test.iterate.no/|cats.test.iterate.no>\n"
                    + "<https://cats.cool/|cats.cool>: Waiting for cats.cool to point to 35.195.169.101"
            ),
        ]
        for (phase, expected) in cases {
            XCTAssertEqual(words(.live(report(phase))), "\(expected)\n\(facts)  ·  by <@U1>  ·  \(started)")
        }
    }

    func testARepairSaysWhatWasDifferentAndNothingThatIsNotKnown() {
        let operation = Deploys.Operation(
            id: OperationID(8), kind: .repair, app: AppID(organisation: "iterate", name: "cats"), environment: .prod,
            revision: nil, trigger: .watch, channel: "#iterapp-logs", state: .succeeded, createdAt: start,
            startedAt: start, finishedAt: start.addingTimeInterval(2))
        let changes = ["The image of cats was changed with kubectl-edit.", "The Service cats was deleted."]
        XCTAssertEqual(
            words(.live(Report(operation: operation, appLabel: "cats", phase: .repaired(changes)))),
            "🔧 *cats on 🟧 PROD was changed, and put right*\n• The image of cats was changed with kubectl-edit.\n"
                + "• The Service cats was deleted.\nnoticed by Iterapp  ·  took 2 s")
        let failure = Failure(.rollOut, "Somebody changed what runs, and it can't be put right: forbidden.")
        XCTAssertEqual(
            words(.live(Report(operation: operation, appLabel: "cats", phase: .failed(failure)))),
            "❌ *Putting cats on 🟧 PROD right failed*\nSomebody changed what runs, and it can't be put right: forbidden.\n"
                + "noticed by Iterapp  ·  took 2 s")
    }

    func testTheEndIsAnnouncedWithItsURL() {
        let live = report(.live([Site(url: "https://cats.test.iterate.no/")]), state: .succeeded)
        XCTAssertEqual(
            words(.live(live)),
            "✅ *cats is live on test*\n<https://cats.test.iterate.no/|cats.test.iterate.no>\n"
                + "\(facts)  ·  release #2  ·  by <@U1>  ·  took 1 min 15 s\nOpen site")
        XCTAssertEqual(
            MessageBlocks(.announcement(live)).text,
            "✅ cats is live on test: <https://cats.test.iterate.no/|cats.test.iterate.no>")
    }

    func testWarningsAreCountedWhereTheyAreSeenAndNotInTheAnnouncement() {
        for (count, text) in [(1, "1 warning in the thread"), (2, "2 warnings in the thread")] {
            let live = report(.live([]), state: .succeeded, warnings: count)
            XCTAssertTrue(words(.live(live)).hasSuffix("  ·  took 1 min 15 s  ·  \(text)"), words(.live(live)))
            XCTAssertFalse(words(.announcement(live)).contains("warning"))
        }
    }

    func testAFailureSaysWhatHappenedAndWhatToDo() {
        let failure = Failure(.build, "Step `RUN make` ended with exit code 2.", advice: "Correct it & push again.")
        XCTAssertEqual(
            words(.live(report(.failed(failure), state: .failed))),
            "❌ *Building cats for test failed*\nStep `RUN make` ended with exit code 2.\n"
                + "→ Correct it &amp; push again.\n\(facts)  ·  by <@U1>  ·  took 1 min 15 s")
    }

    func testEachStepIsAControlOfItsOwn() throws {
        var live = report(.live([Site(url: "https://cats.test.iterate.no/")]), state: .succeeded)
        live.steps = [.deploy(to: .prod), .rollBack(to: 1)]
        live.logURL = "https://iterapp.iterate.no/operations/7"
        let buttons = try XCTUnwrap(MessageBlocks(.live(live)).blocks.last?["elements"]?.array)
        XCTAssertEqual(
            buttons.map { $0["action_id"]?.string.flatMap(Control.init) },
            [.step(.deploy(to: .prod), OperationID(7)), .step(.rollBack(to: 1), OperationID(7)), .link("log"), .link("site")])
        XCTAssertEqual(buttons.map { $0["value"] }, buttons.map { $0["action_id"] })
        XCTAssertEqual(buttons.map { $0["style"]?.string }, ["primary", nil, nil, nil])
    }

    func testWhatIsNoAddressHasNoButton() {
        var live = report(.live([Site(url: "javascript:alert(1)")]), state: .succeeded)
        for url in ["", "ftp://x", "https://a b", "https://a\u{0}b", "https://" + String(repeating: "a", count: 3_000)] {
            live.logURL = url
            XCTAssertNotEqual(MessageBlocks(.live(live)).blocks.last?["type"], "actions", url)
        }
    }

    func testNobodysWordsCanFormatOrForgeAnything() {
        let hostile = "<!channel> *bold* `code` <http://evil|click> \u{202E}txet & more\nsecond line"
        let text = words(.live(report(.preparing, subject: hostile)))
        XCTAssertFalse(text.contains("<!channel>"))
        XCTAssertFalse(text.contains("<http://evil"))
        XCTAssertFalse(text.contains("\u{202E}"))
        XCTAssertFalse(text.contains("*bold*"))
        XCTAssertTrue(text.contains("&lt;!channel&gt;"))
    }

    func testALogKeepsItsEndAndCannotLeaveItsBlock() {
        let lines = (1...500).map { "line \($0) ``` <b>" }
        let text = words(.detail(title: "The last lines of the log", lines: lines))
        XCTAssertTrue(text.hasSuffix("line 500 ''' &lt;b&gt;\n```"))
        XCTAssertTrue(text.contains("of 500 lines)"))
        XCTAssertLessThanOrEqual(text.count, 3_000)
    }

    /// What people see as one character can be thousands of scalars.
    func testCombiningMarksCannotMakeAMessageTooLong() {
        let tower = "e" + String(repeating: "\u{301}", count: 50_000)
        let family = String(repeating: "👨‍👩‍👧‍👦", count: 5_000)
        for hostile in [tower, family] {
            let drafts = [
                NoticeDraft.live(report(.preparing, app: hostile, subject: hostile)),
                .live(report(.failed(Failure(.build, hostile, advice: hostile)))),
                .detail(title: hostile, lines: [hostile, hostile]),
            ]
            for draft in drafts {
                let message = MessageBlocks(draft)
                XCTAssertLessThanOrEqual(message.text.utf16.count, 3_000)
                for block in message.blocks {
                    for text in [block["text"]] + (block["elements"]?.array ?? []) {
                        XCTAssertLessThanOrEqual(text?["text"]?.string?.utf16.count ?? 0, 3_000)
                    }
                }
                XCTAssertLessThanOrEqual(message.words.utf16.count, 1_500)
            }
        }
    }

    func testTheAdviceIsReadHoweverLongTheCause() {
        let failure = Failure(.rollOut, String(repeating: "It crashes. ", count: 1_000), advice: "Read its log.")
        XCTAssertTrue(words(.live(report(.failed(failure)))).contains("→ Read its log."))
    }

    func testTheWorstCaseStaysWithinSlacksLimits() {
        let long = String(repeating: "<&`*_ Ω", count: 4_000)
        let sites = (0..<60).map { Site(url: "https://\($0).\(String(repeating: "a", count: 200)).no/", waitingFor: long) }
        let builds = (0..<100).map { ApplingBuild(name: "appling-\($0)", state: .failed) }
        let phases: [Phase] = [
            .live(sites), .waitingForSites(sites), .building(builds), .failed(Failure(.build, long, advice: long)),
            .superseded(by: nil), .registered(defaultBranch: String(long.prefix(250))),
        ]
        for phase in phases {
            for draft in [NoticeDraft.live(report(phase, subject: long)), .announcement(report(phase, subject: long))] {
                let message = MessageBlocks(draft)
                XCTAssertLessThanOrEqual(message.text.count, 4_000)
                XCTAssertLessThanOrEqual(message.blocks.count, 50)
                for block in message.blocks {
                    for text in ([block["text"]] + (block["elements"]?.array ?? []).map { $0 }).compactMap({ $0?["text"]?.string }) {
                        XCTAssertLessThanOrEqual(text.unicodeScalars.count, 3_000, "\(phase)")
                        XCTAssertFalse(text.isEmpty)
                    }
                }
            }
        }
    }
}
