import HTTP
import JSON
import XCTest

@testable import Sandbox

/// The Events API, as a bot gets it.
final class SlackEventsTests: XCTestCase {
    func testAMentionAndADirectMessage() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let text = "<@\(Workspace.botID)> deploy cats"
            let (message, delivery) = try await caller.say(text, by: Workspace.annID, in: Workspace.generalID)
            XCTAssertEqual(delivery?.isDelivered, true)
            let sent = try XCTUnwrap(bot.last)
            XCTAssertTrue(sent.isSigned)
            XCTAssertEqual(sent.path, "/slack/events")
            let payload = sent.payload
            XCTAssertEqual(payload["type"], "event_callback")
            XCTAssertEqual(payload["event_id"]?.string, delivery?.eventID)
            XCTAssertEqual(payload["team_id"]?.string, Workspace.teamID)
            XCTAssertEqual(payload["api_app_id"]?.string, Workspace.appID)
            for (key, value) in [
                ("type", "app_mention"), ("text", text), ("user", Workspace.annID), ("channel", Workspace.generalID),
                ("ts", message.timestamp), ("event_ts", message.timestamp),
            ] { XCTAssertEqual(payload.at("event", key)?.string, value) }
            let direct = Workspace.directID(of: Workspace.bobID)
            _ = try await caller.say("deploy cats", by: Workspace.bobID, in: direct)
            XCTAssertEqual(bot.last?.payload.at("event", "type"), "message")
            XCTAssertEqual(bot.last?.payload.at("event", "channel_type"), "im")
            XCTAssertNil(bot.last?.payload.at("event", "bot_id"))
            let own = try await slack.workspace.post(user: Workspace.botID, in: direct, text: "Done")
            await caller.tellDirect(own)
            XCTAssertEqual(bot.last?.payload.at("event", "bot_id")?.string, Workspace.botProfileID)
            await caller.tellDirect(own, subtype: "message_changed")
            XCTAssertEqual(bot.last?.payload.at("event", "message", "text"), "Done")
        }
    }

    func testWhatTheBotDoesNotHear() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let mention = "<@\(Workspace.botID)> hello"
            _ = try await caller.say("lunch?", in: Workspace.generalID)
            _ = try await caller.say(mention, in: Workspace.randomID)
            _ = try await caller.rename(Workspace.privateID, to: "secret")
            slack.server.grant.scopes.remove("app_mentions:read")
            _ = try await caller.say(mention, in: Workspace.generalID)
            var picky = caller
            picky.subscriptions = ["message.im"]
            _ = try await picky.openHome()
            XCTAssertEqual(bot.all.count, 0)
            _ = try await picky.say("hello", in: Workspace.directID(of: Workspace.memberID))
            XCTAssertEqual(bot.all.count, 1)
        }
    }

    func testChannelsChange() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            func last() -> JSON { bot.last?.payload["event"] ?? .null }
            _ = try await caller.rename(Workspace.channelID, to: "deploys")
            XCTAssertEqual(last()["type"], "channel_rename")
            XCTAssertEqual(last().at("channel", "name"), "deploys")
            _ = try await caller.setArchived(Workspace.channelID, true)
            XCTAssertEqual(last()["type"], "channel_archive")
            XCTAssertEqual(last()["channel"]?.string, Workspace.channelID)
            _ = try await caller.setArchived(Workspace.channelID, false)
            XCTAssertEqual(last()["type"], "channel_unarchive")
            _ = try await caller.inviteBot(to: Workspace.channelID)
            XCTAssertEqual(last()["type"], "member_joined_channel")
            XCTAssertEqual(last()["user"]?.string, Workspace.botID)
            _ = try await caller.removeBot(from: Workspace.channelID)
            XCTAssertEqual(last()["type"], "channel_left")
            _ = try await caller.inviteBot(to: Workspace.privateID)
            _ = try await caller.setArchived(Workspace.privateID, true)
            XCTAssertEqual(last()["type"], "group_archive")
            _ = try await caller.openHome(by: Workspace.bobID)
            XCTAssertEqual(last()["type"], "app_home_opened")
            XCTAssertNil(last()["view"])
            let home = try await slack.workspace.publishHome(
                for: Workspace.bobID, hash: nil, ["type": "home", "blocks": []])
            _ = try await caller.openHome(by: Workspace.bobID)
            XCTAssertEqual(last().at("view", "hash")?.string, home.hash)
        }
    }

    func testAnEventIsToldAgainUntilItIsTaken() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            bot.answerNext([.text(500, "no"), .text(503, "no")])
            let delivery = await caller.tell(["type": "app_mention"])
            XCTAssertTrue(delivery.isDelivered)
            XCTAssertEqual(bot.all.map { $0.headers["X-Slack-Retry-Num"] }, [nil, "1", "2"])
            XCTAssertEqual(bot.all.map { $0.headers["X-Slack-Retry-Reason"] }, [nil, "http_error", "http_error"])
            XCTAssertEqual(Set(bot.all.map { $0.payload["event_id"] }), [.string(delivery.eventID)])

            bot.answerNext(Array(repeating: .text(500, "no"), count: 9))
            let given = await caller.tell(["type": "app_mention"])
            XCTAssertFalse(given.isDelivered)
            XCTAssertEqual(given.attempts.count, 4, "three times again, then Slack gives up")

            bot.answerNext([HTTPResponse(status: 500, headers: ["X-Slack-No-Retry": "1"])])
            let refused = await caller.tell(["type": "app_mention"])
            XCTAssertEqual(refused.attempts.count, 1)
            XCTAssertEqual(SlackCaller.realRetryDelays, [.zero, .seconds(60), .seconds(300)])
        }
    }

    func testAReasonIsGivenForEachRetry() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            var hasty = caller
            hasty.timeout = .milliseconds(200)
            bot.stayMute(for: 1)
            let delivery = await hasty.tell(["type": "app_mention"])
            XCTAssertTrue(delivery.isDelivered)
            XCTAssertEqual(bot.all.last?.headers["X-Slack-Retry-Reason"], "http_timeout")
            XCTAssertEqual(delivery.attempts.map(\.status), [0, 200])
            await bot.stop()
            let gone = await hasty.tell(["type": "app_mention"])
            XCTAssertEqual(gone.attempts.map(\.retryReason), Array(repeating: "connection_failed", count: 4))
        }
    }

    func testTheAppAndGroupsChange() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            func types() -> [String] { bot.all.compactMap { $0.payload.at("event", "type")?.string } }
            var cats = try await slack.workspace.groups()[0]
            cats.members = [Workspace.memberID, Workspace.bobID]
            try await caller.change(cats)
            XCTAssertEqual(types(), ["subteam_updated", "subteam_members_changed"])
            XCTAssertEqual(bot.last?.payload.at("event", "added_users"), [.string(Workspace.bobID)])
            XCTAssertEqual(bot.last?.payload.at("event", "removed_users"), [.string(Workspace.annID)])
            cats.name = "Dogs"
            try await caller.change(cats)
            XCTAssertEqual(types().last, "subteam_updated")
            XCTAssertEqual(bot.last?.payload.at("event", "subteam", "name"), "Dogs")
            await caller.revokeToken()
            XCTAssertEqual(types().last, "tokens_revoked")
            try await slack.expect("auth.test", [:], "token_revoked")
            await caller.uninstall()
            XCTAssertEqual(types().last, "app_uninstalled")
            try await slack.expect("auth.test", [:], "account_inactive")
        }
    }

    func testTheBotHearsItsOwnDirectMessages() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            let changes = await slack.workspace.changes()
            let echo = Task { await caller.echoDirectMessages(among: changes) }
            let direct = Workspace.directID(of: Workspace.annID)
            _ = try await slack.workspace.post(user: Workspace.annID, in: direct, text: "hello")
            _ = try await slack.workspace.post(user: Workspace.botID, text: "elsewhere")
            let own = try await slack.workspace.post(user: Workspace.botID, in: direct, text: "Done")
            let sent = await bot.next()
            XCTAssertEqual(sent.payload.at("event", "bot_id")?.string, Workspace.botProfileID)
            XCTAssertEqual(sent.payload.at("event", "ts")?.string, own.timestamp)
            _ = try await slack.workspace.edit(own.timestamp, in: direct, text: "Gone", blocks: [])
            let edited = await bot.next()
            XCTAssertEqual(edited.payload.at("event", "subtype"), "message_changed")
            XCTAssertEqual(edited.payload.at("event", "message", "text"), "Gone")
            echo.cancel()
            await echo.value
        }
    }

    func testChecks() async throws {
        try await SlackHarness.withBot { slack, bot, caller in
            bot.answerNext([.text(200, "abc")])
            let verified = await caller.verifyURL(challenge: "abc")
            XCTAssertEqual(verified.text, "abc")
            XCTAssertEqual(bot.last?.payload, ["token": "unused", "challenge": "abc", "type": "url_verification"])
            _ = await caller.tellRateLimit()
            XCTAssertEqual(bot.last?.payload["type"], "app_rate_limited")
            _ = await caller.sslCheck()
            XCTAssertEqual(bot.last?.field("ssl_check"), "1")
        }
    }
}
