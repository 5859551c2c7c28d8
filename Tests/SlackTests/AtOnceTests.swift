import Deploys
import Foundation
import HTTP
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Slack

/// Deploys that are acknowledged when they are on disk, before they are operations.
final class AtOnceTests: XCTestCase {
    /// Also: whoever gets a first answer gets a hint, which takes longer.
    func testTheSecondDeployIsTakenAtOnceAndAnsweredTheSame() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            let first = try await talk.caller.command("/iterapp deploy cats test main")
            XCTAssertEqual(talk.bench.journal.waitingRequests, 0)
            let second = try await talk.caller.command("/iterapp deploy cats test main")
            XCTAssertEqual(talk.bench.journal.waitingRequests, 1)
            let text = "Deploying `main` of `cats` to *test*. Follow it in #iterapp-logs."
            XCTAssertEqual(first.json?["text"]?.string, text)
            XCTAssertEqual(second.json?["text"]?.string, text)
            XCTAssertEqual(second.json?["blocks"]?.array?.first, first.json?["blocks"]?.array?.first)
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 2)
        }
    }

    /// What people are shown is never older than what they were told.
    func testStatusKnowsWhatWasJustAcknowledged() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            _ = try await talk.caller.command("/iterapp help")
            _ = try await talk.caller.command("/iterapp deploy cats prod main")
            XCTAssertEqual(talk.bench.journal.waitingRequests, 1)
            let status = try await talk.caller.command("/iterapp status cats")
            XCTAssertEqual(talk.bench.journal.waitingRequests, 0)
            XCTAssertTrue(status.json?.text.contains("queued") ?? false, status.json?.text ?? "")
            _ = try await talk.caller.command("/iterapp deploy cats prod main")
            let cancelled = try await talk.caller.command("/iterapp cancel cats prod")
            XCTAssertEqual(cancelled.json?["text"]?.string?.contains("cats"), true)
            XCTAssertEqual(talk.bench.journal.waitingRequests, 0)
        }
    }

    func testEverythingElseIsLookedAtMoreClosely() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            _ = try await talk.caller.command("/iterapp help")
            let others = [
                "deploy cats", "deploy dogs test main", "build cats main", "deploy cats moon main", "", "apps",
            ]
            for text in others {
                let answer = try await talk.caller.command("/iterapp \(text)")
                XCTAssertEqual(answer.status, 200, text)
                XCTAssertNotNil(answer.json?["text"]?.string, text)
                XCTAssertEqual(talk.bench.journal.waitingRequests, 0, text)
            }
            let unknown = try await talk.caller.command("/iterapp deploy dogs test main")
            XCTAssertEqual(
                unknown.json?["text"]?.string,
                "`dogs` is not registered. Register it with `/iterapp register dogs`.")
        }
    }

    /// Nothing is read of a request that Slack did not sign.
    func testAForgedCommandIsRefused() async throws {
        try await SlackTalk.with { talk in
            try await talk.bench.register("cats")
            _ = try await talk.caller.command("/iterapp help")
            var forger = talk.slack.caller(botURL: talk.botURL, signingSecret: "another secret")
            forger.retryDelays = []
            let answer = try await forger.command("/iterapp deploy cats test main")
            XCTAssertEqual(answer.status, 401)
            XCTAssertEqual(talk.bench.journal.waitingRequests, 0)
        }
    }

    /// A gate that has to ask somebody.
    func testAGateThatMustAskIsAsked() async throws {
        struct Asking: Gate {
            func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling { .refused("Ask Ada.") }
        }
        try await SlackTalk.with(gate: Asking()) { talk in
            try await talk.bench.register("cats")
            _ = try await talk.caller.command("/iterapp help")
            let answer = try await talk.caller.command("/iterapp deploy cats test main")
            XCTAssertEqual(answer.json?["text"]?.string, "Ask Ada.")
            XCTAssertEqual(talk.bench.journal.waitingRequests, 0)
        }
    }
}
