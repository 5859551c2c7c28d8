import JSON
import XCTest

@testable import Sandbox

/// `views.*`, over sockets.
final class SlackViewsTests: XCTestCase {
    private func modal(_ title: String = "Deploy", _ more: [String: JSON] = [:]) -> JSON {
        let base: [String: JSON] = [
            "type": "modal", "title": ["type": "plain_text", "text": .string(title)],
            "blocks": [["type": "section", "text": ["type": "mrkdwn", "text": "Really?"]]],
        ]
        return .object(base.merging(more) { $1 })
    }

    func testAModalIsOpenedOnceAndSoon() async throws {
        try await SlackHarness.with { slack in
            let trigger = await slack.workspace.newTrigger(for: Workspace.annID)
            let opened = try await slack.call("views.open", ["trigger_id": .string(trigger), "view": modal()])
            XCTAssertEqual(opened["ok"], true, opened.text)
            let top = await slack.workspace.modal(of: Workspace.annID)
            XCTAssertEqual(opened["view"]?["id"]?.string, top?.id)
            XCTAssertEqual(opened["view"]?["hash"]?.string, top?.hash)
            XCTAssertEqual(opened["view"]?["root_view_id"]?.string, top?.id)
            let arguments: JSON = ["trigger_id": .string(trigger), "view": modal()]
            try await slack.expect("views.open", arguments, "exchanged_trigger_id")
            let late = await slack.workspace.newTrigger(for: Workspace.annID)
            slack.clock.advance(3.5)
            try await slack.expect("views.open", ["trigger_id": .string(late), "view": modal()], "expired_trigger_id")
            try await slack.expect("views.open", ["trigger_id": "1.2.3", "view": modal()], "invalid_trigger_id")
            try await slack.expect("views.open", ["view": modal()], "invalid_arguments")
            let fresh = await slack.workspace.newTrigger(for: Workspace.annID)
            try await slack.expect("views.open", ["trigger_id": .string(fresh)], "invalid_arguments")
            // A form carries the view as JSON in a string.
            let answer = try await slack.call(
                "views.open", ["trigger_id": .string(fresh), "view": modal("Form")], as: .form)
            XCTAssertEqual(answer["view"]?["title"]?["text"], "Form", answer.text)
        }
    }

    func testAStackHasThreeAtMost() async throws {
        try await SlackHarness.with { slack in
            func trigger() async -> JSON { .string(await slack.workspace.newTrigger(for: Workspace.annID)) }
            try await slack.expect("views.push", ["trigger_id": await trigger(), "view": modal()], "not_found")
            let first = try await slack.call("views.open", ["trigger_id": await trigger(), "view": modal("1")])
            let second = try await slack.call("views.push", ["trigger_id": await trigger(), "view": modal("2")])
            XCTAssertEqual(second["view"]?["previous_view_id"], first["view"]?["id"])
            XCTAssertEqual(second["view"]?["root_view_id"], first["view"]?["id"])
            try await slack.call("views.push", ["trigger_id": await trigger(), "view": modal("3")])
            try await slack.expect(
                "views.push", ["trigger_id": await trigger(), "view": modal("4")], "push_limit_reached")
            await slack.workspace.closeModal(try XCTUnwrap(second["view"]?["id"]?.string))
            let top = await slack.workspace.modal(of: Workspace.annID)
            XCTAssertEqual(top?.body["title"]?["text"], "1", "closing one closes what lies on it")
        }
    }

    func testUpdatesNeedTheRightHash() async throws {
        try await SlackHarness.with { slack in
            let trigger = JSON.string(await slack.workspace.newTrigger(for: Workspace.annID))
            let opened = try await slack.call("views.open", [
                "trigger_id": trigger, "view": modal("1", ["external_id": "mine"]),
            ])
            let id = opened["view"]?["id"] ?? .null
            let hash = opened["view"]?["hash"] ?? .null
            let updated = try await slack.call("views.update", ["view_id": id, "hash": hash, "view": modal("2")])
            XCTAssertNotEqual(updated["view"]?["hash"], hash)
            try await slack.expect("views.update", ["view_id": id, "hash": hash, "view": modal("3")], "hash_conflict")
            try await slack.expect("views.update", ["view_id": id, "view": modal("4")], nil)
            try await slack.expect("views.update", ["view_id": "V0", "view": modal()], "not_found")
            try await slack.expect("views.update", ["external_id": "mine", "view": modal()], "not_found")
            try await slack.expect("views.update", ["view": modal()], "invalid_arguments")
            let top = await slack.workspace.modal(of: Workspace.annID)
            XCTAssertEqual(top?.body["title"]?["text"], "4")
            let other = JSON.string(await slack.workspace.newTrigger(for: Workspace.bobID))
            try await slack.call("views.update", ["view_id": id, "view": modal("5", ["external_id": "mine"])])
            try await slack.expect("views.open", [
                "trigger_id": other, "view": modal("6", ["external_id": "mine"]),
            ], "duplicate_external_id")
        }
    }

    func testHomeTabs() async throws {
        try await SlackHarness.with { slack in
            let home: JSON = ["type": "home", "blocks": [["type": "divider"]]]
            let user = JSON.string(Workspace.annID)
            let first = try await slack.call("views.publish", ["user_id": user, "view": home])
            let second = try await slack.call("views.publish", ["user_id": user, "view": home])
            XCTAssertEqual(first["view"]?["id"], second["view"]?["id"])
            try await slack.expect("views.publish", [
                "user_id": user, "view": home, "hash": first["view"]?["hash"] ?? .null,
            ], "hash_conflict")
            try await slack.expect("views.publish", [
                "user_id": user, "view": home, "hash": second["view"]?["hash"] ?? .null,
            ], nil)
            try await slack.expect("views.publish", ["user_id": user, "view": modal()], "invalid_arguments")
            try await slack.expect("views.publish", ["user_id": "U0NOBODY", "view": home], "invalid_arguments")
            try await slack.expect("views.publish", ["view": home], "invalid_arguments")
        }
    }

    func testWhatIsNoView() {
        let long = { (count: Int) in JSON.string(String(repeating: "x", count: count)) }
        let divider: JSON = ["type": "divider"]
        let many = { (count: Int) in JSON.array(Array(repeating: divider, count: count)) }
        let field: JSON = [
            "type": "input", "label": ["type": "plain_text", "text": "Name"],
            "element": ["type": "plain_text_input", "action_id": "a"],
        ]
        let submit: JSON = ["type": "plain_text", "text": "Go"]
        func problem(_ more: [String: JSON]) -> String? {
            do { _ = try ViewRules.modal(modal("x", more)) } catch {
                return error.members["errors"]?[0]?.string ?? error.code
            }
            return nil
        }
        XCTAssertNil(problem(["title": ["type": "plain_text", "text": long(24)], "callback_id": long(255)]))
        XCTAssertNil(problem(["private_metadata": long(3_000), "blocks": many(100)]))
        XCTAssertNil(problem(["blocks": [field], "submit": submit]))
        for (more, pointer) in [
            ("title", ["title": ["type": "plain_text", "text": long(25)]]), ("title", ["title": .null]),
            ("title", ["title": ["type": "mrkdwn", "text": "x"]]),
            ("submit", ["submit": ["type": "plain_text", "text": long(25)]]),
            ("close", ["close": ["type": "plain_text", "text": long(25)]]),
            ("callback_id", ["callback_id": long(256)]), ("private_metadata", ["private_metadata": long(3_001)]),
            ("private_metadata", ["private_metadata": ["a": 1]]), ("submit", ["blocks": [field]]),
            ("/view/blocks", ["blocks": many(101)]),
            ("/view/blocks/1/type", ["blocks": [divider, ["type": "sofa"]]]), ("size", ["size": "large"]),
            ("type", ["type": "home"]), ("missing required field: blocks", ["blocks": .null]),
            ("view_too_large", ["private_metadata": long(256_001)]),
        ] as [(String, [String: JSON])] {
            let said = problem(pointer)
            XCTAssertTrue(said?.contains(more) ?? false, "\(more): \(said ?? "taken")")
        }
        XCTAssertThrowsError(try ViewRules.home(["type": "home", "blocks": [], "title": submit]))
        XCTAssertThrowsError(try ViewRules.home(.string("home")))
        XCTAssertNoThrow(try ViewRules.home(["type": "home", "blocks": []]))
    }
}
