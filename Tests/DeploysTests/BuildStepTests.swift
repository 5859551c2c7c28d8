import XCTest

@testable import Deploys

/// What is built, and what is not built again.
final class BuildStepTests: XCTestCase {
    func testACommitThatWasBuiltIsNotBuiltAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            await bench.command("deploy cats prod main")
            await bench.command("deploy cats test #1")
            try await bench.work(until: 3)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 1)
            XCTAssertEqual(bench.world.releases.withLock { $0.map(\.buildNumber) }, [1, 1, 1])
            XCTAssertEqual(bench.world.logLines.withLock { $0 }, ["cats 1 ": ["built Dockerfile", "(closed)"]])
        }
    }

    func testTwoEnvironmentsAtOnceShareOneBuild() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.hold("build ")
            await bench.command("deploy cats test main")
            await bench.command("deploy cats prod main")
            let work = bench.start()
            try await bench.world.waitFor("build aaaaaaa")
            try await bench.world.waitFor("resolve main", times: 2)
            bench.world.release("build ")
            try await bench.world.waitFor("end settle", times: 2)
            await bench.stop(work)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 1)
            XCTAssertEqual(bench.world.count("rolled out"), 2)
        }
    }

    func testBuildBuildsAnew() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("build cats main")
            await bench.command("build cats prod main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build aaaaaaa #1"), 1)
            XCTAssertEqual(bench.world.count("build aaaaaaa #2"), 1)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.map(\.phase), [.built, .built])
            XCTAssertEqual(drafts.filter(\.isAnnouncement), [], "nobody has to notice")
        }
    }

    func testImagesThatAreGoneAreBuiltAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            bench.world.images.withLock { $0.removeAll() }
            await bench.command("deploy cats prod main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build aaaaaaa #2"), 1)
            let second = try await bench.operation(3)
            XCTAssertEqual(second.buildNumber, 2)
        }
    }

    /// What was tried in test is what goes to prod.
    func testARegistryThatDoesNotAnswerIsNoReasonToBuildAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            bench.world.isRegistrySilent.withLock { $0 = true }
            await bench.command("deploy cats prod main")
            try await bench.work(until: 2)
            let second = try await bench.operation(3)
            XCTAssertEqual(second.state, .succeeded)
            XCTAssertEqual(second.buildNumber, 1)
        }
    }

    func testApplingsAreBuiltSideBySideUpToTheLimit() async throws {
        try await Bench.with(limits: { $0.maxParallelApplingBuilds = 2 }) { bench in
            try await bench.register("cats")
            bench.world.commit("a", applingFiles(["one", "two", "three"]))
            bench.world.hold("build ")
            await bench.command("deploy cats test main")
            let work = bench.start()
            try await bench.world.waitFor("build ", times: 2)
            XCTAssertEqual(bench.world.count("build "), 2)
            bench.world.release("build ")
            try await bench.world.waitFor("end settle")
            await bench.stop(work)
            XCTAssertEqual(bench.world.count("build "), 3)
            let names = bench.world.releases.withLock { $0.first?.applings.map(\.name) ?? [] }
            XCTAssertEqual(names, ["cats-one", "cats-two", "cats-three"])
        }
    }

    func testOneApplingThatFailsDoesNotStopTheOthersAndIsNamed() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", applingFiles(["api", "web", "jobs"]))
            bench.world.fail("build aaaaaaa api", BuildError.failed(sentence: "`RUN make` ended with 2.", tail: ["no rule"]))
            bench.world.fail("build aaaaaaa jobs", BuildError.noDockerfile(lookedFor: "jobs/Dockerfile"))
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            XCTAssertEqual(bench.world.count("built aaaaaaa web"), 1)
            XCTAssertEqual(bench.world.count("roll out"), 0)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(
                failure.sentence, "The build of `api` failed: `RUN make` ended with 2. (`jobs` failed too.)")
            XCTAssertEqual(failure.evidence, ["no rule"])
            // Corrected by nothing but luck: the whole commit is built under a new number.
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            let again = try await bench.operation(3)
            XCTAssertEqual(again.buildNumber, 2)
            XCTAssertEqual(again.state, .succeeded)
        }
    }

    func testABuildDoesNotFailForItsLog() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1) { $0.buildLogs = NoLogs() }
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded)
            XCTAssertTrue(bench.log.lines.contains { $0.contains("build 1 of iterate/cats goes on without a log") })
        }
    }

    func testEveryBuildErrorIsASentenceToActOn() {
        let cases: [(BuildError, String, String)] = [
            (.noDockerfile(lookedFor: "Dockerfile"), "There is no `Dockerfile` in the commit.", "Add one"),
            (.engineUnavailable("The Docker Engine does not answer."),
             "The build could not be finished: The Docker Engine does not answer.", "once that is mended"),
            (.diskFull("no space"), "The build ran out of disk space: no space", "Tell the operator"),
            (.timedOut(afterSeconds: 1_800, tail: []), "The build was stopped at its time limit, after 30 minutes.", "waits for"),
            (.timedOut(afterSeconds: 45, tail: []), "The build was stopped at its time limit, after 45 seconds.", "waits for"),
        ]
        for (error, sentence, advice) in cases {
            let failure = error.failure(appling: "", others: [])
            XCTAssertEqual(failure.sentence, sentence)
            XCTAssertTrue(failure.advice?.contains(advice) ?? false, failure.advice ?? "")
        }
    }
}

func applingFiles(_ names: [String]) -> [String: String] {
    var files = ["iterapp.toml": "applings = [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]\n"]
    for name in names { files["\(name)/iterapp.toml"] = "" }
    return files
}

extension World {
    @discardableResult
    func commit(_ digit: Character, _ files: [String: String]) -> Commit { commit(digit, on: "main", files) }
}
