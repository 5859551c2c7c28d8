import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

/// What the client makes of everything that GitHub may answer.
final class GitHubClientTests: XCTestCase {
    private func send(_ bench: GitHubBench, _ call: GitHubCall, _ purpose: GitHubPurpose) async -> GitHubError? {
        do throws(GitHubError) {
            _ = try await bench.client.send(call, of: bench.cats, for: purpose)
            return nil
        } catch { return error }
    }

    func testHowARequestLooks() async throws {
        try await GitHubBench.with { bench in
            _ = try await bench.client.repository(bench.cats)
            let request = try XCTUnwrap(bench.gitHub.exchanges.last)
            XCTAssertEqual(request.headers["Accept"], "application/vnd.github+json")
            XCTAssertEqual(request.headers["X-GitHub-Api-Version"], "2022-11-28")
            XCTAssertEqual(request.headers["User-Agent"], "iterapp")
            XCTAssertTrue(request.headers["Authorization"]?.hasPrefix("Bearer ghs_") ?? false)
        }
    }

    /// Each refusal as a word that code decides on, and a sentence that people can act on.
    func testEveryRefusalIsASentence() async throws {
        try await GitHubBench.with { bench in
            let create = GitHubCall(.post, GitHubCall.path(of: bench.cats, "check-runs"), body: ["name": ""])
            let invalid = await send(bench, create, .checks)
            XCTAssertEqual(
                invalid?.sentence,
                "GitHub does not take the request (Validation Failed: name is missing_field; head_sha is missing_field).")
            XCTAssertEqual(invalid?.isPassing, false)
            let forbidden = await send(bench, create, .reading)
            XCTAssertEqual(
                forbidden?.sentence,
                "GitHub does not allow it (Resource not accessible by integration). Give the GitHub App or the token the "
                    + "permission checks=write, and accept it for the installation.")
            let missing = GitHubCall(.get, GitHubCall.path(of: bench.cats, "check-runs/7"))
            let notFound = await send(bench, missing, .checks)
            XCTAssertEqual(
                notFound?.sentence, "GitHub knows no repos/iterate/cats/check-runs/7, or Iterapp may not see it.")
            bench.gitHub.fail(.status(418, message: "I'm a\nteapot\u{202E}."))
            let odd = await bench.problem()
            XCTAssertEqual(odd?.sentence, "GitHub answered with the status 418 (I'm a teapot).")
            XCTAssertTrue(bench.waits.value.isEmpty, "none of these gets better by waiting")
        }
    }

    func testAProblemOfGitHubsIsTriedAgainAFewTimes() async throws {
        try await GitHubBench.with { bench in
            for status in [500, 502, 503] {
                bench.gitHub.fail(.status(status), times: 2, at: "/repos/iterate/cats")
                let problem = await bench.problem()
                XCTAssertNil(problem, "\(status)")
            }
            XCTAssertEqual(bench.waits.value.prefix(2), [.milliseconds(375), .milliseconds(750)])
            bench.gitHub.fail(.status(502), times: 100)
            let problem = await bench.problem()
            XCTAssertEqual(problem, .failing(status: 502))
            XCTAssertEqual(problem?.isPassing, true)
            guard case .unreachable = problem?.sourceError else { return XCTFail("it is worth another try") }
        }
    }

    /// Whoever creates something must not create it twice.
    func testWhatMayHaveBeenDoneIsNotDoneAgain() async throws {
        try await GitHubBench.with { bench in
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let create = GitHubCall(
                .post, GitHubCall.path(of: bench.cats, "check-runs"),
                body: ["name": "build", "head_sha": .string(sha)])
            bench.gitHub.fail(.lostAnswer, times: 1, method: "POST", at: "check-runs")
            let lost = await send(bench, create, .checks)
            guard case .unanswered = lost else { return XCTFail("\(lost as Any)") }
            XCTAssertEqual(bench.gitHub.checkRuns(of: "iterate/cats").count, 1)
            let failing = bench.gitHub.exchanges("POST", "check-runs").count
            bench.gitHub.fail(.status(500), times: 1, method: "POST", at: "check-runs")
            _ = await send(bench, create, .checks)
            XCTAssertEqual(bench.gitHub.exchanges("POST", "check-runs").count, failing + 1)
            // What is read, or set to a state, may be asked for again.
            bench.gitHub.fail(.lostAnswer, times: 1, method: "PATCH", at: "check-runs")
            let id = try XCTUnwrap(bench.gitHub.checkRuns(of: "iterate/cats").first?["id"]?.int)
            let update = GitHubCall(
                .patch, GitHubCall.path(of: bench.cats, "check-runs/\(id)"), body: ["status": "in_progress"])
            let updated = await send(bench, update, .checks)
            XCTAssertNil(updated)
            XCTAssertEqual(bench.gitHub.exchanges("PATCH", "check-runs").count, 2)
        }
    }

    func testAGitHubThatDoesNotAnswerIsGivenUp() async throws {
        try await GitHubBench.with(timeout: .milliseconds(600)) { bench in
            bench.gitHub.fail(.silence, times: 100)
            let problem = await bench.problem()
            XCTAssertEqual(
                problem?.sentence, "GitHub does not answer (no complete answer came in time).")
            XCTAssertEqual(bench.gitHub.exchanges.count, GitHubTransport.maxUnansweredAttempts)
            bench.gitHub.recover()
            let next = await bench.problem()
            XCTAssertNil(next)
        }
    }

    func testAGitHubThatIsNotThereIsNamed() async throws {
        try await GitHubBench.with { bench in
            await bench.gitHub.stop()
            let problem = await bench.problem()
            guard case .unreachable(let reason) = problem else { return XCTFail("\(problem as Any)") }
            XCTAssertTrue(reason.contains("127.0.0.1"), reason)
            XCTAssertEqual(bench.waits.value.count, GitHubTransport.maxAttempts - 1)
        }
    }

    /// Until then nothing is sent, whoever asks.
    func testAPrimaryLimitIsKept() async throws {
        try await GitHubBench.with { bench in
            _ = try await bench.client.repository(bench.cats)
            // GitHub's clock is what the moment is told by.
            bench.gitHub.setClock(aheadBySeconds: 900)
            bench.gitHub.fail(.primaryLimit(resetInSeconds: 600), at: "/repos/iterate/cats")
            let first = await bench.problem()
            guard case .rateLimited(let until) = first else { return XCTFail("\(first as Any)") }
            XCTAssertEqual(until.timeIntervalSinceNow, 600, accuracy: 10)
            XCTAssertTrue(first?.sentence.hasPrefix("GitHub takes no more requests of this kind until 20") ?? false)
            let asked = bench.gitHub.exchanges.count
            let second = await bench.problem()
            XCTAssertEqual(second, first)
            XCTAssertEqual(bench.gitHub.exchanges.count, asked)
            bench.gitHub.setClock(aheadBySeconds: 0)
            bench.ahead.change { $0 = 620 }
            let later = await bench.problem()
            XCTAssertNil(later)
        }
    }

    func testASecondaryLimitIsWaitedForLongerAndLonger() async throws {
        try await GitHubBench.with { bench in
            _ = try await bench.client.repository(bench.cats)
            var waits: [Double] = []
            for seconds in [nil, nil, nil, 7] {
                bench.gitHub.fail(.secondaryLimit(retryAfter: seconds), at: "/repos/iterate/cats")
                let problem = await bench.problem()
                guard case .rateLimited(let until) = problem else { return XCTFail("\(problem as Any)") }
                let now = Date.now.addingTimeInterval(bench.ahead.value)
                waits.append(until.timeIntervalSince(now))
                bench.pass(seconds: until.timeIntervalSince(now) + 1)
            }
            for (wait, expected) in zip(waits, [60.0, 120, 240, 7]) { XCTAssertEqual(wait, expected, accuracy: 5) }
            let problem = await bench.problem()
            XCTAssertNil(problem)
            bench.gitHub.fail(.status(429, headers: ["Retry-After": "30"]), at: "/repos/iterate/cats")
            guard case .rateLimited(let until) = await bench.problem() else { return XCTFail("429 is a limit") }
            XCTAssertEqual(until.timeIntervalSinceNow - bench.ahead.value, 30, accuracy: 5)
            // A refusal that is no matter of limits stops nobody else.
            bench.pass(seconds: 31)
            bench.gitHub.fail(.status(403, message: "Resource protected by organization SAML enforcement"))
            guard case .forbidden = await bench.problem() else { return XCTFail("that is no limit") }
            let last = await bench.problem()
            XCTAssertNil(last)
        }
    }

    /// Many builds end at the same time; what GitHub hears of them is spread.
    func testWritesAreKeptApart() {
        let (pace, now) = (WritePace(), Date(timeIntervalSince1970: 1_795_000_000))
        for _ in 0..<WritePace.maxWritesAtOnce { XCTAssertEqual(pace.turn(of: "a", now: now), .now) }
        for seconds in 1...Int(WritePace.maxWaitSeconds) {
            XCTAssertEqual(pace.turn(of: "a", now: now), .after(seconds: TimeInterval(seconds)))
        }
        // Whoever is sent away takes no turn from the others.
        let later = now.addingTimeInterval(WritePace.maxWaitSeconds + 1)
        XCTAssertEqual(pace.turn(of: "a", now: now), .notBefore(later))
        XCTAssertEqual(pace.turn(of: "a", now: now), .notBefore(later))
        XCTAssertEqual(pace.turn(of: "b", now: now), .now, "everybody has a pace of their own")
        XCTAssertEqual(pace.turn(of: "a", now: now.addingTimeInterval(1)), .after(seconds: WritePace.maxWaitSeconds))
        XCTAssertEqual(pace.turn(of: "a", now: now.addingTimeInterval(3_600)), .now)
    }

    func testTheClientKeepsToThePace() async throws {
        try await GitHubBench.with { bench in
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let create = GitHubCall(
                .post, GitHubCall.path(of: bench.cats, "check-runs"), body: ["name": "x", "head_sha": .string(sha)])
            for _ in 0..<2 * WritePace.maxWritesAtOnce {
                let problem = await send(bench, create, .checks)
                XCTAssertNil(problem)
            }
            XCTAssertFalse(bench.waits.value.isEmpty)
            let waits = bench.waits.value.count
            _ = try await bench.client.repository(bench.cats)
            XCTAssertEqual(bench.waits.value.count, waits, "reading need not wait")
        }
    }

    func testOnlySoManyRequestsAreUnderWay() async throws {
        try await GitHubBench.with { bench in
            _ = try await bench.client.repository(bench.cats)
            let seen = Watched(0)
            bench.gitHub.fail(.silence, times: 1_000, at: "/repos/iterate/cats")
            bench.gitHub.observe { _ in seen.change { $0 += 1 } }
            let waiting = (0..<RequestTurns.maxRequests + 20).map { _ in Task { await bench.problem() } }
            try await seen.wait(for: "as many as may") { $0 == RequestTurns.maxRequests }
            // Those in the queue can give up; their place is not taken.
            for task in waiting { task.cancel() }
            for task in waiting {
                let problem = await task.value
                XCTAssertEqual(problem, .cancelled)
            }
            XCTAssertLessThanOrEqual(seen.value, RequestTurns.maxRequests + 20)
            bench.gitHub.recover()
            let next = await bench.problem()
            XCTAssertNil(next)
        }
    }

    /// A proxy's page, say.
    func testAnAnswerOfAnotherShapeIsSaid() async throws {
        try await GitHubBench.with { bench in
            bench.gitHub.fail(.status(200, message: "Log in"), at: "/repos/iterate/cats")
            let problem = await bench.problem()
            XCTAssertEqual(
                problem?.sentence,
                "GitHub answered something unexpected: an installation without `id`.")
            _ = await bench.problem()
            bench.gitHub.fail(.status(200, message: "Log in"), at: "/repos/iterate/cats")
            let next = await bench.problem()
            XCTAssertEqual(
                next?.sentence,
                "GitHub answered something unexpected: a repository without a well-formed `id`, `full_name` or "
                    + "`default_branch`.")
        }
    }

    func testWhatHasNotChangedIsNotFetchedAgainAndCostsNothing() async throws {
        try await GitHubBench.with { bench in
            let first = try await bench.client.repository(bench.cats)
            let second = try await bench.client.repository(bench.cats)
            XCTAssertEqual(first, second)
            let requests = bench.gitHub.exchanges.filter { $0.path == "/repos/iterate/cats" }
            XCTAssertEqual(requests.map(\.status), [200, 304])
            bench.gitHub.change(bench.repository.id) { $0.isArchived = true }
            let third = try await bench.client.repository(bench.cats)
            XCTAssertTrue(third.isArchived)
        }
    }

    func testAListIsReadPageByPageUpToALimit() async throws {
        try await GitHubBench.with { bench in
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            try await bench.gitHub.addBranches(bench.repository, count: 250, at: sha)
            let call = GitHubCall(.get, GitHubCall.path(of: bench.cats, "git/matching-refs/heads/"))
            let all = try await bench.client.list(call, of: bench.cats, for: .reading, maxItems: 1_000)
            XCTAssertEqual(all.count, 251)
            XCTAssertEqual(Set(all.compactMap { $0["ref"]?.string }).count, 251)
            do throws(GitHubError) {
                _ = try await bench.client.list(call, of: bench.cats, for: .reading, maxItems: 200)
                XCTFail("there is a limit")
            } catch {
                XCTAssertTrue(error.sentence.contains("more than 200 items"), error.sentence)
            }
        }
    }

    /// A token is for GitHub alone.
    func testNothingLeadsToAnotherServer() async throws {
        try await GitHubBench.with { bench in
            let other = try await GitHubStandIn(in: FileManager.default.temporaryDirectory)
            let elsewhere = "\(other.api)/repos/iterate/cats"
            bench.gitHub.fail(.status(301, headers: ["Location": elsewhere]), at: "/repos/iterate/cats")
            let redirected = await bench.problem()
            XCTAssertEqual(
                redirected?.sentence,
                "GitHub answered something unexpected: it redirects to another server than \(bench.gitHub.api).")
            for location in ["", "//\(other.url.dropFirst("http://".count))/api/v3/", "http://x@127.0.0.1/"] {
                bench.gitHub.fail(.status(302, headers: ["Location": location]), at: "/repos/iterate/cats")
                let problem = await bench.problem()
                guard case .malformed = problem else { return XCTFail("\(location): \(problem as Any)") }
            }
            let here = "\(bench.gitHub.api)/repos/iterate/cats"
            bench.gitHub.fail(.status(302, headers: ["Location": here]), times: 100, at: "/repos/iterate/cats")
            let endless = await bench.problem()
            XCTAssertEqual(
                endless?.sentence, "GitHub answered something unexpected: it redirects again and again.")
            XCTAssertTrue(other.exchanges.isEmpty)
            await other.stop()
        }
    }

    func testAnAnswerThatRepeatsTheTokenIsNotShownWithIt() async throws {
        try await GitHubBench.with(asPerson: true) { bench in
            let token = try XCTUnwrap(bench.gitHub.knownTokens.first)
            bench.gitHub.fail(.status(400, message: "What is \(token)?"))
            let problem = await bench.problem()
            XCTAssertEqual(problem?.sentence, "GitHub answered with the status 400 (What is •••?).")
        }
    }
}
