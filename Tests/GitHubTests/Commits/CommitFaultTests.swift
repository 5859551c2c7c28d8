import Foundation
import JSON
import Store
import TestSupport
import XCTest

@testable import Deploys
@testable import GitHub

/// What goes wrong between the journal and GitHub, and what GitHub shows afterwards all the same.
final class CommitFaultTests: XCTestCase {
    func testAnEntryThatWasMadeThoughNobodyHeardOfItIsFoundAgain() async throws {
        try await CommitBench.with { bench in
            bench.gitHub.gitHub.fail(.lostAnswer, method: "POST", at: "check-runs")
            bench.gitHub.gitHub.fail(.lostAnswer, method: "POST", at: "/deployments")
            try await bench.deploying { push in
                try await bench.record(push, .applying)
                try await bench.telling { _ in
                    try await bench.told(.check, times: 1)
                    try await bench.told(.deployment, times: 1)
                }
            }
            XCTAssertEqual(bench.checkRuns.count, 1)
            XCTAssertEqual(bench.deployments.count, 1)
            XCTAssertEqual(bench.states(bench.deployments.first), ["in_progress"])
            XCTAssertEqual(bench.gitHub.gitHub.exchanges("GET", "check-runs").count, 1)
        }
    }

    func testACrashBetweenMakingAndWritingDownMakesNoSecondEntry() async throws {
        try await CommitBench.with { bench in
            _ = try await bench.push()
            let lane = CommitLane(app: bench.gitHub.cats, kind: .check)
            let next = try await bench.journal.nextCommitNews(in: lane)
            let news = try XCTUnwrap(next)
            guard case .check(let mark)? = news.part else { return XCTFail("no check") }
            try await bench.journal.begin(news)
            _ = try await GitHubCommitBoard(bench.gitHub.client).open(
                CheckPage(mark, logs: [], mask: { $0 }), of: news.target)
            // Here the process ends, and the next one begins.
            try await bench.telling { _ in try await bench.told(.check, times: 1) }
            XCTAssertEqual(bench.checkRuns.count, 1)
            let known = try await bench.journal.nextCommitNews(in: lane)
            XCTAssertNil(known)
        }
    }

    func testAnOutagePassesAndTheOrderStays() async throws {
        try await CommitBench.with { bench in
            let newer = try await bench.gitHub.gitHub.push(bench.gitHub.repository, ["README": "more"])
            _ = try await bench.push()
            _ = try await bench.push(XCTUnwrap(CommitID(newer)))
            bench.gitHub.gitHub.fail(.status(502), times: 1, method: "POST", at: "check-runs")
            try await bench.telling { courier in
                try await bench.failed(times: 1)
                try await bench.lines.wait(for: "a line for the operator") { !$0.isEmpty }
                let obstacles = await courier.obstacles()
                XCTAssertEqual(obstacles, ["GitHub has a problem of its own (status 502)."])
                let figures = try await bench.journal.statistics().commits
                XCTAssertGreaterThan(figures.behind, 0)
                bench.pass(seconds: 10)
                try await bench.told(.check, times: 2)
            }
            XCTAssertEqual(bench.checkRuns.map { $0["external_id"] }, ["1", "2"])
            XCTAssertEqual(bench.lines.value.count, 2, "once each: \(bench.lines.value)")
            XCTAssertTrue(bench.lines.value.last?.contains("told again") ?? false)
        }
    }

    func testAServerThatAnswersNothingIsLeftAloneForAWhile() async throws {
        try await CommitBench.with(timeout: .milliseconds(200)) { bench in
            _ = try await bench.push()
            bench.gitHub.gitHub.fail(.silence, times: 1, method: "POST", at: "check-runs")
            try await bench.telling { _ in
                try await bench.failed(times: 1)
                bench.pass(seconds: 10)
                try await bench.told(.check, times: 1)
            }
            XCTAssertEqual(bench.checkRuns.count, 1)
        }
    }

    func testLimitsAreWaitedForAndTroubleNobody() async throws {
        for fault in [
            GitHubFault.primaryLimit(resetInSeconds: 600), .secondaryLimit(retryAfter: 60),
            .status(429, headers: ["Retry-After": "60"]),
        ] {
            try await CommitBench.with { bench in
                let push = try await bench.push()
                bench.gitHub.gitHub.fail(fault, method: "POST", at: "check-runs")
                try await bench.telling { _ in
                    try await bench.failed(times: 1)
                    let asked = bench.gitHub.gitHub.exchanges("POST", "check-runs").count
                    try await bench.record(push, .preparing)
                    XCTAssertEqual(bench.gitHub.gitHub.exchanges("POST", "check-runs").count, asked)
                    bench.pass(seconds: 700)
                    try await bench.told(.check, times: 1)
                }
                guard case .limited? = bench.errors.value.first else { return XCTFail("\(bench.errors.value)") }
                XCTAssertEqual(bench.checkRuns.first?["status"], "in_progress", "the newest state")
                XCTAssertEqual(bench.lines.value, [])
            }
        }
    }

    func testAMissingPermissionIsToldOnceAndHoldsUpNothingElse() async throws {
        try await CommitBench.with { bench in
            bench.gitHub.gitHub.changeInstallation(bench.gitHub.installation.id) { $0.permissions["checks"] = nil }
            try await bench.deploying { push in
                try await bench.record(push, .applying)
                try await bench.telling { courier in
                    try await bench.told(.deployment, times: 1)
                    try await bench.lines.wait(for: "a line for the operator") { !$0.isEmpty }
                    XCTAssertTrue(bench.lines.value[0].contains("checks=write"), bench.lines.value[0])
                    XCTAssertEqual(bench.checkRuns, [])
                    bench.gitHub.gitHub.changeInstallation(bench.gitHub.installation.id) {
                        $0.permissions["checks"] = "write"
                    }
                    await courier.tryAgain()
                    try await bench.told(.check, times: 1)
                }
            }
            XCTAssertEqual(bench.checkRuns.count, 1)
            XCTAssertEqual(bench.lines.value.count, 1, "\(bench.lines.value)")
        }
    }

    func testARevokedTokenIsReplacedAndWrongCredentialsAreTold() async throws {
        try await CommitBench.with { bench in
            let push = try await bench.push()
            try await bench.telling { courier in
                try await bench.told(.check, times: 1)
                bench.gitHub.gitHub.revokeTokens()
                try await bench.record(push, .preparing)
                try await bench.told(.check, times: 2)
                XCTAssertEqual(bench.errors.value, [])
                bench.gitHub.gitHub.fail(.status(401, message: "Bad credentials"), times: 100)
                try await bench.record(push, .queued(ahead: 0))
                try await bench.lines.wait(for: "a line for the operator") { !$0.isEmpty }
                XCTAssertTrue(bench.lines.value[0].contains("GITHUB_APP_ID"), bench.lines.value[0])
                bench.gitHub.gitHub.recover()
                await courier.tryAgain()
                try await bench.told(.check, times: 3)
            }
            XCTAssertEqual(bench.checkRuns.first?["status"], "queued")
        }
    }

    func testACommitThatGitHubDoesNotKnowIsPutAsideAndTheNextOneIsTold() async throws {
        try await CommitBench.with { bench in
            let unknown = try XCTUnwrap(CommitID(String(repeating: "d", count: 40)))
            let lost = try await bench.push(unknown)
            _ = try await bench.push()
            try await bench.telling { _ in
                try await bench.events.wait(for: "one is told") { $0.contains("told check 2") }
            }
            XCTAssertEqual(bench.events.value.first, "aside check \(lost.id)")
            XCTAssertTrue(bench.lines.value.first?.contains("No commit found") ?? false, "\(bench.lines.value)")
            let figures = try await bench.journal.statistics().commits
            XCTAssertEqual(figures.putAside, 1)
            XCTAssertEqual(figures.behind, 0)
        }
    }

    func testARepositoryThatIsGoneWaitsAloneUntilItIsBack() async throws {
        try await CommitBench.with { bench in
            _ = try await bench.push()
            bench.gitHub.gitHub.fail(.status(404, message: "Not Found"), times: 10, at: "/repos/iterate/cats")
            try await bench.telling { courier in
                try await bench.lines.wait(for: "a line for the operator") { !$0.isEmpty }
                bench.gitHub.gitHub.recover()
                bench.pass(seconds: 400)
                try await bench.told(.check, times: 1)
            }
            XCTAssertEqual(bench.checkRuns.count, 1)
        }
    }

    func testAnEntryThatSomebodyRemovedIsMadeAnew() async throws {
        try await CommitBench.with { bench in
            let push = try await bench.push()
            try await bench.telling { _ in
                try await bench.told(.check, times: 1)
                let id = bench.checkRuns.first?["id"]?.int ?? 0
                bench.gitHub.gitHub.removeCheckRun(id)
                try await bench.record(push, .preparing)
                try await bench.told(.check, times: 2)
                XCTAssertEqual(bench.checkRuns.map { $0["status"] }, ["in_progress"])
                XCTAssertNotEqual(bench.checkRuns.first?["id"]?.int, id)
            }
        }
    }

    func testARenamedRepositoryIsToldUnderItsPresentName() async throws {
        try await CommitBench.with { bench in
            let push = try await bench.push()
            try await bench.telling { _ in
                try await bench.told(.check, times: 1)
                bench.gitHub.gitHub.rename(bench.gitHub.repository.id, name: "tigers")
                try await bench.record(push, .preparing)
                try await bench.told(.check, times: 2)
            }
            XCTAssertEqual(bench.gitHub.gitHub.checkRuns(of: "iterate/tigers").first?["status"], "in_progress")
            XCTAssertEqual(bench.errors.value, [])
        }
    }

    func testWhatEndedWhileGitHubWasAwayIsNotBegunAnymore() async throws {
        try await CommitBench.with { bench in
            try await bench.deploying { push in
                try await bench.record(push, .applying)
                var ended = push
                (ended.state, ended.finishedAt) = (.cancelled, .now)
                let phase = Phase.cancelled(by: Person(id: "U1", name: "kari"), aftermath: nil)
                try await bench.journal.settle(ended, .nothing, notices: [CommitBench.draft(ended, phase)])
                try await bench.telling { _ in
                    try await bench.told(.check, times: 1)
                    try await bench.told(.deployment, times: 1)
                }
            }
            XCTAssertEqual(bench.checkRuns.first?["conclusion"], "success", "it was built")
            XCTAssertEqual(bench.deployments, [])
        }
    }
}

extension CommitBench {
    /// A push that is built, with a release number.
    func deploying(_ body: (Deploys.Operation) async throws -> Void) async throws {
        var (push, build) = try await beginBuild(try await push())
        try await finish(build)
        push.releaseNumber = 1
        try await body(push)
    }

    /// For the courier and for GitHub.
    func pass(seconds: TimeInterval) {
        gitHub.pass(seconds: seconds)
        signals.notices.fire()
    }
}
