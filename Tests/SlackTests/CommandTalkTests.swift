import Crypto
import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// Slash commands and messages to the bot, between a strict Slack and the routes, over sockets.
final class CommandTalkTests: XCTestCase {
    func testACommandIsAnsweredToItsSenderAlone() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let answer = try await talk.caller.command("/iterapp deploy cats test main", by: Workspace.annID)
            XCTAssertNil(answer.failure)
            let read = await talk.whispers(to: Workspace.annID)
            XCTAssertEqual(read.count, 1)
            XCTAssertTrue(read[0].hasPrefix("Deploying `main` of `cats` to *test*."), read[0])
            let others = await talk.whispers()
            XCTAssertEqual(others, [])
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
        }
    }

    /// Somebody who listened in may send a request again, as it was, until its signature is too old.
    func testAReplayedCommandActsOnce() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            for fields in [["trigger_id": "13345224609.738474920"], [:]] {
                let body = form(fields.merging([
                    "command": "/iterapp", "text": "deploy cats test main", "user_id": "U1", "team_id": Workspace.teamID,
                    "channel_id": Workspace.channelID, "channel_name": Workspace.channelName,
                ]) { old, _ in old })
                let before = try await talk.bench.queued()
                for secondsOff in [0, 0, -200] as [Int64] {
                    // Without a trigger id, only the very same request is known again.
                    if fields.isEmpty && secondsOff != 0 { continue }
                    let answer = try await talk.bench.post("/slack/commands", body, secondsOff: secondsOff)
                    XCTAssertEqual(answer.status, 200)
                }
                let after = try await talk.bench.queued()
                XCTAssertEqual(after, before + 1)
            }
        }
    }

    func testAMentionActsAndIsAnsweredInItsThreadToItsWriterAlone() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let root = try await talk.workspace.post(user: Workspace.bobID, text: "shall we?")
            let delivery = try await talk.mention(
                "deploy <http://cats|cats> test\u{A0}main.", by: Workspace.annID, thread: root.timestamp)
            XCTAssertTrue(delivery.isDelivered)
            _ = await talk.whispers()
            let read = await talk.workspace.whispers(to: Workspace.annID)
            XCTAssertEqual(read.map(\.threadTimestamp), [root.timestamp])
            XCTAssertTrue(read[0].text.hasPrefix("Deploying `main` of `cats` to *test*."), read[0].text)
            let operation = try await talk.bench.journal.operation(OperationID(2))
            XCTAssertEqual(operation?.trigger, .command(Person(id: Workspace.annID, name: Workspace.annID)))
            let posts = talk.slack.calls.of("chat.postMessage")
            XCTAssertEqual(posts.count, 0, "nobody else reads it")
        }
    }

    /// Slack delivers an event again when our answer was late or lost.
    func testAnEventThatIsDeliveredAgainActsAndIsAnsweredOnce() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            for text in ["deploy cats test main", "help"] {
                let event: JSON = [
                    "type": "app_mention", "user": .string(Workspace.memberID), "channel": .string(Workspace.channelID),
                    "text": .string("<@\(Workspace.botID)> \(text)"), "ts": "1.1", "event_ts": "1.1",
                ]
                let id = "Ev" + hex(randomBytes(4))
                async let first = talk.caller.tell(event, eventID: id)
                async let second = talk.caller.tell(event, eventID: id)
                let both = await [first, second]
                XCTAssertTrue(both.allSatisfy(\.isDelivered))
                _ = await talk.whispers()
                let third = await talk.caller.tell(event, eventID: id)
                XCTAssertTrue(third.isDelivered)
                // A restart forgets nothing.
                let parts = talk.bench.routes.parts
                let later = SlackRoutes(parts)
                let body = JSON.object([
                    "type": "event_callback", "team_id": .string(Workspace.teamID), "event_id": .string(id), "event": event,
                ]).text
                let fourth = await later.answer(talk.bench.signed("/slack/events", body))
                XCTAssertEqual(fourth?.status, 200)
                let read = await talk.whispers()
                XCTAssertEqual(read.count, text == "help" ? 2 : 1, "\(read)")
            }
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1)
            let repeated = talk.bench.routes.tally.all.first { $0.kind == .repeated }
            XCTAssertEqual(repeated?.count, 6)
        }
    }

    func testADirectMessageIsACommandToo() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let direct = Workspace.directID(of: Workspace.annID)
            try await talk.caller.say("help deploy", by: Workspace.annID, in: direct)
            try await talk.caller.say("deploy cats test main", by: Workspace.annID, in: direct)
            let read = try await talk.directMessages(to: Workspace.annID).map(\.text)
            XCTAssertEqual(read.count, 2)
            XCTAssertTrue(read.contains { $0.contains("/iterapp deploy") }, "\(read)")
            XCTAssertTrue(read.contains { $0.contains("#iterapp-logs") }, "\(read)")
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0, "things are done where others see them")
        }
        try await SlackTalk.with(commandChannels: [ChannelPolicy.direct]) { talk in
            try await talk.bench.register("cats")
            try await talk.caller.say("deploy cats test main", in: Workspace.directID(of: Workspace.memberID))
            let read = try await talk.directMessages().map(\.text)
            XCTAssertEqual(read.count, 1)
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1, "unless the operator allows it")
        }
    }

    func testBotsAndEditsAndJoinsAreNotSpokenTo() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let base: [String: JSON] = [
                "type": "message", "channel_type": "im", "channel": .string(Workspace.directID(of: Workspace.memberID)),
                "user": .string(Workspace.memberID), "text": "deploy cats test main", "ts": "1.1",
            ]
            let changes: [[String: JSON]] = [
                ["bot_id": "B1"], ["user": .string(Workspace.botID)], ["subtype": "message_changed"],
                ["subtype": "channel_join"], ["subtype": "bot_message"], ["edited": ["user": "U1", "ts": "2.1"]],
                ["channel_type": "channel"], ["channel_type": "mpim"], ["user": .null], ["hidden": true],
                ["type": "reaction_added"], ["type": "app_mention", "bot_id": "B1", "text": "<@U0ITERAPP1> help"],
            ]
            for change in changes {
                let delivery = await talk.caller.tell(.object(base.merging(change) { _, new in new }))
                XCTAssertTrue(delivery.isDelivered)
            }
            _ = await talk.whispers()
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
            XCTAssertEqual(talk.slack.calls.all.map(\.method), [])
            XCTAssertEqual(talk.bench.routes.tally.all.first { $0.kind == .ignored }?.count, changes.count)
        }
    }

    func testWhoSpeaksAboutTheBotIsLeftAlone() async throws {
        try await SlackTalk.with { talk in
            try await talk.caller.say("does <@\(Workspace.botID)> work?")
            try await talk.caller.say("please, <@\(Workspace.botID)> deploy cats prod main")
            let read = await talk.whispers()
            XCTAssertEqual(read, [RequestWords.misplaced.text])
        }
    }

    /// Somebody who is mentioned out of a channel that the bot has left in the meantime still gets an answer.
    func testAnAnswerThatCannotBeGivenThereIsGivenDirectly() async throws {
        try await SlackTalk.with { talk in
            talk.slack.faults.next(1, .refuse("not_in_channel"), of: "chat.postEphemeral")
            _ = try await talk.mention("help")
            let direct = try await talk.directMessages()
            XCTAssertEqual(direct.count, 1)
            talk.slack.faults.next(1, .status(429, retryAfterSeconds: 0), of: "chat.postEphemeral")
            talk.slack.faults.next(1, .badGateway, of: "chat.postEphemeral")
            _ = try await talk.mention("help")
            let read = await talk.whispers()
            XCTAssertGreaterThanOrEqual(read.count, 1)
        }
    }

    func testLongTextsGetASentence() async throws {
        try await SlackTalk.with { talk in
            let text = String(repeating: "ø<&", count: 7_000)
            let answer = try await talk.caller.command("/iterapp deploy \(text)")
            XCTAssertNil(answer.failure)
            _ = try await talk.mention("deploy \(text)")
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 2)
            for sentence in read { XCTAssertTrue(sentence.contains("too long for a command"), sentence) }
        }
    }

    func testTheHomeTabIsDrawnForWhoeverOpensIt() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let delivery = try await talk.caller.openHome(by: Workspace.annID)
            XCTAssertEqual(delivery?.isDelivered, true)
            await talk.bench.routes.waitForAnswers()
            let home = try await talk.workspace.home(of: Workspace.annID)
            XCTAssertTrue(try XCTUnwrap(home).body.text.contains("cats"))
            let messages = try await talk.caller.openHome(by: Workspace.bobID, tab: "messages")
            XCTAssertNotEqual(messages?.isDelivered, false)
            await talk.bench.routes.waitForAnswers()
            let none = try await talk.workspace.home(of: Workspace.bobID)
            XCTAssertNil(none)
        }
    }

    func testWhoOpensItTenTimesAtOnceCostsNoTenDrawings() async throws {
        try await SlackTalk.with { talk in
            let parts = talk.bench.routes.parts
            let home = HomeTab(info: parts.info, answers: parts.answers, log: .silent)
            let person = Person(id: Workspace.memberID, name: "you")
            talk.slack.faults.next(1, .delay(.milliseconds(200)), of: "views.publish")
            async let first: Void = home.draw(for: person)
            let deadline = ContinuousClock.now + .seconds(10)
            while !home.isDrawing(person), .now < deadline { await Task.yield() }
            for _ in 0..<9 { await home.draw(for: person) }
            await first
            XCTAssertEqual(talk.slack.calls.of("views.publish").count, 2)
        }
    }

    func testNewsOfTheWorkspaceIsHandedOn() async throws {
        let told = Watched<[WorkspaceNews]>([])
        try await SlackTalk.with(change: { $0.tell = { news in told.change { $0.append(news) } } }) { talk in
            try await talk.caller.rename(Workspace.generalID, to: "everybody")
            try await talk.caller.setArchived(Workspace.generalID, true)
            try await talk.caller.setArchived(Workspace.generalID, false)
            try await talk.caller.removeBot(from: Workspace.generalID)
            try await talk.caller.inviteBot(to: Workspace.generalID)
            try await talk.caller.inviteBot(to: Workspace.privateID)
            try await talk.caller.rename(Workspace.privateID, to: "secret-plans")
            let joined: JSON = [
                "type": "member_joined_channel", "user": .string(Workspace.annID), "channel": .string(Workspace.generalID),
            ]
            await talk.caller.tell(joined)
            await talk.caller.tell(["type": "tokens_revoked", "tokens": ["oauth": ["U1"]]])
            await talk.caller.tell(["type": "tokens_revoked", "tokens": ["bot": ["U0ITERAPP1"]]])
            await talk.caller.tell(["type": "app_uninstalled"])
            let (general, plans) = (Workspace.generalID, Workspace.privateID)
            XCTAssertEqual(told.value, [
                .renamed(channel: general, name: "everybody"), .archived(channel: general),
                .unarchived(channel: general), .left(channel: general), .joined(channel: general),
                .joined(channel: plans), .renamed(channel: plans, name: "secret-plans"), .tokenGone, .tokenGone,
            ])
        }
    }

    func testTheURLProvesItselfAndALimitIsNoted() async throws {
        try await SlackTalk.with { talk in
            let proof = await talk.caller.verifyURL(challenge: "3eZbrw1aBm2rZgRNFdxV2595E9")
            XCTAssertEqual(proof.text, "3eZbrw1aBm2rZgRNFdxV2595E9")
            let check = await talk.caller.sslCheck()
            XCTAssertEqual(check.status, 200)
            XCTAssertEqual(check.text, "")
            let limited = await talk.caller.tellRateLimit()
            XCTAssertEqual(limited.status, 200)
            XCTAssertEqual(talk.bench.routes.tally.all.first { $0.kind == .rateLimited }?.count, 1)
            XCTAssertTrue(talk.bench.log.all.contains { $0.contains("holds back events") })
        }
    }
}
