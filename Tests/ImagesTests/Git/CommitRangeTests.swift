import Deploys
import Foundation
import Images
import TestSupport
import XCTest

/// What a preview lists: from our own copy, without asking anybody.
final class CommitRangeTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    private func with(_ body: (GitSource, Repository) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "repositories/cats"))
            let remotes = DirectoryRemotes(
                root: root.appending(path: "repositories"), defaultOrganisation: "iterate")
            let source = try GitSource(
                workDirectory: root.appending(path: "work"), environment: ProcessInfo.processInfo.environment
            ) { remotes.remote(of: $0) }
            try await body(source, repository)
        }
    }

    private func range(_ source: GitSource, _ old: String, _ new: String, atMost count: Int = 10) async throws -> CommitRange {
        try await source.commits(
            from: try XCTUnwrap(CommitID(old)), to: try XCTUnwrap(CommitID(new)), of: cats, atMost: count,
            within: .seconds(20))
    }

    func testNewestFirstAndCounted() async throws {
        try await with { source, repository in
            let first = try await repository.commit("First")
            for subject in ["Second", "Third", "Fourth\n\nWith a body."] { try await repository.commit(subject) }
            let last = try await repository.git(["rev-parse", "HEAD"])
            _ = try await source.resolve(try XCTUnwrap(Revision("main")), of: cats)
            let all = try await range(source, first, last)
            XCTAssertEqual(all.newest.map(\.subject), ["Fourth", "Third", "Second"])
            XCTAssertEqual(all.newest.map(\.author), ["Ada Lovelace", "Ada Lovelace", "Ada Lovelace"])
            XCTAssertEqual(all.count, 3)
            let some = try await range(source, first, last, atMost: 1)
            XCTAssertEqual(some.newest.map(\.subject), ["Fourth"])
            XCTAssertEqual(some.count, 3)
            let none = try await range(source, last, first)
            XCTAssertEqual(none, CommitRange(newest: [], count: 0))
        }
    }

    func testNothingIsFetchedForIt() async throws {
        try await with { source, repository in
            let first = try await repository.commit("First")
            let unseen = await error { _ = try await range(source, first, first) }
            XCTAssertEqual(unseen, .noSuchRevision(nearest: nil), "there is no mirror yet")
            _ = try await source.resolve(try XCTUnwrap(Revision("main")), of: cats)
            let second = try await repository.commit("Second")
            let unknown = await error { _ = try await range(source, first, second) }
            XCTAssertEqual(unknown, .noSuchRevision(nearest: nil))
        }
    }

    private func error(_ body: () async throws -> Void) async -> SourceError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? SourceError
        }
    }
}
