import XCTest

@testable import Deploys

/// What is written down for a push.
final class PushDeskTests: XCTestCase {
    private func push(
        _ app: String = "cats", branch: String = "main", defaultBranch: String? = "main", delivery: String = "1",
        commit: Character = "a", before: Character? = nil, id: Int64? = nil
    ) -> Push {
        Push(
            repository: SourceRepository(id: id, name: AppID(organisation: "iterate", name: app)), branch: branch,
            before: before.flatMap { CommitID(String(repeating: $0, count: 40)) },
            commit: Commit(id: CommitID(String(repeating: commit, count: 40))!, subject: "Purr", author: "Ada"),
            defaultBranch: defaultBranch, trigger: .push(by: "ada"), deliveryID: delivery)
    }

    func testTheSameDeliveryActsOnce() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let first = try await bench.pushes.take(push())
            XCTAssertEqual(first, .accepted(OperationID(2)))
            let second = try await bench.pushes.take(push())
            XCTAssertEqual(second, .duplicate)
            let queued = try await bench.journal.statistics().operations[.queued]
            XCTAssertEqual(queued, 1)
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.environment, .test)
            XCTAssertEqual(operation.trigger, .push(by: "ada"))
            XCTAssertEqual(operation.commit?.subject, "Purr")
        }
    }

    func testAnUnknownRepositoryAndANameThatCannotBeShownAreLeftAlone() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            for push in [push("dogs"), push(branch: "-f"), push(branch: "a\u{202E}b")] {
                let decision = try await bench.pushes.take(push)
                XCTAssertEqual(decision, .ignored)
            }
            let drafts = try await bench.delivered()
            XCTAssertEqual(drafts.count, 0)
        }
    }

    func testARenamedDefaultBranchIsLearned() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            _ = try await bench.pushes.take(push(branch: "trunk", defaultBranch: "trunk"))
            let app = try await bench.journal.app(AppID(organisation: "iterate", name: "cats"))
            XCTAssertEqual(app?.defaultBranch, "trunk")
            let operation = try await bench.operation(2)
            XCTAssertEqual(operation.environment, .test)
            _ = try await bench.pushes.take(push(branch: "main", defaultBranch: nil, delivery: "2"))
            let other = try await bench.operation(3)
            XCTAssertNil(other.environment, "main is a branch like any other now")
        }
    }

    func testAnOldPushChangesNoDefaultBranch() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            _ = try await bench.pushes.take(push())
            _ = try await bench.pushes.take(
                push(branch: "trunk", defaultBranch: "trunk", delivery: "2", commit: "b", before: "a"))
            let again = try await bench.pushes.take(push())
            XCTAssertEqual(again, .duplicate)
            let late = try await bench.pushes.take(push(branch: "trunk", delivery: "3", commit: "a", before: "9"))
            XCTAssertEqual(late, .accepted(OperationID(4)))
            let app = try await bench.journal.app(AppID(organisation: "iterate", name: "cats"))
            XCTAssertEqual(app?.defaultBranch, "trunk")
        }
    }

    func testOvertakenPushesAreToldByWhat() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            _ = try await bench.pushes.take(push(delivery: "1"))
            let first = try await bench.delivered()
            XCTAssertEqual(first.map(\.phase), [.queued(ahead: 0)])
            _ = try await bench.pushes.take(push(delivery: "2", commit: "b", before: "a"))
            _ = try await bench.pushes.take(push(delivery: "3", commit: "c", before: "b"))
            let drafts = try await bench.delivered()
            XCTAssertEqual(
                drafts.map(\.phase), [.queued(ahead: 0), .superseded(by: push(commit: "b").commit)],
                "nobody heard of the second one, so nobody misses it")
        }
    }

    func testAJournalThatRefusesIsTheCallersToTell() async throws {
        try await Bench.with { bench in
            await bench.journal.close()
            do throws(JournalError) {
                _ = try await bench.pushes.take(push())
                XCTFail("was taken")
            } catch {
                guard case .unavailable = error else { return XCTFail("\(error)") }
            }
        }
    }
}
