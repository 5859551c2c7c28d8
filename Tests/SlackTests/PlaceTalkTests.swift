import Deploys
import Foundation
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// Where things may be asked for, when channels are private, are renamed, or take over a name.
final class PlaceTalkTests: XCTestCase {
    /// Slack calls every private channel `privategroup`, and tells no names with events.
    func testAPrivateChannelOfTheSettings() async throws {
        try await SlackTalk.with(commandChannels: ["#plans"]) { talk in
            try await talk.bench.register("cats")
            let plans = Workspace.privateID
            _ = try await talk.caller.command("/iterapp deploy cats test main", in: plans)
            let before = try await talk.bench.queued()
            XCTAssertEqual(before, 0, "nobody knows yet which channel that is")
            // Whoever invites the bot makes the channel known.
            let learning = Task { await talk.bench.channels.run() }
            _ = try await talk.caller.inviteBot(to: plans)
            talk.bench.channels.wake.fire()
            await learning.value
            _ = try await talk.caller.command("/iterapp deploy cats test main", in: plans)
            _ = try await talk.mention("deploy cats test main", in: plans)
            _ = await talk.whispers()
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 2)
        }
    }

    func testTheLogChannelStaysItselfUnderAnyName() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            _ = try await talk.workspace.rename(Workspace.channelID, to: "deploys")
            _ = try await talk.caller.command("/iterapp deploy cats test main")
            let place = await talk.bench.routes.parts.places.place(id: Workspace.channelID, name: "deploys")
            XCTAssertEqual(place, .channel(id: Workspace.channelID, name: Workspace.channelName))
            let renamed = try await talk.bench.queued()
            XCTAssertEqual(renamed, 1)
            _ = try await talk.workspace.rename(Workspace.generalID, to: Workspace.channelName)
            _ = try await talk.caller.command("/iterapp deploy cats test main", in: Workspace.generalID)
            _ = try await talk.mention("deploy cats test main", in: Workspace.generalID)
            _ = await talk.whispers()
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 1, "another channel that took over the name is not the one that was meant")
        }
    }

    func testOtherChannelsAreToldWhereToGo() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let operation = try await talk.bench.end(.failed(Failure(.build, "x")), offering: [.retry])
            _ = try await talk.caller.command("/iterapp deploy cats test main", in: Workspace.generalID)
            _ = try await talk.mention("deploy cats test main", in: Workspace.generalID)
            let posted = try await talk.workspace.post(
                user: Workspace.botID, in: Workspace.generalID, text: "x",
                blocks: [["type": "actions", "elements": [try XCTUnwrap(Buttons.button(.step(.retry, operation), "x"))]]])
            let copied = SlackPlace.message(channel: Workspace.generalID, timestamp: posted.timestamp)
            try await talk.press(.step(.retry, operation), on: copied)
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 3)
            for sentence in read { XCTAssertTrue(sentence.contains("#iterapp-logs"), sentence) }
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
        }
    }
}
