import Deploys
import Foundation
import XCTest

/// Requests that are acknowledged before they are operations.
final class InboxTests: XCTestCase {
    private func run(_ body: (JournalUnderTest.Ports) async throws -> Void) async throws {
        try await JournalUnderTest.run { journal in
            for app in [cats, dogs] {
                let registration = try await journal.take(.other(.register, app))
                _ = try await journal.claimed()
                let registered = App(id: app, defaultBranch: "main", defaultEnvironment: nil)
                try await journal.end(registration, .registered(registered))
            }
            try await body(journal)
        }
    }

    private func request(_ app: AppID = cats, key: String, needsApproval: Bool = false) -> OperationRequest {
        var request = OperationRequest.deploy(app, to: .prod, key: key)
        request.place = .channel(id: "C1", name: "iterapp-logs")
        request.delivery = key
        request.needsApproval = needsApproval
        return request
    }

    /// What comes of it is the same as if it had been accepted at once.
    func testARequestBecomesTheOperationThatItAskedFor() async throws {
        try await run { journal in
            let accepted = try await journal.take(request(key: "1", needsApproval: true), at: later(1))
            let receipt = try await journal.received(request(key: "2", needsApproval: true), at: later(1))
            XCTAssertEqual(receipt, cats)
            XCTAssertEqual(journal.waitingRequests, 1)
            let before = try await journal.operation(OperationID(accepted.id.number + 1))
            XCTAssertNil(before)
            let figures = try await journal.statistics()
            XCTAssertEqual(figures.operations[.queued], 2, "it waits with those that are operations")

            let count = try await journal.unpacked()
            XCTAssertEqual([count, journal.waitingRequests], [1, 0])
            let unpacked = try await journal.stored(OperationID(accepted.id.number + 1))
            XCTAssertEqual(unpacked, accepted.renumbered(unpacked.id))
            let notice = try await journal.head()
            XCTAssertEqual(notice.operation, unpacked.id)
            guard case .live(let report) = notice.draft else { return XCTFail("\(notice.draft)") }
            XCTAssertEqual(report.phase, .queued(ahead: 1))
            let audit = try await journal.audit(of: cats, atMost: 9).entries
            XCTAssertEqual(audit.prefix(2).compactMap(\.operation), [unpacked.id, accepted.id])
            XCTAssertEqual(audit[0].date, later(1), "when it was asked for, and not when it was looked at")
            XCTAssertEqual(audit[0].place, audit[1].place)
            let none = try await journal.unpacked()
            XCTAssertEqual(none, 0)
        }
    }

    func testTheNameIsTheRegisteredOne() async throws {
        try await run { journal in
            let receipt = try await journal.received(request(AppID(organisation: "iterate", name: "DOGS"), key: "1"))
            XCTAssertEqual(receipt, dogs)
            _ = try await journal.unpacked()
            let operation = try await journal.claimed()
            XCTAssertEqual(operation.app, dogs)
        }
    }

    func testWhatIsNotRegisteredIsNotTaken() async throws {
        try await run { journal in
            let stranger = AppID(organisation: "iterate", name: "cows")
            let receipt = try await journal.received(request(stranger, key: "1"))
            XCTAssertNil(receipt)
            XCTAssertEqual(journal.waitingRequests, 0)
            let count = try await journal.unpacked()
            XCTAssertEqual(count, 0)
        }
    }

    /// Sent again before it is an operation, and after, on either way.
    func testTheSameRequestIsOneOperation() async throws {
        try await run { journal in
            for _ in 1...2 { _ = try await journal.received(request(key: "1")) }
            let early = try await journal.take(request(key: "1"))
            _ = try await journal.unpacked()
            XCTAssertEqual(journal.waitingRequests, 0)
            let again = try await journal.received(request(key: "1"))
            XCTAssertEqual(again, cats)
            _ = try await journal.unpacked()
            let first = try await journal.claimed()
            XCTAssertEqual(first.id, early.id)
            let late = try await journal.accept(
                request(key: "1"), at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            XCTAssertEqual(late, .duplicate(of: first.id))
            let second = try await journal.claim(at: noon)
            XCTAssertNil(second)
        }
    }

    func testTheyBecomeOperationsInTheirOrder() async throws {
        try await run { journal in
            for number in 1...20 {
                let request = request(number % 2 == 0 ? dogs : cats, key: "\(number)")
                _ = try await journal.received(request, at: later(Double(number)))
            }
            var dates: [Date] = []
            while journal.waitingRequests > 0 { _ = try await journal.unpack(atMost: 3) { _, _ in [] } }
            for number in 1...20 {
                // Two registrations came before.
                dates.append(try await journal.stored(OperationID(Int64(number + 2))).createdAt)
            }
            XCTAssertEqual(dates, (1...20).map { later(Double($0)) })
        }
    }
}

extension Deploys.Operation {
    fileprivate func renumbered(_ id: OperationID) -> Deploys.Operation {
        Deploys.Operation(
            id: id, kind: kind, app: app, environment: environment, revision: revision, trigger: trigger,
            channel: channel, state: state, approval: approval, createdAt: createdAt)
    }
}
