import Deploys
import Foundation
import Images
import TestSupport
import XCTest

/// Where branches stand, as plain Git tells it.
final class HeadsTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    func testEveryBranchIsToldAndNoTag() async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "repositories/cats"))
            let remotes = DirectoryRemotes(
                root: root.appending(path: "repositories"), defaultOrganisation: "iterate")
            let source = try GitSource(
                workDirectory: root.appending(path: "work"), environment: ProcessInfo.processInfo.environment
            ) { remotes.remote(of: $0) }
            let none = try await source.heads(of: cats, since: nil)
            XCTAssertEqual(none, .heads([:], tag: nil))
            let older = try await repository.commit("First")
            let first = try XCTUnwrap(CommitID(older))
            try await repository.git(["branch", "feature/ñ#1"])
            try await repository.git(["tag", "v1"])
            let newer = try await repository.commit("Second")
            let second = try XCTUnwrap(CommitID(newer))
            let both = try await source.heads(of: cats, since: nil)
            XCTAssertEqual(both, .heads(["main": second, "feature/ñ#1": first], tag: nil))
            let dogs = AppID(organisation: "iterate", name: "dogs")
            await assertThrows(SourceError.noSuchRepository) { try await source.heads(of: dogs, since: nil) }
        }
    }
}
