import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// The routes behind a socket, and a strict Slack that talks with them.
struct SlackTalk: Sendable {
    let bench: SlackBench
    let slack: SlackServer
    let caller: SlackCaller
    private let server: HTTPServer
    let botURL: String

    static let token = "xoxb-secret"
    var workspace: Workspace { slack.workspace }

    static func with(
        change: @escaping (inout SlackParts) -> Void = { _ in }, gate: any Gate = OpenGate(),
        commandChannels: [String] = [], source: any SourceHost = NoSource(), _ body: (SlackTalk) async throws -> Void
    ) async throws {
        let slack = try SlackServer(token: token, now: { SlackBench.now })
        let url = try slack.start()
        try await SlackBench.with(
            apiURL: url + "/api/", gate: gate, commandChannels: commandChannels,
            source: source, change: change
        ) { bench in
            let talk = try SlackTalk(bench, slack)
            await bench.installation.learn()
            try await bench.journal.remember("#\(Workspace.channelName)", is: Workspace.channelID)
            slack.calls.clear()
            try await body(talk)
            await talk.server.stop(grace: .zero)
            slack.faults.clear()
        }
        await slack.stop()
    }

    private init(_ bench: SlackBench, _ slack: SlackServer) throws {
        self.bench = bench
        self.slack = slack
        var settings = HTTPServerSettings()
        settings.port = 0
        settings.maxBodyBytes = { _ in SlackRoutes.maxBodyBytes }
        server = HTTPServer(settings, quick: { bench.routes.takeAtOnce($0, $1) }) {
            await bench.routes.answer($0) ?? .text(404, "")
        }
        botURL = "http://127.0.0.1:\(try server.start())"
        var caller = slack.caller(botURL: botURL, signingSecret: SlackBench.secret)
        caller.retryDelays = [.zero]
        self.caller = caller
    }

    func mention(
        _ text: String, by member: String = Workspace.memberID, in channel: String = Workspace.channelID,
        thread: String? = nil
    ) async throws -> EventDelivery {
        let delivery = try await caller.say("<@\(Workspace.botID)> \(text)", by: member, in: channel, thread: thread)
        return try XCTUnwrap(delivery.delivery)
    }

    /// What a member alone was told, after everything that was promised has been said.
    func whispers(to member: String = Workspace.memberID) async -> [String] {
        await bench.routes.waitForAnswers()
        return await workspace.whispers(to: member).map(\.text)
    }

    /// Fails when Slack is not called in half a minute.
    func wait(forCallOf method: String) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await slack.calls.wait { $0.contains { $0.method == method } } }
            group.addTask { try? await Task.sleep(for: .seconds(30)) }
            await group.next()
            group.cancelAll()
        }
        guard slack.calls.of(method).count > 0 else { throw TestFailure("\(method) was not called") }
    }

    /// What the bot wrote into the direct channel of a member.
    func directMessages(to member: String = Workspace.memberID) async throws -> [ChatMessage] {
        await bench.routes.waitForAnswers()
        return try await workspace.shown(in: Workspace.directID(of: member)).filter { $0.user == Workspace.botID }
    }

    /// Blocks that a test presses, in a message of the bot.
    func message(_ elements: [JSON], thread: String? = nil) async throws -> SlackPlace {
        let posted = try await workspace.post(
            user: Workspace.botID, in: Workspace.channelID, text: "x",
            blocks: [["type": "actions", "block_id": "b", "elements": .array(elements)]], thread: thread)
        return .message(channel: Workspace.channelID, timestamp: posted.timestamp)
    }

    /// Presses a button that stands for a control, in a message of its own.
    @discardableResult
    func press(
        _ control: Control, by member: String = Workspace.memberID, on place: SlackPlace? = nil
    ) async throws -> BotAnswer {
        let there: SlackPlace
        if let place { there = place } else { there = try await message([try XCTUnwrap(Buttons.button(control, "x"))]) }
        return try await caller.press(Press(control.actionID, on: there, by: member))
    }
}
