import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Buttons, menus, modals and Home tabs, pressed and filled in by hand.
final class PageControlTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private func withStage(_ body: (PageStage, Browser) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPageStage(Self.browser, body)
    }

    private static func text(_ words: String) -> JSON { ["type": "plain_text", "text": .string(words)] }
    private static func button(_ label: String, _ more: JSON = [:]) -> JSON {
        var button: JSON = [
            "type": "button", "action_id": .string(label), "value": .string("\(label) it"), "text": text(label),
        ]
        for (key, value) in more.object ?? [:] { button[key] = value }
        return button
    }
    private static func actions(_ elements: JSON...) -> JSON { ["type": "actions", "elements": .array(elements)] }

    func testAButtonRestsUntilTheBotHasAnswered() async throws {
        try await withStage { stage, browser in
            let ts = try await stage.post("retry?", [Self.actions(Self.button("retry", ["style": "primary"]))])
            try await stage.open()
            stage.bot.hold()
            try await browser.click("[data-action=retry]")
            let told = try await stage.bot.wait(for: "block_actions")
            XCTAssertEqual(told[0].at("actions")?.array?.first?["value"], "retry it")
            XCTAssertEqual(told[0].at("container", "message_ts")?.string, ts)
            XCTAssertEqual(told[0].at("user", "id")?.string, Workspace.memberID)
            let rests = "document.querySelector('[data-action=retry]').matches('[aria-disabled=true][aria-busy=true]')"
            let isResting = try await stage.isTrue(rests)
            XCTAssertTrue(isResting, "nobody sees that it was pressed")
            try await browser.click("[data-action=retry]")
            // Also the button that takes its place.
            _ = try await stage.workspace.edit(
                ts, text: "retry!",
                blocks: [["type": "section", "text": Self.text("At once!")], Self.actions(Self.button("retry"))])
            try await stage.waitForMessage("At once!")
            let stillRests = try await stage.isTrue(rests)
            XCTAssertTrue(stillRests, "the button of the edited message looks as if it had not been pressed")
            stage.bot.letGo()
            try await browser.wait("the button to be free", until: "!\(rests)")
            XCTAssertEqual(stage.bot.requests("block_actions").count, 1)
        }
    }

    func testAConfirmationIsAskedFor() async throws {
        try await withStage { stage, browser in
            let confirm: JSON = [
                "title": Self.text("Roll back?"), "text": ["type": "mrkdwn", "text": "To *#11*"],
                "confirm": Self.text("Do it"), "deny": Self.text("Keep it"), "style": "danger",
            ]
            try await stage.post("live", [Self.actions(Self.button("roll", ["confirm": confirm, "style": "danger"]))])
            try await stage.open()
            for no in ["button.plain", "escape"] {
                try await browser.click("[data-action=roll]")
                try await browser.wait("the question", until: "document.querySelector('#confirm').open")
                let question = try await browser.text("#confirm")
                XCTAssertTrue(question.contains("Roll back?") && question.contains("To #11"), question)
                if no == "escape" {
                    try await stage.key(PageStage.escape)
                } else {
                    try await browser.click("#confirm \(no)")
                }
                try await browser.wait("the question to go", until: "!document.querySelector('#confirm').open")
            }
            XCTAssertEqual(stage.bot.requests("block_actions"), [])
            try await browser.click("[data-action=roll]")
            try await browser.click("#confirm button.danger")
            _ = try await stage.bot.wait(for: "block_actions")
        }
    }

    func testMenusAndSelectsTellWhatWasChosen() async throws {
        try await withStage { stage, browser in
            let options: JSON = [
                ["text": Self.text("One"), "value": "1"], ["text": Self.text("Two"), "value": "2"],
            ]
            try await stage.post("menus", [
                Self.actions(
                    ["type": "overflow", "action_id": "more", "options": options],
                    ["type": "static_select", "action_id": "pick", "options": options]),
            ])
            try await stage.open()
            try await browser.click("[data-action=more]")
            let focused = try await browser.value("document.activeElement.textContent")
            XCTAssertEqual(focused, "One")
            try await stage.key(PageStage.escape)
            let isBack = try await stage.isTrue(
                "document.querySelector('.menu').hidden && document.activeElement.dataset.action === 'more'")
            XCTAssertTrue(isBack, "Escape leads back to where the menu was opened")
            try await browser.click("[data-action=more]")
            try await stage.key(PageStage.down)
            try await stage.key(Browser.enter)
            let chosen = try await stage.bot.wait(for: "block_actions")[0].at("actions")?.array?.first
            XCTAssertEqual(chosen?["type"], "overflow")
            XCTAssertEqual(chosen?.at("selected_option", "value"), "2")

            try await browser.type("T", into: "select[data-action=pick]")
            let picked = try await stage.bot.wait(for: "block_actions", count: 2)[1].at("actions")?.array?.first
            XCTAssertEqual(picked?.at("selected_option", "value"), "2")
        }
    }

    // MARK: Modals

    private static let modal: JSON = [
        "type": "modal", "callback_id": "deploy", "title": text("Deploy to prod"), "submit": text("Deploy"),
        "notify_on_close": true,
        "blocks": [
            [
                "type": "input", "block_id": "why", "label": text("Why?"), "hint": text("For the log."),
                "element": ["type": "plain_text_input", "action_id": "why"],
            ],
            [
                "type": "input", "block_id": "how", "optional": true, "label": text("How?"),
                "element": [
                    "type": "checkboxes", "action_id": "how",
                    "options": [["text": text("Slowly"), "value": "slow"], ["text": text("Quietly"), "value": "quiet"]],
                ],
            ],
            actions(button("next")),
        ],
    ]

    private func openModal(_ stage: PageStage, _ browser: Browser) async throws {
        stage.bot.react(to: "block_actions") { bot, payload in
            let method = payload["view"] == nil ? "views.open" : "views.push"
            var view = Self.modal
            if method == "views.push" { view["title"] = Self.text("Sure?") }
            try await bot.call(method, ["trigger_id": payload["trigger_id"] ?? "", "view": view])
            return [:]
        }
        try await stage.post("built", [Self.actions(Self.button("deploy"))])
        try await stage.open()
        try await browser.click("[data-action=deploy]")
        try await browser.wait("the modal", until: "document.querySelector('#modal').open")
    }

    func testAModalIsFilledInCorrectedAndSent() async throws {
        try await withStage { stage, browser in
            stage.bot.react(to: "view_submission") { bot, payload in
                let why = payload.at("view", "state", "values", "why", "why", "value")?.string ?? ""
                return why.count < 5 ? ["response_action": "errors", "errors": ["why": "Say more, please."]] : [:]
            }
            try await openModal(stage, browser)
            let field = "#modal-body input[type=text]"
            let isFocused = try await stage.isTrue("document.activeElement === document.querySelector('\(field)')")
            XCTAssertTrue(isFocused, "the first field has the focus")

            try await browser.click("#modal-submit")
            let missing = try await browser.text(".problem")
            XCTAssertEqual(missing, "Please complete this required field.")
            XCTAssertEqual(stage.bot.requests("view_submission"), [], "Slack asks before the bot does")

            try await browser.type("so", into: field)
            try await browser.click("#modal-submit")
            try await browser.wait(
                "the bot's objection", until: "document.querySelector('.problem').innerText === 'Say more, please.'")
            let described = try await stage.isTrue(
                "document.querySelector('\(field)').matches('[aria-invalid=true]') && document.getElementById("
                    + "document.querySelector('\(field)').getAttribute('aria-describedby').split(' ')[0]).innerText"
                    + " === 'Say more, please.'")
            XCTAssertTrue(described, "a screen reader says what is wrong")

            try await browser.type(" that I may go", into: field)
            try await browser.click(".options label:last-child")
            // Enter in a field sends the modal off, too.
            try await stage.key(Browser.enter)
            try await browser.wait("the modal to close", until: "!document.querySelector('#modal').open")
            let values = stage.bot.requests("view_submission").last?.at("view", "state", "values")
            XCTAssertEqual(values?.at("why", "why", "value"), "so that I may go")
            XCTAssertEqual(values?.at("how", "how", "selected_options")?.array?.map { $0["value"] }, ["quiet"])
        }
    }

    func testModalsLieOnOneAnotherAndKeepWhatWasTyped() async throws {
        try await withStage { stage, browser in
            try await openModal(stage, browser)
            try await browser.type("because", into: "#modal-body input[type=text]")
            let open = await stage.workspace.modal(of: Workspace.memberID)
            let view = try XCTUnwrap(open)
            var body = Self.modal
            body["submit"] = Self.text("Go")
            _ = try await stage.workspace.updateView(view.id, hash: nil, body)
            try await browser.wait("the change", until: "document.querySelector('#modal-submit').innerText === 'Go'")
            let typed = try await browser.value("document.querySelector('#modal-body input[type=text]').value")
            XCTAssertEqual(typed, "because", "a change of the modal keeps what was typed")

            try await browser.click("[data-action=next]")
            try await browser.wait(
                "the modal above", until: "document.querySelector('#modal-title').innerText === 'Sure?'")
            // All the way around: the focus stays inside.
            for _ in 0..<8 {
                try await stage.key(PageStage.tab)
                let isInside = try await stage.isTrue(
                    "document.activeElement === document.body || document.activeElement.closest('#modal')")
                XCTAssertTrue(isInside)
            }
            try await stage.key(PageStage.escape)
            try await browser.wait(
                "the modal below", until: "document.querySelector('#modal-title').innerText === 'Deploy to prod'")
            try await browser.click("#modal-close")
            try await browser.wait("the modal to close", until: "!document.querySelector('#modal').open")
            try await browser.type("thanks", into: "#line")
            let line = try await browser.value("document.querySelector('#line').value")
            XCTAssertEqual(line, "thanks", "people can go on writing")
            let closed = try await stage.bot.wait(for: "view_closed", count: 2)
            XCTAssertEqual(closed.map { $0["is_cleared"] }, [false, true])
        }
    }

    func testTheHomeTabIsEachMembersOwn() async throws {
        try await withStage { stage, browser in
            stage.bot.react(to: "app_home_opened") { bot, payload in
                guard payload.at("event", "tab") == "home" else { return [:] }
                let user = payload.at("event", "user")?.string ?? ""
                let hello: JSON = ["type": "section", "text": ["type": "mrkdwn", "text": .string("Hi <@\(user)>")]]
                try await bot.call("views.publish", [
                    "user_id": .string(user), "view": ["type": "home", "blocks": [hello, Self.actions(Self.button("deploy"))]],
                ])
                return [:]
            }
            try await stage.open()
            try await browser.click("[data-place='\(Workspace.directID(of: Workspace.memberID))']")
            _ = try await stage.bot.wait(for: "app_home_opened")
            try await browser.click("[data-tab=home]")
            try await browser.wait("my Home", until: "document.querySelector('#home').innerText.includes('Hi @you')")
            try await browser.click("#home [data-action=deploy]")
            let press = try await stage.bot.wait(for: "block_actions")[0]
            XCTAssertEqual(press.at("view", "type"), "home")

            try await browser.click("input[value='\(Workspace.annID)'] + .avatar")
            try await browser.wait("ann's Home", until: "document.querySelector('#home').innerText.includes('Hi @ann')")
        }
    }
}
