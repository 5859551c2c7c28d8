import AppFile
import Foundation
import JSON
import Store
import TestSupport
import XCTest

@testable import Deploys
@testable import GitHub

/// What GitHub shows of operations, from the journal to a GitHub that takes only what is allowed.
final class CommitCourierTests: XCTestCase {
    func testAPushFromItsBeginningToItsEnd() async throws {
        try await CommitBench.with { bench in
            try await bench.telling { _ in
                var push = try await bench.push()
                try await bench.told(.check, times: 1)
                let queued = try XCTUnwrap(bench.checkRuns.first)
                XCTAssertEqual(queued["name"], "iterapp (cats)")
                XCTAssertEqual(queued["status"], "queued")
                XCTAssertEqual(queued["head_sha"]?.string, bench.sha.sha)
                XCTAssertEqual(queued["external_id"]?.string, "\(push.id)")
                XCTAssertEqual(queued["details_url"]?.string, "https://iterapp.example/operations/\(push.id)")
                let build: Build
                (push, build) = try await bench.beginBuild(push)
                try await bench.told(.check, times: 2)
                XCTAssertEqual(bench.checkRuns.first?["status"], "in_progress")
                XCTAssertEqual(bench.deployments, [], "who knows whether it will be deployed")
                try await bench.finish(build)
                push.releaseNumber = 3
                try await bench.record(push, .applying)
                try await bench.told(.check, times: 3)
                try await bench.told(.deployment, times: 1)
                try await bench.record(push, .live([Site(url: "https://cats.test.example/")]))
                try await bench.told(.deployment, times: 2)
            }
            XCTAssertEqual(bench.checkRuns.count, 1)
            let run = try XCTUnwrap(bench.checkRuns.first)
            XCTAssertEqual(run["conclusion"], "success")
            XCTAssertEqual(run.at("output", "title"), "Build 1 succeeded")
            XCTAssertEqual(run["actions"]?[0]?["identifier"], "build")
            XCTAssertEqual(run["actions"]?[0]?["label"], "Build again")
            XCTAssertEqual(bench.deployments.count, 1)
            let deployment = try XCTUnwrap(bench.deployments.first)
            XCTAssertEqual(deployment["environment"], "test")
            XCTAssertEqual(deployment["production_environment"], false)
            XCTAssertEqual(bench.states(deployment), ["in_progress", "success"])
            let status = deployment["statuses"]?[1]
            XCTAssertEqual(status?["environment_url"], "https://cats.test.example/")
            XCTAssertEqual(status?["log_url"]?.string, "https://iterapp.example/operations/1")
            XCTAssertEqual(status?["description"], "Release #3 is live.")
            XCTAssertEqual(bench.errors.value, [])
            XCTAssertEqual(bench.gitHub.gitHub.exchanges("GET", "check-runs").count, 0, "nothing was in doubt")
            let figures = try await bench.journal.statistics().commits
            XCTAssertEqual(figures, CommitStatistics())
        }
    }

    func testWhatWasMissedIsNotToldOneByOne() async throws {
        try await CommitBench.with { bench in
            var push = try await bench.push()
            let build: Build
            (push, build) = try await bench.beginBuild(push)
            try await bench.finish(build)
            push.releaseNumber = 1
            for ready in 0..<50 { try await bench.record(push, .rollingOut(ready: ready, wanted: 50)) }
            try await bench.record(push, .live([Site(url: "https://cats.test.example/")]))
            try await bench.telling { _ in
                try await bench.told(.check, times: 1)
                try await bench.told(.deployment, times: 1)
            }
            let writes = bench.gitHub.gitHub.exchanges.filter { $0.method != "GET" && !$0.path.hasPrefix("/app/") }
            XCTAssertEqual(writes.count, 3, "a check run, a deployment, a status: \(writes.map(\.path))")
        }
    }

    func testOvertakenPushesSaySo() async throws {
        try await CommitBench.with { bench in
            let newer = try await bench.gitHub.gitHub.push(bench.gitHub.repository, ["README": "more cats"])
            _ = try await bench.push()
            _ = try await bench.push(XCTUnwrap(CommitID(newer)), subject: "More @everyone <img src=x>")
            try await bench.telling { _ in try await bench.told(.check, times: 2) }
            let runs = bench.checkRuns
            XCTAssertEqual(runs.map { $0["external_id"] }, ["1", "2"], "in the order of the pushes")
            XCTAssertEqual(runs.first?["conclusion"], "skipped")
            XCTAssertEqual(runs.first?.at("output", "title"), "Overtaken by a newer push")
            let summary = runs.first?.at("output", "summary")?.string ?? ""
            XCTAssertTrue(summary.contains(newer), summary)
            XCTAssertTrue(summary.contains("\\<img src\\=x\\>"), summary)
            XCTAssertFalse(summary.contains("@everyone"), summary)
            XCTAssertEqual(runs.last?["status"], "queued")
        }
    }

    func testAFailedBuildShowsTheEndOfItsLogAndNoSecret() async throws {
        try await CommitBench.with { bench in
            let (push, build) = try await bench.beginBuild(
                try await bench.push(subject: "![x](https://evil.example) `correct-horse-battery`"))
            let log = try bench.logs.open(app: push.app, build: build.number, appling: "web")
            let filler = String(repeating: "x", count: 70)
            for number in 0..<12_000 { log.write("#7 0.1 \u{1B}[31mstep\u{1B}[0m \(number) \(filler)") }
            log.write("#7 9.9 ``` </details> @everyone")
            log.write("#7 9.9 password correct-\u{1B}[1mhorse\u{1B}[0m-battery")
            log.write("#7 ERROR: exit code: 1")
            log.close()
            let other = try bench.logs.open(app: push.app, build: build.number, appling: "api")
            other.write("#1 DONE: all is well")
            other.close()
            let failed = BuildError.failed(sentence: "`RUN make` failed (exit code 1).", tail: ["x"])
            try await bench.fail(push, failed.failure(appling: "web", others: []))
            try await bench.telling { _ in try await bench.told(.check, times: 1) }
            let run = try XCTUnwrap(bench.checkRuns.first)
            XCTAssertEqual(run["conclusion"], "failure")
            let summary = run.at("output", "summary")?.string ?? ""
            XCTAssertLessThan(summary.utf8.count, 60_000)
            XCTAssertTrue(summary.contains("The last lines of the log of `web`:\n\n````text\n"), summary)
            XCTAssertTrue(summary.hasSuffix("\n#7 ERROR: exit code: 1\n````"), summary)
            XCTAssertFalse(summary.contains("all is well"), "it did not fail")
            XCTAssertFalse(summary.contains("\u{1B}"))
            XCTAssertFalse(summary.contains("correct-horse-battery"))
            XCTAssertTrue(summary.contains("\\!\\[x\\]"), summary)
            XCTAssertNotNil(run["completed_at"])
            XCTAssertEqual(bench.deployments, [])
        }
    }

    func testProblemsStandAtTheirLinesOnceEach() async throws {
        try await CommitBench.with { bench in
            let problems = (1...90).map {
                Problem(path: "iterapp.toml", line: $0, column: 2, message: "Line \($0) is wrong.")
            }
            let push = try await bench.push()
            var ended = push
            (ended.state, ended.finishedAt) = (.failed, .now)
            var report = Report(
                operation: ended, appLabel: "cats", phase: .failed(Failure(.settings, "The settings have 90 errors.")))
            report.set(problems)
            try await bench.journal.settle(ended, .nothing, notices: [.live(report)])
            // The answer to the first half is lost: nobody knows whether it arrived.
            let patches = Watched(0)
            bench.gitHub.gitHub.observe { [gitHub = bench.gitHub.gitHub] request in
                guard request.method == "PATCH" else { return }
                patches.change { $0 += 1 }
                if patches.value == 2 { gitHub.fail(.lostAnswer, method: "PATCH", at: "check-runs") }
            }
            bench.signals.notices.fire()
            try await bench.telling { _ in
                try await bench.failed(times: 1)
                bench.pass(seconds: 10)
                try await bench.told(.check, times: 1)
            }
            let annotations = bench.checkRuns.first?.at("output", "annotations")?.array ?? []
            XCTAssertEqual(annotations.map { $0["start_line"]?.int }, Array(1...90))
            XCTAssertEqual(annotations.first?["annotation_level"], "failure")
            XCTAssertEqual(annotations.first?["message"], "Line 1 is wrong.")
            XCTAssertEqual(patches.value, 4, "the state and 50, the state and 40")
            XCTAssertEqual(bench.checkRuns.first?.at("output", "title"), "The settings have to be corrected")
        }
    }

    func testADeployThatTakesThePlaceOfAnotherEndsItsDeployment() async throws {
        try await CommitBench.with { bench in
            try await bench.telling { _ in
                for number in 1...2 {
                    var push = try await bench.push()
                    _ = try await bench.journal.claim(at: .now)
                    let build: Build
                    (push, build) = try await bench.beginBuild(push)
                    try await bench.finish(build)
                    push.releaseNumber = try await bench.journal.reserveRelease(
                        for: push, plan: ClusterPlan(namespace: "apps-cats-test", text: "{}"), at: .now)
                    try await bench.record(push, .applying)
                    (push.state, push.finishedAt) = (.succeeded, .now)
                    let live = Phase.live([Site(url: "https://cats.test.example/")])
                    try await bench.journal.settle(push, .released, notices: [CommitBench.draft(push, live)])
                    bench.signals.notices.fire()
                    let id = push.id
                    try await bench.events.wait(for: "release \(number) is told") { _ in
                        bench.states(bench.deployments.first { $0.at("payload", "iterapp") == .string("\(id)") }).last
                            == "success"
                    }
                }
                try await bench.events.wait(for: "the first is over") { _ in
                    bench.states(bench.deployments.first).last == "inactive"
                }
            }
            XCTAssertEqual(bench.states(bench.deployments.last).last, "success")
        }
    }

    func testAPersonalTokenSetsCommitStatuses() async throws {
        try await CommitBench.with(asPerson: true) { bench in
            let (push, _) = try await bench.beginBuild(try await bench.push())
            try await bench.telling { _ in
                try await bench.told(.check, times: 1)
                try await bench.fail(push, Failure(.build, "`RUN make` failed."))
                try await bench.told(.check, times: 2)
            }
            XCTAssertEqual(bench.checkRuns, [])
            let statuses = bench.gitHub.gitHub.commitStatuses(of: CommitBench.fullName)
            XCTAssertEqual(statuses.map { $0["state"] }, ["pending", "failure"])
            XCTAssertEqual(statuses.map { $0["context"] }, ["iterapp/cats", "iterapp/cats"])
            XCTAssertEqual(statuses.last?["description"], "The build failed")
            XCTAssertEqual(statuses.last?["target_url"], "https://iterapp.example/operations/1")
            XCTAssertEqual(bench.errors.value, [])
        }
    }
}
