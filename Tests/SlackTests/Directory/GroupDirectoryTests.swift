import Deploys
import Foundation
import HTTP
import TestSupport
import XCTest

@testable import Sandbox
@testable import Slack

/// Who is in a user group: asked of Slack seldom, and never waited for long.
final class GroupDirectoryTests: XCTestCase {
    func testSlackIsAskedOnceAndAgainWhenItsAnswerIsOld() async throws {
        try await GroupBench.with { bench in
            for _ in 0..<3 {
                let members = await bench.members("S0CATS", "S0DOGS")
                XCTAssertEqual(members, ["S0CATS": ["U1", "U2"], "S0DOGS": ["U3"]])
            }
            XCTAssertEqual(bench.calls.sorted(), ["S0CATS", "S0DOGS"])
            try await bench.put("S0CATS", ["U2"])
            bench.advance(GroupDirectory.maxFreshSeconds - 1)
            var cats = await bench.members("S0CATS")
            XCTAssertEqual(cats, ["S0CATS": ["U1", "U2"]])
            bench.advance(2)
            cats = await bench.members("S0CATS")
            XCTAssertEqual(cats, ["S0CATS": ["U2"]])
            XCTAssertEqual(bench.calls.count, 3)
        }
    }

    func testManyWhoAskAtOnceMakeOneCall() async throws {
        try await GroupBench.with { bench in
            bench.server.faults.next(1, .delay(.milliseconds(50)), of: "usergroups.users.list")
            let answers = await withTaskGroup(of: [String: Set<String>].self) { group in
                for _ in 0..<200 { group.addTask { await bench.members("S0CATS") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            XCTAssertEqual(answers.count, 200)
            XCTAssertTrue(answers.allSatisfy { $0 == ["S0CATS": ["U1", "U2"]] })
            XCTAssertEqual(bench.calls, ["S0CATS"])
        }
    }

    func testAnEventMakesTheNextAnswerANewOne() async throws {
        try await GroupBench.with { bench in
            _ = await bench.members("S0CATS", "S0DOGS")
            try await bench.put("S0CATS", ["U9"])
            await bench.directory.groupChanged("S0CATS")
            await bench.directory.groupChanged("S0NOBODY")
            let members = await bench.members("S0CATS", "S0DOGS")
            XCTAssertEqual(members, ["S0CATS": ["U9"], "S0DOGS": ["U3"]])
            XCTAssertEqual(bench.calls.count, 3, "only the one that changed was asked for, and nobody's is not ours")
        }
    }

    func testWhatChangesWhileItIsReadIsReadAgain() async throws {
        try await GroupBench.with { bench in
            let asked = Watched(0)
            let go = Signal()
            var settings = HTTPServerSettings()
            settings.port = 0
            // The second answer is made before the group changes, and given afterwards.
            let server = HTTPServer(settings) { _ in
                asked.change { $0 += 1 }
                let member = asked.value == 3 ? "U9" : "U1"
                if asked.value == 2 { await go.wait() }
                return .text(200, #"{"ok": true, "users": ["\#(member)"]}"#)
            }
            let url = "http://127.0.0.1:\(try server.start())/"
            let directory = GroupDirectory(
                api: SlackWebAPI(client: HTTPClient(), baseURL: url, token: "x"), memory: bench.memory,
                now: { GroupBench.start }, log: .silent)
            _ = await directory.members(of: ["S0CATS"])
            await directory.groupChanged("S0CATS")
            async let members = directory.members(of: ["S0CATS"])
            try await asked.wait(for: "the second question") { $0 == 2 }
            await directory.groupChanged("S0CATS")
            go.fire()
            let answer = await members
            XCTAssertEqual(answer, ["S0CATS": ["U9"]])
            XCTAssertEqual(asked.value, 3)
            await server.stop(grace: .zero)
        }
    }

    func testNobodyWaitsLongerThanASecond() async throws {
        try await GroupBench.with { bench in
            _ = await bench.members("S0CATS")
            bench.advance(GroupDirectory.maxFreshSeconds + 1)
            bench.server.faults.next(2, .hang, of: "usergroups.users.list")
            let start = ContinuousClock.now
            let members = await bench.members("S0CATS", "S0DOGS")
            let wait = ContinuousClock.now - start
            XCTAssertEqual(members, ["S0CATS": ["U1", "U2"]], "what was known counts, and nothing is known of the other")
            let known = await bench.directory.knownMembers(of: ["S0CATS", "S0DOGS"])
            XCTAssertEqual(known, members)
            XCTAssertGreaterThanOrEqual(wait, .milliseconds(900))
            XCTAssertLessThan(wait, .milliseconds(2_500))
            bench.server.faults.clear()
        }
    }

    func testWhatIsKnownOutlivesARestartWithoutSlack() async throws {
        try await GroupBench.with { bench in
            _ = await bench.members("S0CATS")
            // Written after those who waited went on.
            try await bench.memory.kept.wait(for: "the group on disk") { $0 == 1 }
            await bench.server.stop()
            let restarted = bench.restarted()
            let known = await restarted.members(of: ["S0CATS", "S0DOGS"])
            XCTAssertEqual(known, ["S0CATS": ["U1", "U2"]])
            bench.advance(GroupDirectory.maxKnownSeconds + 1)
            let old = await restarted.members(of: ["S0CATS"])
            XCTAssertEqual(old, [:], "who left a day ago must not decide any more")
        }
    }

    func testAGroupThatIsGoneOrDisabledHasNoMembers() async throws {
        try await GroupBench.with { bench in
            _ = await bench.members("S0CATS")
            try await bench.put("S0CATS", ["U1", "U2"], isDisabled: true)
            await bench.directory.groupChanged("S0CATS")
            let members = await bench.members("S0CATS", "S0TYPO")
            XCTAssertEqual(members, ["S0CATS": [], "S0TYPO": []])
            for call in bench.server.calls.of("usergroups.users.list") {
                XCTAssertNil(call.arguments["include_disabled"], "what is disabled gives nobody a right")
            }
            XCTAssertEqual(
                Set(bench.log.all),
                Set(["S0CATS", "S0TYPO"].map {
                    "user group \($0) of the policy can't be read: the workspace has no such group; correct the policy file"
                }))
        }
    }

    func testAMissingScopeIsSaidOnceAndTriedAgainSlowly() async throws {
        try await GroupBench.with(scopes: ["chat:write"]) { bench in
            for _ in 0..<50 {
                let members = await bench.members("S0CATS")
                XCTAssertEqual(members, [:])
            }
            XCTAssertEqual(bench.calls.count, 1)
            bench.advance(GroupDirectory.pauseSeconds + 1)
            _ = await bench.members("S0CATS")
            XCTAssertEqual(bench.calls.count, 2)
            XCTAssertEqual(
                bench.log.all,
                [
                    "user group S0CATS of the policy can't be read: the Slack app lacks the scope usergroups:read; add it "
                        + "and install the app again"
                ])
            bench.server.grant.scopes = SlackGrant.allScopes
            bench.advance(GroupDirectory.pauseSeconds + 1)
            let members = await bench.members("S0CATS")
            XCTAssertEqual(members, ["S0CATS": ["U1", "U2"]])
            XCTAssertEqual(bench.log.all.last, "user group S0CATS can be read again")
        }
    }

    func testTooManyCallsRestTheWholeMethod() async throws {
        try await GroupBench.with { bench in
            bench.server.faults.next(1, .status(429, retryAfterSeconds: 100), of: "usergroups.users.list")
            _ = await bench.members("S0CATS")
            bench.advance(99)
            _ = await bench.members("S0DOGS")
            XCTAssertEqual(bench.calls.count, 1)
            bench.advance(2)
            let members = await bench.members("S0DOGS")
            XCTAssertEqual(members, ["S0DOGS": ["U3"]])
        }
    }

    func testTheBackgroundKeepsWhatThePolicyNamesFresh() async throws {
        try await GroupBench.with { bench in
            bench.directory.follow { ["S0CATS"] }
            let work = Task { await bench.directory.run() }
            try await bench.wait(forCalls: 1)
            try await bench.put("S0CATS", ["U7"])
            await bench.directory.groupChanged("S0CATS")
            try await bench.wait(forCalls: 2)
            let members = await bench.members("S0CATS")
            XCTAssertEqual(members, ["S0CATS": ["U7"]])
            work.cancel()
            await work.value
            XCTAssertEqual(bench.calls, ["S0CATS", "S0CATS"])
        }
    }
}
