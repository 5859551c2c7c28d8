import AppFile
import XCTest

@testable import Deploys

/// What people are told when something does not work, and what stays as it was.
final class FailureTests: XCTestCase {
    /// Deploys once with a world that fails as told, and hands out what was announced.
    private func failure(
        _ text: String = "deploy cats test main", _ prepare: (World) -> Void
    ) async throws -> (Failure, [String]) {
        nonisolated(unsafe) var result: (Failure, [String])?
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            prepare(bench.world)
            await bench.command(text)
            try await bench.work(until: 1)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .failed)
            result = (try await bench.announcedFailure(), bench.world.events.value)
        }
        return try XCTUnwrap(result)
    }

    func testASourceThatDoesNotAnswerIsAskedAgain() async throws {
        let away = SourceError.unreachable("no route to github.com.")
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("resolve", away, away)
            bench.world.fail("check out", away)
            bench.world.fail("default branch", away)
            await bench.command("deploy cats test main")
            await bench.command("register dogs")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("resolve main"), 3)
            XCTAssertEqual(bench.world.count("check out"), 2)
            XCTAssertEqual(bench.world.count("default branch"), 2)
            let figures = try await bench.journal.statistics()
            XCTAssertEqual(figures.operations[.failed], 0)
        }
        let (failure, events) = try await failure { $0.fail("resolve", away, away, away, away) }
        XCTAssertEqual(failure.sentence, "The source of `cats` does not answer: no route to github.com.")
        XCTAssertEqual(events.count { $0.hasPrefix("resolve") }, 3)
    }

    func testABranchThatDoesNotExistIsToldWithTheNearest() async throws {
        let (failure, events) = try await failure("deploy cats test mian") { _ in }
        XCTAssertEqual(failure.sentence, "`cats` has no branch, tag or commit `mian`. Did you mean `main`?")
        XCTAssertEqual(events.count { $0.hasPrefix("resolve") }, 1, "asking again would not help")
        let (release, _) = try await self.failure("deploy cats test #7") { _ in }
        XCTAssertEqual(release.sentence, "`cats` has no release `#7` that went live.")
    }

    func testEverySourceErrorIsASentenceToActOn() {
        let app = "cats"
        let main = Revision("main")
        let cases: [(SourceError, String)] = [
            (.noSuchRepository, "There is no repository `cats`, or Iterapp may not read it."),
            (.noSuchRevision(nearest: nil), "`cats` has no branch, tag or commit `main`."),
            (.ambiguousRevision, "More than one commit of `cats` begins with `main`."),
            (.empty, "The repository `cats` has no commit yet."),
            (.accessDenied("bad token."), "Iterapp may not read the repository `cats`: bad token."),
            (.diskFull("/state is full."), "The disk of the Iterapp service is full: /state is full."),
            (.broken("loose object."), "The repository `cats` can't be read: loose object."),
        ]
        for (error, sentence) in cases {
            XCTAssertEqual((error.ending(.source, app: app, revision: main) as? Failure)?.sentence, sentence)
        }
        XCTAssertTrue(SourceError.cancelled.ending(.source, app: app, revision: main) is CancellationError)
    }

    func testSettingsWithMistakesAreToldAllAtOnceAndNothingIsBuilt() async throws {
        let (failure, events) = try await failure {
            $0.commit("a", ["iterapp.toml": "prot = 80\nreplicas = \"two\"\n"])
        }
        XCTAssertTrue(failure.sentence.hasPrefix("The settings have 2 errors: iterapp.toml:1:1:"), failure.sentence)
        XCTAssertEqual(failure.evidence.count, 2)
        XCTAssertFalse(events.contains { $0.hasPrefix("build") })
    }

    func testAnEngineThatDoesNotAnswerHasItsOwnSentence() async throws {
        let (failure, _) = try await failure {
            $0.fail("build", BuildError.engineUnavailable("No Docker Engine answers at /var/run/docker.sock."))
        }
        XCTAssertEqual(
            failure.sentence, "The build could not be finished: No Docker Engine answers at /var/run/docker.sock.")
        XCTAssertEqual(failure.stage, .build)
    }

    func testAFailedRollOutOfSeveralApplingsPromisesOnlyForTheOneThatFailed() throws {
        let applings = ["cats-web", "cats-worker"].map {
            ReleasedAppling(
                settings: Appling(), name: $0, image: ImageReference("cats"), replicas: 1, hosts: [], variables: [])
        }
        let release = Release(
            operation: OperationID(1), app: AppID(organisation: "iterate", name: "cats"), appSlug: "cats",
            environment: .test, namespace: "apps-cats-test", commit: .unknown, buildNumber: 1, applings: applings)
        let error = RollOutError.failed(appling: "cats-worker", cause: "No machine has room.", advice: nil, evidence: [])
        XCTAssertEqual(
            (error.ending(release, serving: 4) as? Failure)?.sentence,
            "`cats-worker`: No machine has room. Release #4 keeps serving.")
        XCTAssertEqual(
            (error.ending(release, serving: nil) as? Failure)?.sentence, "`cats-worker`: No machine has room.")
    }

    func testAFailedRollOutNamesTheReleaseThatKeepsServing() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            bench.world.commit("b")
            let errors: [(RollOutError, String)] = [
                (.failed(appling: "cats", cause: "The container ends with exit code 1.", advice: "Read its log.", evidence: ["boom"]),
                 "The container ends with exit code 1. Release #1 was put back and serves."),
                (.rejected("replicas: must be positive."),
                 "The cluster refused the app's objects: replicas: must be positive. Nothing was changed. Release #1 keeps serving."),
                (.unreachable("no answer within 30 seconds."), "The cluster does not answer: no answer within 30 seconds."),
            ]
            for (index, (error, sentence)) in errors.enumerated() {
                bench.world.fail("roll out", error)
                await bench.command("deploy cats test main")
                try await bench.work(until: index + 2)
                let failure = try await bench.announcedFailure()
                XCTAssertEqual(failure.sentence, sentence)
            }
            let current = try await bench.journal.currentRelease(
                of: AppID(organisation: "iterate", name: "cats"), in: .test)
            XCTAssertEqual(current, 1)
            await bench.command("deploy cats test #2")
            try await bench.work(until: 5)
            let failure = try await bench.announcedFailure()
            XCTAssertEqual(failure.sentence, "`cats` has no release `#2` that went live. Release #1 keeps serving.")
        }
    }

    func testWhatIsWrongWithARollOutIsToldAlsoWhenTheJournalCannotBeRead() async throws {
        let (failure, _) = try await failure {
            $0.fail("roll out", RollOutError.failed(appling: "cats", cause: "It crashes.", advice: nil, evidence: []))
            $0.fail("begin current release", JournalError.unavailable("the disk is gone"))
        }
        XCTAssertEqual(failure.sentence, "It crashes.")
    }

    func testWhatHappenedIsSettledWhenTheJournalTakesItAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("begin settle", JournalError.diskFull, JournalError.diskFull, JournalError.diskFull)
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded, "it is live, whatever the disk did")
            XCTAssertEqual(bench.world.count("begin settle"), 4)
            XCTAssertEqual(bench.world.count("roll out"), 1)
            let drafts = try await bench.delivered()
            XCTAssertEqual(bench.notifications(of: drafts), 1)
        }
    }

    func testAnAnswerOfTheJournalThatGotLostEndsTheOperationOnce() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("end settle", JournalError.unavailable("the answer got lost"))
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            let drafts = try await bench.delivered()
            XCTAssertEqual(bench.notifications(of: drafts), 1)
        }
    }

    func testAStopWhileTheJournalRefusesLeavesTheOperationForTheNextStart() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.fail("begin settle", JournalError.diskFull, JournalError.diskFull)
            bench.world.fail("begin put back", JournalError.diskFull)
            bench.world.hold("begin settle")
            await bench.command("deploy cats test main")
            let work = bench.start()
            try await bench.world.waitFor("begin settle")
            work.cancel()
            bench.world.release("begin settle")
            await work.value
            XCTAssertTrue(bench.log.lines.contains { $0.contains("operation 2 is taken up at the next start only") })
            try await bench.work(until: 1)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded)
            XCTAssertEqual(operation.releaseNumber, 1)
            XCTAssertEqual(bench.world.count("build "), 1)
        }
    }

    func testAFullDiskInTheMiddleFailsWithItsOwnSentence() async throws {
        let (failure, _) = try await failure { $0.fail("begin reserve release", JournalError.diskFull) }
        XCTAssertEqual(failure.stage, .service)
        XCTAssertEqual(failure.sentence, "The disk of the Iterapp service was full, so this could not go on.")
        let (broken, events) = try await self.failure {
            $0.fail("begin claim", JournalError.unavailable("locked"))
            $0.fail("begin rescue", JournalError.unavailable("locked"))
            $0.fail("begin begin build", JournalError.unavailable("it is locked."))
        }
        XCTAssertEqual(broken.sentence, "The Iterapp service could not write to its journal: it is locked.")
        XCTAssertEqual(events.prefix(2), ["begin rescue", "begin rescue"])
    }

    func testProgressThatCannotBeWrittenStopsNothing() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.progress.withLock { $0 = (0..<200).map { ($0, 200) } }
            await bench.command("deploy cats test main")
            let world = bench.world
            world.onEvent { event, _ in
                if event.hasPrefix("roll out") { world.fail("begin record", JournalError.diskFull) }
            }
            try await bench.work(until: 1)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.state, .succeeded)
        }
    }
}
