import Deploys
import Foundation
import XCTest

/// What people know of scheduled tasks that fail.
final class TaskFailuresTests: XCTestCase {
    private let task = ScheduledTask.ID(namespace: "apps-cats-test", name: "cats-clean")

    func testAFailureAndItsEndAreWrittenOnceWithTheirNotices() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.other(.register))
            _ = try await journal.deliverAll()
            // Repeated, as after an acknowledgement that got lost; and a later failure is none that begins.
            for seconds in [0.0, 0, 60] {
                try await journal.tell(
                    ToldTaskFailure(task, runAt: later(seconds)), about: operation, at: noon, notices: [detail("told")])
            }
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.map(\.draft), [detail("told")])
            let told = try await journal.toldTaskFailures()
            XCTAssertEqual(told, [ToldTaskFailure(task, runAt: noon)])

            let other = ScheduledTask.ID(namespace: task.namespace, name: "cats-mail")
            try await journal.forgetTaskFailure(of: other, about: operation, notices: [detail("another's")])
            for _ in 0..<2 {
                try await journal.forgetTaskFailure(of: task, about: operation, notices: [detail("works again")])
            }
            let recovered = try await journal.deliverAll()
            XCTAssertEqual(recovered.map(\.draft), [detail("works again")])
            let none = try await journal.toldTaskFailures()
            XCTAssertEqual(none, [])
        }
    }

    func testWhatHasNobodyToTellIsForgotten() async throws {
        try await JournalUnderTest.run { journal in
            let operation = try await journal.take(.other(.register))
            try await journal.tell(ToldTaskFailure(task, runAt: noon), about: operation, at: noon, notices: [])
            _ = try await journal.deliverAll()
            try await journal.forgetTaskFailure(of: task, about: nil, notices: [])
            let none = try await journal.toldTaskFailures()
            XCTAssertEqual(none, [])
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.count, 0)
        }
    }
}
