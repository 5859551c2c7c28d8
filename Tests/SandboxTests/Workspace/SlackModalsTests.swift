import HTTP
import JSON
import XCTest

@testable import Sandbox

/// What people do with modals, and what the bot may answer.
final class SlackModalsTests: XCTestCase {
    private let modal: JSON = [
        "type": "modal", "title": ["type": "plain_text", "text": "Deploy"],
        "submit": ["type": "plain_text", "text": "Go"], "callback_id": "deploy", "private_metadata": "42",
        "notify_on_close": true,
        "blocks": [
            [
                "type": "input", "block_id": "name", "label": ["type": "plain_text", "text": "Name"],
                "element": ["type": "plain_text_input", "action_id": "typed"],
            ],
            [
                "type": "input", "block_id": "where", "optional": true,
                "label": ["type": "plain_text", "text": "Where"],
                "element": [
                    "type": "static_select", "action_id": "chosen", "options": BlockSamples.options(3),
                    "initial_option": BlockSamples.option(1),
                ],
            ],
        ],
    ]
    private let filled = ["name": ["typed": "cats"]]

    private func open(_ slack: SlackHarness) async throws -> ChatView {
        try await slack.workspace.openModal(for: Workspace.annID, modal)
    }

    func testASubmission() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let view = try await open(slack)
            let outcome = try await caller.submit(
                view.id, values: ["name": ["typed": "cats"], "where": ["chosen": "v2"]], by: Workspace.annID)
            XCTAssertEqual(outcome, .closed)
            let payload = try XCTUnwrap(bot.last?.payload)
            XCTAssertEqual(payload["type"], "view_submission")
            XCTAssertEqual(payload.at("user", "id")?.string, Workspace.annID)
            XCTAssertEqual(payload.at("view", "callback_id"), "deploy")
            XCTAssertEqual(payload.at("view", "private_metadata"), "42")
            XCTAssertEqual(
                payload.at("view", "state", "values", "name", "typed"), ["type": "plain_text_input", "value": "cats"])
            XCTAssertEqual(
                payload.at("view", "state", "values", "where", "chosen", "selected_option", "value"), "v2")
            let top = await slack.workspace.modal(of: Workspace.annID)
            XCTAssertNil(top)
            let again = try await caller.submit(view.id, values: filled, by: Workspace.annID)
            XCTAssertEqual(again, .failed("The modal is closed."))
        }
    }

    func testWhatIsRequiredIsAskedForBeforeTheBotIs() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let view = try await open(slack)
            let outcome = try await caller.submit(view.id, by: Workspace.annID)
            guard case .errors(let errors) = outcome else { return XCTFail("\(outcome)") }
            XCTAssertEqual(Array(errors.keys), ["name"])
            XCTAssertEqual(bot.all.count, 0)
        }
    }

    func testAnswersToASubmission() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let view = try await open(slack)
            func submit(_ answer: JSON) async throws -> Submission {
                bot.answerNext(answer)
                return try await caller.submit(view.id, values: filled, by: Workspace.annID)
            }
            let errors = try await submit(["response_action": "errors", "errors": ["name": "No such app"]])
            XCTAssertEqual(errors, .errors(["name": "No such app"]))
            for answer in [
                ["response_action": "errors", "errors": ["elsewhere": "?"]], ["response_action": "errors"],
                ["response_action": "explode"], ["text": "thanks"],
                ["response_action": "update", "view": ["type": "modal"]], ["response_action": "update"],
            ] as [JSON] {
                guard case .failed = try await submit(answer) else {
                    XCTFail(answer.text)
                    continue
                }
            }
            var other = modal
            other["title"] = ["type": "plain_text", "text": "Really?"]
            guard case .updated(let updated) = try await submit(["response_action": "update", "view": other]) else {
                return XCTFail("update")
            }
            XCTAssertEqual(updated.id, view.id)
            guard case .pushed(let pushed) = try await submit(["response_action": "push", "view": other]) else {
                return XCTFail("push")
            }
            XCTAssertEqual(pushed.previousID, view.id)
            let cleared = try await submit(["response_action": "clear"])
            XCTAssertEqual(cleared, .cleared)
            let top = await slack.workspace.modal(of: Workspace.annID)
            XCTAssertNil(top)
        }
    }

    func testClosing() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let view = try await open(slack)
            let answer = try await caller.close(view.id, by: Workspace.annID)
            XCTAssertNotNil(answer)
            XCTAssertEqual(bot.last?.payload["type"], "view_closed")
            XCTAssertEqual(bot.last?.payload["is_cleared"], false)
            var quiet = modal
            quiet["notify_on_close"] = false
            let other = try await slack.workspace.openModal(for: Workspace.annID, quiet)
            let nothing = try await caller.close(other.id, by: Workspace.annID)
            XCTAssertNil(nothing)
            XCTAssertEqual(bot.all.count, 1)
        }
    }

    func testAMenuInAModalTellsItsState() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let view = try await open(slack)
            try await caller.press(
                Press("chosen", on: .modal(viewID: view.id), value: "v0", by: Workspace.annID, state: filled))
            let payload = try XCTUnwrap(bot.last?.payload)
            XCTAssertEqual(payload["actions"]?[0]?.at("selected_option", "value"), "v0")
            XCTAssertEqual(payload.at("view", "state", "values", "name", "typed", "value"), "cats")
            XCTAssertEqual(payload.at("container", "view_id")?.string, view.id)
        }
    }
}
