import Deploys
import Foundation
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// A form that asks for a deploy to prod: shown, asked again, and done as it was shown.
final class FormTalkTests: XCTestCase {
    private static let commit = Commit(
        id: CommitID(String(repeating: "c0ffee12", count: 5))!, subject: "Let the \"cats\" <out> & in", author: "Kari",
        url: "https://github.com/iterate/cats/commit/c0ffee1")

    private static func fields(_ revision: String, note: String = "") -> [String: [String: String]] {
        var fields = PressTalkTests.fields("prod", revision)
        fields["note"] = ["note": note]
        return fields
    }

    private func open(_ talk: SlackTalk) async throws -> ChatView {
        try await talk.press(.deployForm("cats"))
        await talk.bench.routes.waitForAnswers()
        let view = await talk.workspace.modal(of: Workspace.memberID)
        return try XCTUnwrap(view)
    }

    private func updated(
        _ sent: Submission, file: StaticString = #filePath, line: UInt = #line
    ) throws -> ChatView {
        guard case .updated(let view) = sent else {
            XCTFail("\(sent)", file: file, line: line)
            throw TestFailure("no window to confirm")
        }
        return view
    }

    func testWhatIsConfirmedIsWhatWasShown() async throws {
        let source = OneCommit(Self.commit)
        try await SlackTalk.with(source: source) { talk in
            try await talk.bench.register("cats")
            let form = try await open(talk)
            let view = try updated(
                try await talk.caller.submit(form.id, values: Self.fields("main", note: "Friday's “fix”")))
            XCTAssertEqual(view.id, form.id, "it takes the form's place")
            XCTAssertEqual(view.callbackID, ViewName.confirm.rawValue)
            let shown = view.body["blocks"]?.text ?? ""
            for words in ["c0ffee1", "nothing is live there yet", "PROD"] {
                XCTAssertTrue(shown.contains(words), shown)
            }
            let note = view.blocks.last?.at("element", "initial_value")
            XCTAssertEqual(note, "Friday's \"fix\"", "nobody has to write it again")
            let before = try await talk.bench.queued()
            XCTAssertEqual(before, 0, "asked, not done")
            let nothing = await talk.whispers()
            XCTAssertEqual(nothing, [])

            let sent = try await talk.caller.submit(view.id)
            XCTAssertEqual(sent, .cleared)
            let read = await talk.whispers()
            XCTAssertEqual(read, ["Deploying `main` of `cats` to *prod*. Follow it in #iterapp-logs."])
            let made = try await talk.bench.journal.operation(OperationID(2))
            XCTAssertEqual(made?.environment, .prod)
            XCTAssertEqual(made?.commit, Self.commit)
            XCTAssertEqual(made?.revision?.text, "main")
            XCTAssertEqual(made?.note, "Friday's \"fix\"")
            XCTAssertEqual(source.asked.value, ["main"], "looked up once")
        }
    }

    /// Slack may deliver what was sent twice, and people press twice.
    func testTheSameFormSentTwiceIsOneDeploy() async throws {
        try await SlackTalk.with(source: OneCommit(Self.commit)) { talk in
            try await talk.bench.register("cats")
            let form = try await open(talk)
            let view = try updated(try await talk.caller.submit(form.id, values: Self.fields("main")))
            let payload: JSON = [
                "type": "view_submission", "trigger_id": "1", "team": ["id": .string(Workspace.teamID)],
                "user": ["id": .string(Workspace.memberID), "name": "you"], "view": view.json,
            ]
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let body = SlackTests.form(["payload": payload.text])
                        return try await talk.bench.post("/slack/interactions", body).text
                    }
                }
                for try await text in group { XCTAssertEqual(try JSON.parse(text)["response_action"], "clear") }
            }
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
        }
    }

    func testAMistakeStandsBeneathItsFieldAndCanBeMended() async throws {
        try await SlackTalk.with(source: OneCommit(Self.commit)) { talk in
            try await talk.bench.register("cats")
            let form = try await open(talk)
            let wrong = try await talk.caller.submit(form.id, values: Self.fields("mian"))
            XCTAssertEqual(
                wrong, .errors(["revision": "cats has no branch, tag or commit mian. Did you mean main?"]))
            let view = try updated(try await talk.caller.submit(form.id, values: Self.fields("main")))
            XCTAssertEqual(view.callbackID, ViewName.confirm.rawValue)
        }
    }

    func testASourceThatDoesNotAnswerIsSaidSo() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let form = try await open(talk)
            let view = try updated(try await talk.caller.submit(form.id, values: Self.fields("main")))
            let shown = view.body.text
            XCTAssertTrue(shown.contains("the newest commit of `main`, as it is when the deploy runs"), shown)
            let sent = try await talk.caller.submit(view.id)
            XCTAssertEqual(sent, .cleared)
            await talk.bench.routes.waitForAnswers()
            let made = try await talk.bench.journal.operation(OperationID(2))
            XCTAssertEqual(made?.revision?.text, "main")
            XCTAssertNil(made?.commit)
        }
    }

    /// Rights may be taken away while somebody looks at what would change: that stays in the window.
    func testARefusalOfTheConfirmationStaysInItsWindow() async throws {
        let gate = ClosingGate()
        try await SlackTalk.with(gate: gate, source: OneCommit(Self.commit)) { talk in
            try await talk.bench.register("cats")
            let form = try await open(talk)
            let view = try updated(try await talk.caller.submit(form.id, values: Self.fields("main")))
            gate.isClosed.change { $0 = true }
            for _ in 0..<2 {
                let refused = try await talk.caller.submit(view.id)
                XCTAssertEqual(refused, .errors(["note": "Not any more."]))
            }
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
            let lines = try await talk.bench.journal.audit(of: AppID(organisation: "iterate", name: "cats"), atMost: 9)
            XCTAssertEqual(lines.entries.count { $0.decision == .refused }, 2, "each sending is on record")
        }
    }

    /// The form is closed when Slack stops waiting: nothing can be shown, so nothing is done.
    func testWhatCannotBeShownInTimeIsNotDone() async throws {
        let source = OneCommit(Self.commit)
        source.mayAnswer.change { $0 = false }
        try await SlackTalk.with(change: { $0.patience = WaitLimit(.milliseconds(50)) }, source: source) { talk in
            try await talk.bench.register("cats")
            let form = try await open(talk)
            let sent = try await talk.caller.submit(form.id, values: Self.fields("main"))
            XCTAssertEqual(sent, .cleared)
            source.mayAnswer.change { $0 = true }
            let read = await talk.whispers()
            XCTAssertEqual(read, [RequestWords.slowForm.text])
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
        }
    }

    func testWindowsRememberWhatTheyShowed() {
        let long = String(repeating: "\u{1}\"", count: 2_000)
        let longest = Commit(id: Self.commit.id, subject: long, author: long, url: "https://x/" + long)
        for commit in [nil, Self.commit, longest] {
            var memory = WindowMemory(
                place: .channel(id: "C1", name: String(repeating: "l", count: 80)),
                responseURL: "https://hooks.slack.com/" + String(repeating: "x", count: 200), since: SlackBench.now)
            let wish = DeployWish(
                label: String(repeating: "o", count: 39) + "/" + String(repeating: "a", count: 100), environment: .prod,
                revision: Revision(String(repeating: "\"", count: 250))!, commit: commit)
            memory.wish = wish
            XCTAssertLessThanOrEqual(memory.text.utf16.count, 3_000)
            let read = WindowMemory(memory.text)?.wish
            XCTAssertEqual(read?.commit?.id, commit?.id)
            XCTAssertEqual(read?.label, wish.label)
            XCTAssertEqual(read?.revision, wish.revision)
            if commit?.subject != long { XCTAssertEqual(WindowMemory(memory.text), memory) }
        }
        var text = JSON.object(["place": "home", "since": 1])
        for broken: JSON in [
            [:], ["label": "cats", "environment": "prod"], ["label": "cats", "environment": "moon", "revision": "main"],
            ["label": "cats", "environment": "prod", "revision": "main", "commit": "abc"],
        ] {
            text["wish"] = broken
            XCTAssertNil(WindowMemory(text.text), broken.text)
        }
    }
}

/// Repositories whose `main` is one commit, and nothing else.
private final class OneCommit: SourceHost {
    let asked = Watched<[String]>([])
    let mayAnswer = Watched(true)
    private let commit: Commit

    init(_ commit: Commit) { self.commit = commit }

    func defaultBranch(of app: AppID) throws(SourceError) -> String { "main" }

    func resolve(_ revision: Revision, of app: AppID) async throws(SourceError) -> Commit {
        asked.change { $0.append(revision.text) }
        do { try await mayAnswer.wait(for: "the answer") { $0 } } catch { throw .cancelled }
        guard revision.text == "main" else { throw .noSuchRevision(nearest: "main") }
        return commit
    }

    func commits(
        from old: CommitID, to new: CommitID, of app: AppID, atMost maxCount: Int, within limit: Duration
    ) throws(SourceError) -> CommitRange { CommitRange(newest: [commit], count: 1) }

    func checkOut(_ commit: CommitID, of app: AppID) throws(SourceError) -> Checkout { throw .unreachable("no network") }
}

/// Lets everybody through until it is closed.
private final class ClosingGate: Gate {
    let isClosed = Watched(false)

    func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling {
        isClosed.value ? .refused("Not any more.") : .allowed(needsApproval: false)
    }
}
