import Deploys
import Sandbox
import XCTest

@testable import Slack

/// Answers that may or may not have arrived, between a strict Slack and the routes, over sockets.
final class AnswerTalkTests: XCTestCase {
    private let lost: [SlackFaults.Fault] = [.dropAnswer, .badGateway]

    /// Slack did it and its own answer was lost: whoever asked reads one sentence, not three.
    func testAnAnswerWhoseDeliveryIsInDoubtIsNotGivenAgain() async throws {
        try await SlackTalk.with { talk in
            for (count, fault) in lost.enumerated() {
                talk.slack.faults.next(1, fault, of: "chat.postMessage")
                try await talk.caller.say("help", in: Workspace.directID(of: Workspace.memberID))
                let direct = try await talk.directMessages()
                XCTAssertEqual(direct.count, count + 1)
                talk.slack.faults.next(1, fault, of: "chat.postEphemeral")
                _ = try await talk.mention("help")
                let read = await talk.whispers()
                XCTAssertEqual(read.count, count + 1)
            }
            let direct = try await talk.directMessages()
            XCTAssertEqual(direct.count, lost.count, "no other way was taken, either")
        }
    }

    func testAResponseURLInDoubtIsNotFollowedByAnotherWay() async throws {
        try await SlackTalk.with { talk in
            for (count, fault) in lost.enumerated() {
                talk.slack.faults.next(1, fault, of: "response_url")
                try await talk.press(.ask("help"))
                let read = await talk.whispers()
                XCTAssertEqual(read.count, count + 1)
            }
            XCTAssertEqual(talk.slack.calls.of("chat.postEphemeral").count, 0)
        }
    }

    /// What did not reach Slack is tried again.
    func testWhatSlackDidNotTakeIsGivenAgain() async throws {
        try await SlackTalk.with { talk in
            talk.slack.faults.next(2, .refuse("service_unavailable"), of: "chat.postEphemeral")
            _ = try await talk.mention("help")
            let read = await talk.whispers()
            XCTAssertEqual(read.count, 1)
        }
    }

    func testAResponseURLThatIsNotSlacksIsReplacedByAnotherWay() async throws {
        try await SlackTalk.with { talk in
            let answers = talk.bench.routes.parts.answers
            let forged = Reply.Way.responseURL("https://evil.example/", since: SlackBench.now)
            let ways = [forged, .ephemeral(channel: Workspace.channelID, thread: nil)]
            await answers.deliver(
                Answer(.information, "told"), to: Reply(person: Workspace.memberID, ways: ways))
            let read = await talk.whispers()
            XCTAssertEqual(read, ["told"])
            XCTAssertEqual(count(.lostAnswer, talk), 0)
            await answers.deliver(
                Answer(.information, "lost"), to: Reply(person: Workspace.memberID, ways: [forged]))
            XCTAssertEqual(count(.lostAnswer, talk), 1)
        }
    }

    private func count(_ kind: RequestTally.Kind, _ talk: SlackTalk) -> Int? {
        talk.bench.routes.tally.all.first { $0.kind == kind }?.count
    }
}
