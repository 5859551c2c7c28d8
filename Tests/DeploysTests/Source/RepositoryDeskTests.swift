import XCTest

@testable import Deploys

/// What becomes known of repositories.
final class RepositoryDeskTests: XCTestCase {
    private let repository = SourceRepository(id: 7, name: AppID(organisation: "iterate", name: "cats"))

    private func desk(_ bench: Bench) -> RepositoryDesk { RepositoryDesk(bench.intake()) }

    private func trouble(_ bench: Bench) async throws -> SourceTrouble? {
        try await bench.journal.app(repository.name)?.sourceTrouble
    }

    func testWhatIsInTheWayStandsInTheStatusUntilItIsGone() async throws {
        for (number, (news, words, end)) in [
            (RepositoryNews.archived(repository), "Its repository is archived", RepositoryNews.unarchived(repository)),
            (.accessLost(repository), "Iterapp may not read its repository", .accessGiven(repository)),
            (.accessSuspended(owner: "Iterate"), "is suspended", .accessResumed(owner: "iterate")),
        ].enumerated() {
            try await Bench.with { bench in
                try await bench.register("cats")
                func status() async -> String { await bench.desk().answer("status cats", from: bench.sender()).text }
                try await desk(bench).take([news], deliveryID: "in the way \(number)")
                var text = await status()
                XCTAssertTrue(text.contains(words), text)
                try await desk(bench).take([end], deliveryID: "gone \(number)")
                text = await status()
                XCTAssertFalse(text.contains("epository"), text)
                let drafts = try await bench.delivered()
                XCTAssertEqual(drafts.count, 2, "what came back is told, too")
            }
        }
    }

    /// Each comes and goes by itself, in whatever order it is told.
    func testOneTroubleNeitherHidesNorEndsAnother() async throws {
        let (lost, given) = (RepositoryNews.accessLost(repository), RepositoryNews.accessGiven(repository))
        let suspended = RepositoryNews.accessSuspended(owner: "iterate")
        let resumed = RepositoryNews.accessResumed(owner: "iterate")
        let cases: [([RepositoryNews], SourceTrouble?, told: Int)] = [
            ([.deleted(repository), lost, suspended], .deleted, 1),
            ([.deleted(repository), lost, given], .deleted, 1),
            ([.deleted(repository), .archived(repository), .unarchived(repository)], .deleted, 1),
            ([.deleted(repository), .pushed(repository)], nil, 2),
            ([.archived(repository), lost, given], .archived, 3),
            ([.archived(repository), lost, .unarchived(repository)], .accessLost, 2),
            ([lost, suspended, resumed], .accessLost, 1), ([suspended, lost, given], .suspended, 3),
            ([suspended, .accessGivenUp(owner: "iterate"), given], nil, 3),
            ([.archived(repository), lost, suspended, .pushed(repository)], nil, 3),
        ]
        for (number, (news, expected, told)) in cases.enumerated() {
            try await Bench.with { bench in
                try await bench.register("cats")
                for (index, news) in news.enumerated() {
                    try await desk(bench).take([news], deliveryID: "\(index)")
                }
                let found = try await trouble(bench)
                XCTAssertEqual(found, expected, "case \(number)")
                let drafts = try await bench.delivered()
                XCTAssertEqual(drafts.count, told, "case \(number): \(drafts.compactMap(\.phase))")
            }
        }
    }

    /// Taking all but a few repositories away is one event of the source, and one message.
    func testWhatADeliveryTellsOfManyIsOneMessage() async throws {
        try await Bench.with { bench in
            for number in 1...12 { try await bench.register("app\(number)") }
            let repositories = (1...10_000).map {
                SourceRepository(id: Int64($0), name: AppID(organisation: "iterate", name: "app\($0)"))
            }
            let taken = try await desk(bench).take(
                repositories.map(RepositoryNews.accessLost), deliveryID: "selected")
            XCTAssertEqual(taken.count, 12)
            var phases = try await bench.delivered().compactMap(\.phase)
            let named = (1...10).map { "`app\($0)`" }.joined(separator: ", ")
            let lost = "Iterapp may no longer read 12 repositories: nothing new of \(named) and 2 more is built."
            let advice = "What runs stays up. Give Iterapp access to them again, or deregister the apps."
            XCTAssertEqual(phases, [.repositoryNews(lost, advice: advice, appCount: 12)])
            let again = try await desk(bench).take([.accessLost(repositories[0])], deliveryID: "selected")
            XCTAssertEqual(again, [], "it acted before")

            // One of them has something else in its way, and one delivery tells of two kinds.
            try await desk(bench).take([.archived(repositories[2])], deliveryID: "archived")
            _ = try await bench.delivered()
            try await desk(bench).take(
                repositories[1...2].map(RepositoryNews.accessGiven) + [.archived(repositories[0])], deliveryID: "given")
            phases = try await bench.delivered().compactMap(\.phase)
            guard case .repositoryNews(let given, let but?, 2)? = phases.first, phases.count == 1 else {
                return XCTFail("\(phases)")
            }
            XCTAssertEqual(given, "Iterapp may read the repositories of `app2`, `app3` again.")
            XCTAssertTrue(but.contains("but for 1 of them"), but)
        }
    }

    func testAccessIsAskedForOnlyAtANewOwner() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for (owner, isAsked) in [("iterate", false), ("octocat", true)] {
                let moved = SourceRepository(id: 7, name: AppID(organisation: owner, name: "kittens"))
                try await desk(bench).take([.moved(moved, from: isAsked ? nil : repository.name)], deliveryID: owner)
                guard case .repositoryNews(_, let advice?, _) = try await bench.delivered().last?.phase else {
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
            XCTAssertEqual(app?.sourceTroubles, [])
            XCTAssertEqual(app?.repository, repository)
        }
    }
}
