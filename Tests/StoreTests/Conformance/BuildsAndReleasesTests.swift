import Deploys
import XCTest

final class BuildsAndReleasesTests: XCTestCase {
    func testBuildsAreNumberedPerApp() async throws {
        try await JournalUnderTest.run { journal in
            let first = try await journal.take(.deploy())
            let second = try await journal.take(.deploy())
            let other = try await journal.take(.deploy(dogs))
            for (operation, number) in [(first, 1), (second, 2), (other, 1)] {
                let build = try await journal.beginBuild(of: testCommit().id, for: operation, at: noon)
                XCTAssertEqual(
                    build, Build(app: operation.app, number: number, commit: testCommit().id, images: nil))
                let stored = try await journal.stored(operation.id)
                XCTAssertEqual(stored.buildNumber, number)
                let found = try await journal.build(number, of: operation.app)
                XCTAssertEqual(found, build)
            }
            let none = try await journal.build(3, of: cats)
            XCTAssertNil(none)
        }
    }

    func testARepeatedOperationGoesOnWithItsBuild() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            let begun = try await journal.beginBuild(of: testCommit("a").id, for: operation, at: noon)
            let again = try await journal.beginBuild(of: testCommit("a").id, for: operation, at: noon)
            XCTAssertEqual(again, begun)
            let otherCommit = try await journal.beginBuild(of: testCommit("b").id, for: operation, at: noon)
            XCTAssertEqual(otherCommit.number, 2)
            var finished = otherCommit
            finished.images = ["": ImageReference("cats:b")]
            try await journal.finishBuild(finished, at: noon)
            let afresh = try await journal.beginBuild(of: testCommit("b").id, for: operation, at: noon)
            XCTAssertEqual(afresh.number, 3, "a build that ended is not begun again")
        }
    }

    func testTheNewestSuccessfulBuildOfACommit() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            let images = ["": ImageReference("r/cats@sha256:1"), "web/app": ImageReference("r/\"web\"")]
            for number in 1...3 {
                var build = try await journal.beginBuild(of: testCommit("a").id, for: operation, at: noon)
                XCTAssertEqual(build.number, number)
                let before = try await journal.finishedBuild(of: testCommit("a").id, app: cats)?.number
                XCTAssertEqual(before, number == 1 ? nil : number - 1)
                build.images = images
                try await journal.finishBuild(build, at: later(1))
                try await journal.finishBuild(build, at: later(2))
                let found = try await journal.finishedBuild(of: testCommit("a").id, app: cats)
                XCTAssertEqual(found, build)
            }
            let otherApp = try await journal.finishedBuild(of: testCommit("a").id, app: dogs)
            XCTAssertNil(otherApp)
            let otherCommit = try await journal.finishedBuild(of: testCommit("b").id, app: cats)
            XCTAssertNil(otherCommit)
        }
    }

    func testABuildThatIsUnknownOrHasNoImagesCannotBeFinished() async throws {
        try await JournalUnderTest.run { journal in
            let unknown = await journalError {
                try await journal.finishBuild(
                    Build(app: cats, number: 4, commit: testCommit().id, images: [:]), at: noon)
            }
            XCTAssertEqual(unknown, .unavailable("build 4 of iterate/cats is not in the journal"))
            let empty = await journalError {
                try await journal.finishBuild(
                    Build(app: cats, number: 4, commit: testCommit().id, images: nil), at: noon)
            }
            XCTAssertEqual(empty, .unavailable("build 4 of iterate/cats has no images to record"))
        }
    }

    func testAnOldCopyOfTheOperationDoesNotLoseItsNumbers() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.push())
            _ = try await journal.beginBuild(of: testCommit().id, for: operation, at: noon)
            _ = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
            try await journal.record(operation, notices: [])
            let stored = try await journal.stored(operation.id)
            XCTAssertEqual(stored.buildNumber, 1)
            XCTAssertEqual(stored.releaseNumber, 1)
        }
    }

    func testAReleaseCountsOnceItIsLive() async throws {
        try await JournalUnderTest.run { journal in
            let failing = try await journal.take(.push(commit: testCommit("a")))
            _ = try await journal.claimed()
            let first = try await journal.reserveRelease(for: failing, plan: testPlan(failing), at: noon)
            let again = try await journal.reserveRelease(for: failing, plan: testPlan(failing), at: noon)
            XCTAssertEqual([first, again], [1, 1])
            try await journal.end(failing, as: .failed)

            let working = try await journal.take(.push(commit: testCommit("b")))
            _ = try await journal.claimed()
            let second = try await journal.reserveRelease(for: working, plan: testPlan(working), at: noon)
            XCTAssertEqual(second, 2)
            let early = try await journal.release(2, of: cats)
            XCTAssertNil(early)
            try await journal.end(working, .released)
            let live = try await journal.release(2, of: cats)
            XCTAssertEqual(live, testCommit("b"))
            let failed = try await journal.release(1, of: cats)
            XCTAssertNil(failed)
            let others = try await journal.release(2, of: dogs)
            XCTAssertNil(others)

            let other = try await journal.take(.deploy(dogs))
            let number = try await journal.reserveRelease(for: other, plan: testPlan(other), at: noon)
            XCTAssertEqual(number, 1)
        }
    }

    func testAnEnvironmentServesItsNewestLiveRelease() async throws {
        try await JournalUnderTest.run { journal in
            let ends: [(EnvironmentName, AppID, Deploys.Operation.State)] = [
                (.test, cats, .succeeded), (.test, dogs, .succeeded), (.test, cats, .succeeded),
                (.prod, cats, .succeeded), (.test, cats, .failed),
            ]
            for (environment, app, state) in ends {
                let operation = try await journal.take(.deploy(app, to: environment))
                _ = try await journal.claimed()
                _ = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
                try await journal.end(operation, as: state, state == .succeeded ? .released : .nothing)
            }
            let inTest = try await journal.currentRelease(of: cats, in: .test)
            XCTAssertEqual(inTest, 2)
            let inProd = try await journal.currentRelease(of: cats, in: .prod)
            XCTAssertEqual(inProd, 3)
            let others = try await journal.currentRelease(of: dogs, in: .test)
            XCTAssertEqual(others, 1)
            let none = try await journal.currentRelease(of: dogs, in: .prod)
            XCTAssertNil(none)
        }
    }

    func testReleasedWithoutANumberChangesNothing() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.deploy())
            _ = try await journal.claimed()
            let error = await journalError {
                try await journal.end(operation, .released, notices: [detail("live")])
            }
            XCTAssertEqual(error, .unavailable("operation 1 released without having taken a number"))
            let state = try await journal.stored(operation.id).state
            XCTAssertEqual(state, .running)
            let channels = try await journal.channelsWithPosts()
            XCTAssertEqual(channels, [])
        }
    }
}
