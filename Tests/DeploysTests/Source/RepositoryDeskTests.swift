import XCTest

@testable import Deploys

/// What becomes known of repositories.
final class RepositoryDeskTests: XCTestCase {
    private let repository = SourceRepository(id: 7, name: AppID(organisation: "iterate", name: "cats"))

    private func desk(_ bench: Bench) -> RepositoryDesk {
        RepositoryDesk(
            journal: bench.journal, naming: bench.naming, channels: bench.channels, signals: bench.signals,
            now: { Bench.noon })
    }

    func testWhatIsInTheWayStandsInTheStatusUntilItIsGone() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            func status() async -> String { await bench.desk().answer("status cats", from: bench.sender()).text }
            for (news, words) in [
                (RepositoryNews.archived(repository), "Its repository is archived"),
                (.accessLost(repository), "Iterapp may not read its repository"),
                (.accessSuspended(owner: "Iterate"), "is suspended"), (.deleted(repository), "was deleted"),
            ] {
                try await desk(bench).take([news], deliveryID: "\(words)")
                let text = await status()
                XCTAssertTrue(text.contains(words), text)
            }
            var drafts = try await bench.delivered()
            XCTAssertEqual(drafts.count, 4)
            // What came back is told, too; what was deleted does not come back.
            try await desk(bench).take([.accessGiven(repository)], deliveryID: "given")
            try await desk(bench).take([.archived(repository)], deliveryID: "a")
            try await desk(bench).take([.unarchived(repository)], deliveryID: "u")
            drafts = try await bench.delivered()
            XCTAssertEqual(drafts.count, 2)
            let text = await status()
            XCTAssertFalse(text.contains("epository"), text)
        }
    }

    func testAccessIsAskedForOnlyAtANewOwner() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for (owner, isAsked) in [("iterate", false), ("octocat", true)] {
                let moved = SourceRepository(id: 7, name: AppID(organisation: owner, name: "kittens"))
                try await desk(bench).take([.moved(moved, from: isAsked ? nil : repository.name)], deliveryID: owner)
                guard case .repositoryNews(_, let advice?) = try await bench.delivered().last?.phase else {
                    return XCTFail("nothing is told of \(owner)")
                }
                XCTAssertEqual(advice.contains("needs access"), isAsked, advice)
            }
        }
    }

    func testAPushEndsWhatWasInTheWay() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            try await desk(bench).take([.accessLost(repository)], deliveryID: "lost")
            try await desk(bench).heard(from: repository, by: OperationID(3), deliveryID: "push")
            let app = try await bench.journal.app(repository.name)
            XCTAssertNil(app?.sourceTrouble)
            XCTAssertEqual(app?.repository, repository)
        }
    }
}
