import Deploys
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// News of the workspace while nothing can be written down, between a strict Slack and the routes, over sockets.
final class NewsTalkTests: XCTestCase {
    func testNewsThatCannotBeWrittenDownAreToldAgain() async throws {
        let told = Watched<[WorkspaceNews]>([])
        let tell: @Sendable (WorkspaceNews) async throws(JournalError) -> Void = { news throws(JournalError) in
            told.change { $0.append(news) }
            if told.value.count == 1 { throw .diskFull }
        }
        try await SlackTalk.with(change: { $0.tell = tell }) { talk in
            let event: JSON = ["type": "channel_archive", "channel": .string(Workspace.generalID)]
            let delivery = await talk.caller.tell(event)
            XCTAssertEqual(delivery.attempts.map(\.status), [503, 200])
            let news = WorkspaceNews.archived(channel: Workspace.generalID)
            XCTAssertEqual(told.value, [news, news])
            XCTAssertEqual(talk.bench.log.all.count { $0.contains("can't be written down: the disk is full") }, 1)
        }
    }
}
