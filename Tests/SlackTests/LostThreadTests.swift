import Deploys
import Foundation
import HTTP
import JSON
import XCTest

@testable import Sandbox
@testable import Slack

/// Somebody deletes a message while the bot is about to answer in its thread.
final class LostThreadTests: XCTestCase {
    private let detail = NoticeDraft.detail(title: "Warnings", lines: ["line one"])

    func testAnAnswerToADeletedMessageIsTakenBack() async throws {
        let slack = try SlackServer()
        let api = SlackWebAPI(client: HTTPClient(), baseURL: try slack.start() + "/api/", token: "xoxb-test")
        let messenger = SlackMessenger(api: api)
        let root = try await slack.workspace.post(user: Workspace.botID, text: "Deploying")
        let thread = MessageReference(channel: Workspace.channelID, timestamp: root.timestamp)
        let told = try await messenger.post(detail, id: NoticeID(1), channel: "#iterapp-logs", thread: thread)
        let kept = try await slack.workspace.message(try XCTUnwrap(told?.timestamp))
        XCTAssertEqual(kept?.threadTimestamp, root.timestamp)

        let other = try await slack.workspace.post(user: Workspace.botID, text: "Building")
        try await slack.workspace.delete(other.timestamp)
        let lost = MessageReference(channel: Workspace.channelID, timestamp: other.timestamp)
        do throws(MessengerError) {
            _ = try await messenger.post(detail, id: NoticeID(2), channel: "#iterapp-logs", thread: lost)
            XCTFail("it was taken")
        } catch {
            XCTAssertEqual(error, .messageGone)
        }
        let shown = try await slack.workspace.shown()
        XCTAssertEqual(shown.map(\.text), ["Deploying", "Warnings"], "nothing stands in the channel that has no place")
        await slack.stop()
    }
}
