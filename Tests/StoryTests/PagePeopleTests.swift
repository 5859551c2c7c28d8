import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Several people in several channels, in front of one page.
final class PagePeopleTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private func withStage(_ body: (PageStage, Browser) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPageStage(Self.browser, body)
    }

    private func actAs(_ member: String, _ browser: Browser) async throws {
        try await browser.click("input[value='\(member)'] + .avatar")
    }

    private static let section: JSON = ["type": "section", "text": ["type": "mrkdwn", "text": "Not you."]]
    private static let ask: JSON = [
        "type": "actions",
        "elements": [
            ["type": "button", "action_id": "ask", "value": "ann", "text": ["type": "plain_text", "text": "Ask ann"]]
        ],
    ]

    func testWhatIsWrittenGoesWhereItBelongs() async throws {
        try await withStage { stage, browser in
            stage.bot.react(to: "/iterapp") { _, _ in ["response_type": "ephemeral", "text": "Commands: deploy"] }
            try await stage.open()
            try await browser.type("@iterapp deploy cats test main & more @ann\(Browser.enter)", into: "#line")
            let mention = try await stage.bot.wait(for: "app_mention")[0]
            XCTAssertEqual(
                mention.at("event", "text")?.string, "<@U0ITERAPP1> deploy cats test main &amp; more <@U0ANN00001>")
            try await stage.waitForMessage("@iterapp deploy cats test main & more @ann")

            try await actAs(Workspace.annID, browser)
            try await browser.click("[data-place='\(Workspace.directID(of: Workspace.annID))']")
            try await browser.type("help\(Browser.enter)", into: "#line")
            let direct = try await stage.bot.wait(for: "message")[0]
            XCTAssertEqual(direct.at("event", "channel_type"), "im")
            XCTAssertEqual(direct.at("event", "user")?.string, Workspace.annID)

            try await browser.click("[data-place='\(Workspace.generalID)']")
            try await browser.type("/iterapp help\(Browser.enter)", into: "#line")
            let command = try await stage.bot.wait(for: "/iterapp")[0]
            XCTAssertEqual(command["user_id"]?.string, Workspace.annID)
            XCTAssertEqual(command["channel_name"], "general")
            try await browser.wait("the answer", until: "document.querySelectorAll('.private').length === 1")
            let answer = try await browser.text(".private")
            XCTAssertTrue(answer.contains("Commands: deploy"), answer)

            try await browser.type("/deploy cats\(Browser.enter)", into: "#line")
            try await browser.wait("Slack's answer", until: "document.querySelectorAll('.private').length === 2")
            let slackbot = try await browser.value("[...document.querySelectorAll('.private')].pop().innerText")
            XCTAssertTrue(slackbot.string?.contains("Slackbot") == true, slackbot.text)
            // U+E013 is the arrow up.
            try await browser.type("\u{E013}\u{E013}", into: "#line")
            let recalled = try await browser.value("document.querySelector('#line').value")
            XCTAssertEqual(recalled, "/iterapp help")
        }
    }

    func testNewsElsewhereAreMarkedForThoseTheyConcern() async throws {
        try await withStage { stage, browser in
            try await stage.post("old", in: Workspace.generalID)
            try await stage.open()
            let unread = "[...document.querySelectorAll('.place.unread')].map(node => node.dataset.place)"
            let before = try await browser.value(unread)
            XCTAssertEqual(before, [])
            try await stage.post("lunch", user: Workspace.bobID, in: Workspace.generalID)
            try await stage.post("a hint for ann", in: Workspace.directID(of: Workspace.annID))
            try await browser.wait("the mark", until: "document.querySelector('.place.unread')")
            try await browser.value("window.mark = null")
            let mine = try await browser.value(unread)
            XCTAssertEqual(mine, [.string(Workspace.generalID)])
            try await browser.click("[data-place='\(Workspace.generalID)']")
            try await stage.waitForMessage("lunch")
            try await browser.click("[data-place='\(Workspace.channelID)']")
            let seen = try await browser.value(unread)
            XCTAssertEqual(seen, [], "what was looked at is not news")
            try await browser.click("[data-place='\(Workspace.generalID)']")
            let title = try await browser.value("document.title")
            XCTAssertEqual(title, "# general · Iterapp demo")

            try await actAs(Workspace.annID, browser)
            try await browser.wait("ann's mark", until: "document.querySelector('.badge')?.innerText === '1'")
            try await browser.click("[data-place='\(Workspace.directID(of: Workspace.annID))']")
            try await stage.waitForMessage("a hint for ann")
            let channels = try await browser.value(
                "[...document.querySelectorAll('#channels .place-name')].map(node => node.innerText)")
            XCTAssertEqual(channels, ["iterapp-logs", "general", "plans", "random"])
        }
    }

    func testAnswersForOnePersonComeChangeAndGo() async throws {
        try await withStage { stage, browser in
            stage.bot.react(to: "block_actions") { bot, payload in
                try await bot.respond(to: payload, ["replace_original": true, "text": "ann was asked."])
                return [:]
            }
            try await stage.open()
            await stage.workspace.whisper(
                to: Workspace.memberID, in: Workspace.channelID, text: "no", blocks: [Self.section, Self.ask])
            try await browser.wait("the answer", until: "document.querySelector('.private [data-action=ask]')")
            try await actAs(Workspace.bobID, browser)
            let isHidden = try await stage.isTrue("!document.querySelector('.private')")
            XCTAssertTrue(isHidden, "bob must not see it")
            try await actAs(Workspace.memberID, browser)
            try await browser.click(".private [data-action=ask]")
            try await browser.wait(
                "the change", until: "document.querySelector('.private').innerText.includes('ann was asked.')")
            let isEphemeral = try await stage.bot.wait(for: "block_actions")[0].at("container", "is_ephemeral")
            XCTAssertEqual(isEphemeral, true)

            stage.bot.react(to: "block_actions") { bot, payload in
                try await bot.respond(to: payload, ["delete_original": true])
                return [:]
            }
            await stage.workspace.whisper(
                to: Workspace.memberID, in: Workspace.channelID, text: "no", blocks: [Self.section, Self.ask])
            try await browser.wait("another one", until: "document.querySelectorAll('.private').length === 2")
            try await browser.click(".private [data-action=ask]")
            try await browser.wait("it to go", until: "document.querySelectorAll('.private').length === 1")
            try await browser.click(".dismiss")
            let isGone = try await stage.isTrue("!document.querySelector('.private')")
            XCTAssertTrue(isGone, "it was dismissed")
        }
    }

    func testMessagesStandInOrderAndVanish() async throws {
        try await withStage { stage, browser in
            let first = try await stage.post("first")
            let second = try await stage.post("second")
            try await stage.post("a reply", thread: second)
            try await stage.open()
            try await stage.post("third")
            _ = try await stage.workspace.edit(first, text: "*first* of all", blocks: [])
            try await browser.wait("the edit", until: PageStage.message("first of all (edited)"))
            let order = try await browser.value(
                "[...document.querySelectorAll('#messages .block')].map(node => node.innerText)")
            XCTAssertEqual(order, ["first of all (edited)", "second", "third"])
            _ = try await stage.workspace.edit(
                first, text: "first", blocks: [["type": "section", "text": ["type": "mrkdwn", "text": "in blocks"]]])
            try await browser.wait("the edit", until: PageStage.message("in blocks"))
            let isMarked = try await stage.isTrue("document.querySelector('.edited')")
            XCTAssertFalse(isMarked, "Slack marks edits of words only")

            try await stage.workspace.delete(first)
            try await stage.workspace.delete(second)
            try await browser.wait("a mark instead of it", until: PageStage.message("This message was deleted."))
            let left = try await browser.value("document.querySelectorAll('#messages article').length")
            XCTAssertEqual(left, 2)
            try await browser.click(".replies-link")
            let thread = try await browser.text("#replies")
            XCTAssertTrue(thread.contains("a reply"), thread)
            try await stage.key(PageStage.escape)
            let isClosed = try await stage.isTrue("document.querySelector('#thread').hidden")
            XCTAssertTrue(isClosed)
        }
    }

    func testAThreadIsReadAndAnswered() async throws {
        try await withStage { stage, browser in
            let root = try await stage.post("failed")
            let log = (1...30).map { "line \($0)\n" }.joined()
            let reply = try await stage.post("The log", thread: root, files: [try await stage.file("cats.log", log)])
            try await stage.open()
            try await browser.click(".replies-link")
            let preview = "document.querySelector('.preview').innerText"
            try await browser.wait("the preview", until: "\(preview).endsWith('line 8')")
            try await browser.click(".more")
            try await browser.wait("all of it", until: "\(preview).endsWith('line 30')")
            let saved = try await browser.value("document.querySelector('.file a').download")
            XCTAssertEqual(saved, "cats.log")
            try await browser.type("@iterapp retry\(Browser.enter)", into: "#reply")
            let mention = try await stage.bot.wait(for: "app_mention")[0]
            XCTAssertEqual(mention.at("event", "thread_ts")?.string, root)
            try await browser.wait("the reply", until: "document.querySelector('#replies').innerText.includes('retry')")
            let count = try await browser.text(".replies-link .count")
            XCTAssertEqual(count, "2 replies")
            _ = try await stage.workspace.edit(reply, text: "All of the log", blocks: [])
            try await browser.wait(
                "the edit", until: "document.querySelector('#replies').innerText.includes('All of the log')")
            try await browser.wait("the file again", until: "document.querySelector('.preview:not([hidden])')")
            let isExpanded = try await stage.isTrue("\(preview).endsWith('line 30')")
            XCTAssertTrue(isExpanded, "an edit leaves the file open")
            try await browser.type("/iterapp help\(Browser.enter)", into: "#reply")
            let refusal = "document.querySelector('#replies').innerText.includes(\"can't be used in threads\")"
            try await browser.wait("Slack's refusal", until: refusal)
            XCTAssertEqual(stage.bot.requests("/iterapp"), [])
        }
    }
}
