import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// Buttons, menus and forms, between a strict Slack and the routes, over sockets.
final class PressTalkTests: XCTestCase {
    private let failure = Phase.failed(Failure(.build, "It broke."))

    func testAPressActsOnceHoweverOftenAndByWhomeverAtOnce() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let operation = try await talk.bench.end(failure, offering: [.retry])
            let control = Control.step(.retry, operation)
            let place = try await talk.message([try XCTUnwrap(Buttons.button(control, "Retry"))])
            try await withThrowingTaskGroup(of: BotAnswer.self) { group in
                for member in [Workspace.memberID, Workspace.annID, Workspace.memberID, Workspace.bobID] {
                    group.addTask { try await talk.press(control, by: member, on: place) }
                }
                for try await answer in group {
                    XCTAssertEqual(answer.status, 200)
                    XCTAssertEqual(answer.text, "", "an answer here would replace the message")
                }
            }
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
            var told: [String] = []
            for member in [Workspace.memberID, Workspace.annID, Workspace.bobID] {
                told += await talk.whispers(to: member)
            }
            XCTAssertEqual(told.count, 4, "everybody reads what came of it")
        }
    }

    func testAMenusChoiceAndALink() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let operation = try await talk.bench.end(failure, offering: [.retry])
            let retry = Control.step(.retry, operation)
            let menu = try XCTUnwrap(Buttons.menu([("Status", .ask("status cats")), ("Retry", retry)]))
            let link = try XCTUnwrap(Buttons.link("log", "Open log", to: "https://example.com/"))
            let place = try await talk.message([menu, link])
            try await talk.caller.press(Press("menu", on: place, value: retry.value))
            try await talk.caller.press(Press(Control.link("log").actionID, on: place))
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 1, "\(read)")
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
        }
    }

    /// What goes to prod is shown and asked again; the window knows where it was opened.
    func testAStepToProdIsConfirmedInAWindow() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let operation = try await talk.bench.end(.live([]), as: .succeeded, offering: [.deploy(to: .prod)])
            let control = Control.step(.deploy(to: .prod), operation)
            try await talk.press(control, by: Workspace.annID)
            await talk.bench.routes.waitForAnswers()
            let opened = await talk.workspace.modal(of: Workspace.annID)
            let view = try XCTUnwrap(opened)
            XCTAssertEqual(view.callbackID, ViewName.confirm.rawValue)
            let before = try await talk.bench.queued()
            XCTAssertEqual(before, 0, "asked, not done")
            let note = [ViewField.note.rawValue: [ViewField.note.rawValue: "Friday's “fix”"]]
            let sent = try await talk.caller.submit(view.id, values: note, by: Workspace.annID)
            XCTAssertEqual(sent, .cleared)
            let read = await talk.whispers(to: Workspace.annID)
            XCTAssertEqual(read.count, 1, "told in the channel of the button")
            let made = try await talk.bench.journal.operation(OperationID(operation.number + 1))
            XCTAssertEqual(made?.environment, .prod)
            XCTAssertEqual(made?.note, "Friday's \"fix\"")
            let again = try await talk.caller.submit(view.id, by: Workspace.annID)
            XCTAssertEqual(again, .failed("The modal is closed."))
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
        }
    }

    /// Whoever presses in the Home tab reads the answer in a window, or else directly: there is no channel.
    func testTheHomeTabAsksAndAnswersInWindows() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            _ = try await talk.caller.openHome()
            await talk.bench.routes.waitForAnswers()
            try await talk.press(.ask("status cats"), on: .home)
            await talk.bench.routes.waitForAnswers()
            let answer = await talk.workspace.modal(of: Workspace.memberID)
            XCTAssertEqual(answer?.callbackID, ViewName.words.rawValue)
            XCTAssertTrue(answer?.body.text.contains("cats") ?? false)
            try await talk.caller.close(try XCTUnwrap(answer).id)

            try await talk.press(.deployForm("cats"), on: .home)
            await talk.bench.routes.waitForAnswers()
            let opened = await talk.workspace.modal(of: Workspace.memberID)
            let view = try XCTUnwrap(opened)
            XCTAssertEqual(view.callbackID, ViewName.deployForm.rawValue)
            let wrong = try await talk.caller.submit(view.id, values: Self.fields("test", "no such..branch"))
            XCTAssertEqual(
                wrong,
                .errors(["revision": "no such..branch can't be the name of a branch, a tag or a commit."]))
            let sent = try await talk.caller.submit(view.id, values: Self.fields("test", " main "))
            XCTAssertEqual(sent, .cleared)
            let told = try await talk.directMessages().map(\.text)
            XCTAssertEqual(told.count, 1)
            XCTAssertTrue(told[0].hasPrefix("Deploying `main` of `cats` to *test*."), told[0])
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
            let publications = talk.slack.calls.of("views.publish").count
            XCTAssertEqual(publications, 2, "it is drawn again after something was done there")
        }
    }

    static func fields(_ environment: String, _ revision: String) -> [String: [String: String]] {
        ["environment": ["environment": environment], "revision": ["revision": revision]]
    }

    /// Sentences that name people are formatted, and beneath a field nothing is.
    func testARefusalStaysWithWhatWasWritten() async throws {
        let sentences: [(String, beneath: String?)] = [
            ("Only *ops* may do that.", "Only ops may do that."), ("Ask <@\(Workspace.annID)>.", nil),
            ("Ask <!subteam^S1>.", nil), ("Usage: `deploy <app>`, 1 < 2", "Usage: deploy <app>, 1 < 2"),
        ]
        for (sentence, beneath) in sentences {
            try await SlackTalk.with(gate: RefusingGate(sentence: sentence)) { talk in
                try await talk.bench.register("cats")
                try await talk.press(.deployForm("cats"))
                await talk.bench.routes.waitForAnswers()
                let opened = await talk.workspace.modal(of: Workspace.memberID)
                let view = try XCTUnwrap(opened)
                let sent = try await talk.caller.submit(view.id, values: Self.fields("prod", "main"))
                switch sent {
                case .errors(let errors):
                    XCTAssertEqual(Array(errors.values), [beneath])
                case .pushed(let words):
                    XCTAssertNil(beneath)
                    XCTAssertTrue(words.body.text.contains(sentence), words.body.text)
                default: XCTFail("\(sent)")
                }
                let queued = try await talk.bench.queued()
                XCTAssertEqual(queued, 0)
            }
        }
    }

    func testAWindowThatSlackDoesNotOpenGivesASentence() async throws {
        try await SlackTalk.with { talk in
            for fault in [SlackFaults.Fault.refuse("expired_trigger_id"), .status(500), .hang] {
                talk.slack.faults.next(1, fault, of: "views.open")
                let start = ContinuousClock.now
                let answer = try await talk.press(.deployForm("cats"))
                XCTAssertLessThan(answer.took, .seconds(1))
                let read = await talk.whispers()
                XCTAssertEqual(read.last, RequestWords.noForm.text)
                XCTAssertLessThan(ContinuousClock.now - start, .seconds(4))
            }
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 3)
        }
    }

    func testButtonsOfEarlierVersionsAndUnknownOnes() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let old: JSON = [
                "type": "button", "action_id": "command", "value": "deploy cats test main",
                "text": ["type": "plain_text", "text": "Deploy"],
            ]
            let unknown: JSON = [
                "type": "button", "action_id": "step:teleport:1", "value": "step:teleport:1",
                "text": ["type": "plain_text", "text": "?"],
            ]
            let place = try await talk.message([old, unknown])
            try await talk.caller.press(Press("command", on: place))
            try await talk.caller.press(Press("step:teleport:1", on: place))
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 2)
            XCTAssertTrue(read.contains { $0.hasPrefix("Deploying `main`") }, "\(read)")
            XCTAssertTrue(read.contains { $0.contains("older version") }, "\(read)")
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
        }
    }

    /// A question is asked of the desk without a key that lets it act once: it must not change anything.
    func testAQuestionOnlyInforms() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let changing = [
                "deploy cats test main", " Deploy cats test main", "build cats main", "cancel cats", "approve cats prod",
                "register dogs", "deregister cats", "teleport cats",
            ]
            for command in changing {
                try await talk.press(.ask(command))
                let read = await talk.whispers()
                XCTAssertEqual(read.last, RequestWords.oldButton.text, command)
            }
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
            let informing = ["help", "help deploy", "apps", "status", "STATUS cats", "audit cats"]
            for command in informing {
                try await talk.press(.ask(command))
                let read = await talk.whispers()
                XCTAssertNotEqual(read.last, RequestWords.oldButton.text, command)
            }
            let read = await talk.whispers()
            XCTAssertEqual(read.count, changing.count + informing.count)
        }
    }

    /// A `response_url` takes five answers within half an hour; what comes later goes another way.
    func testAResponseURLThatIsUsedUpIsReplacedByAnother() async throws {
        try await SlackTalk.with { talk in
            let now = SlackBench.now
            let responses = talk.bench.routes.parts.answers.responses
            let url = talk.slack.url + "/nowhere"
            for use in 1...7 {
                let outcome = await responses.send(["text": "x"], to: url, since: now)
                XCTAssertEqual(outcome, .failed, "\(use)")
            }
            let old = await responses.send(["text": "x"], to: url + "2", since: now.addingTimeInterval(-1_800))
            XCTAssertEqual(old, .failed)
            XCTAssertEqual(talk.bench.log.all.count { $0.hasPrefix("a response_url answered") }, 5)
            let reply = Reply(
                person: Workspace.memberID,
                ways: [.responseURL(url, since: now), .ephemeral(channel: Workspace.channelID, thread: nil)])
            await talk.bench.routes.parts.answers.deliver(Answer(.information, "late"), to: reply)
            let read = await talk.whispers()
            XCTAssertEqual(read, ["late"])
        }
    }

    func testWindowsRememberWhereTheyCameFrom() {
        let places: [Place] = [.home, .direct(id: "D1"), .channel(id: "C1", name: "logs"), .channel(id: "C1", name: nil)]
        for place in places {
            var memory = WindowMemory(place: place, responseURL: "https://hooks.slack.com/x", since: SlackBench.now)
            memory.control = .deployForm("cats")
            XCTAssertEqual(WindowMemory(memory.text), memory)
        }
        let long = WindowMemory(
            place: .home, responseURL: String(repeating: "x", count: 4_000), since: SlackBench.now)
        XCTAssertNil(WindowMemory(long.text)?.responseURL)
        XCTAssertLessThanOrEqual(long.text.utf16.count, 3_000)
        for text in ["", "{}", "step:retry:1", "{\"place\":\"moon\",\"since\":1}", "{\"place\":\"direct\",\"since\":1}"] {
            XCTAssertNil(WindowMemory(text), text)
        }
    }
}

private struct RefusingGate: Gate {
    let sentence: String
    func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling { .refused(sentence) }
}
