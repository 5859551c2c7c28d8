import Foundation
import XCTest

@testable import Deploys

/// What is not built again although the commit is another one.
final class UnchangedImageTests: XCTestCase {
    private func say(_ bench: Bench, _ fingerprints: [String: String]) {
        bench.world.fingerprints.withLock { $0 = fingerprints }
    }

    func testOnlyWhatChangedIsBuilt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", applingFiles(["api", "web"]))
            say(bench, ["api": "1", "web": "1"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            bench.world.commit("b", applingFiles(["api", "web"]))
            say(bench, ["api": "1", "web": "2"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build bbbbbbb api"), 0)
            XCTAssertEqual(bench.world.count("build bbbbbbb web"), 1)
            let released = try XCTUnwrap(bench.world.releases.withLock { $0.last })
            XCTAssertEqual(released.buildNumber, 2)
            XCTAssertEqual(
                bench.world.logLines.withLock { $0["cats 2 api"] },
                [
                    "Unchanged since build 1: nothing that this image is made of is different now, so it is used again.",
                    "aaaaaaa-1 api", "(closed)",
                ])
            // And back: what was built before is still there.
            bench.world.commit("c", applingFiles(["api", "web"]))
            say(bench, ["api": "1", "web": "1"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 3)
            XCTAssertEqual(bench.world.count("build ccccccc"), 0)
        }
    }

    private func request(_ number: Int, dockerfile: String = "Dockerfile", secrets: [String: String] = [:]) throws -> ImageRequest {
        ImageRequest(
            app: AppID(organisation: "iterate", name: "cats"), appling: nil,
            commit: try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), buildNumber: number,
            context: URL(filePath: "/"), dockerfile: dockerfile, buildDate: Bench.noon, secrets: BuildSecrets(secrets))
    }

    func testPeopleAreTold() async throws {
        try await Bench.with { bench in
            say(bench, ["": "1"])
            let told = LockedValue<[Phase]>([])
            let board = ProgressBoard([""]) { phase in told.with { $0.append(phase) } }
            let step = ApplingStep(ports: bench.ports(), board: board, buildsAnyway: false)
            _ = await step.run(try request(1))
            XCTAssertEqual(told.with { $0.last }, .building([ApplingBuild(name: "", state: .done)]))
            _ = await step.run(try request(2))
            XCTAssertEqual(told.with { $0.last }, .building([ApplingBuild(name: "", state: .done, unchangedSince: 1)]))
        }
    }

    func testSecretsOfABuildAreNowhere() async throws {
        try await Bench.with { bench in
            let step = ApplingStep(
                ports: bench.ports(), board: ProgressBoard([""]) { _ in }, buildsAnyway: false)
            let secrets = ["npm": "line-of-secret-1\nline-of-secret-2"]
            bench.world.fail(
                "built ", BuildError.failed(sentence: "Step `line-of-secret-1` failed", tail: ["a", "x line-of-secret-2"]))
            let outcome = await step.run(try request(1, dockerfile: "line-of-secret-2", secrets: secrets))
            XCTAssertEqual(bench.world.logLines.withLock { $0["cats 1 "] }, ["built •••", "(closed)"])
            guard case .failure(.failed(let sentence, let tail)) = outcome.result else { return XCTFail("built") }
            XCTAssertEqual(sentence, "Step `•••` failed")
            XCTAssertEqual(tail, ["a", "x •••"])
        }
    }

    func testAnImageThatIsGoneIsBuiltAgain() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            say(bench, ["": "1"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            bench.world.images.withLock { $0.removeAll() }
            bench.world.commit("b")
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build bbbbbbb"), 1)
        }
    }

    func testWhoeverAsksForABuildGetsOne() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            say(bench, ["": "1"])
            await bench.command("build cats main")
            await bench.command("build cats main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build aaaaaaa"), 2)
        }
    }

    /// The others' images are not made again once the one that failed is mended.
    func testOneFailureLeavesTheOthersImages() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", applingFiles(["api", "web"]))
            say(bench, ["api": "1", "web": "1"])
            bench.world.fail("built aaaaaaa api", BuildError.failed(sentence: "No.", tail: []))
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            XCTAssertEqual(bench.world.count("built aaaaaaa web"), 1, "one failure does not stop the others")
            XCTAssertEqual(bench.world.count("roll out"), 0, "the deploy takes none")
            bench.world.commit("b", applingFiles(["api", "web"]))
            say(bench, ["api": "2", "web": "1"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            XCTAssertEqual(bench.world.count("build bbbbbbb api"), 1)
            XCTAssertEqual(bench.world.count("build bbbbbbb web"), 0)
            XCTAssertEqual(bench.world.count("rolled out"), 1)
        }
    }
}
