import Deploys
import XCTest

/// How live notices of one operation make room for newer ones, as a table: what happens, and what is
/// then delivered, in order.
final class CoalescingTests: XCTestCase {
    private enum Step {
        case live(Int)
        case detail(String)
        /// The first notice is handed out, and then its sending begins.
        case peek, begin
        /// It did not arrive, or nobody knows whether it did.
        case deliver, postpone, loseAnswer
        /// Another operation's live notice in the same channel.
        case other(Int)
    }

    private let table: [(name: String, steps: [Step], delivered: [String])] = [
        ("the first post keeps its place", [.live(1), .detail("d"), .live(2), .live(3)], ["3", "d"]),
        ("an edit moves to the end",
            [.live(1), .begin, .deliver, .live(2), .detail("d"), .live(3), .detail("e"), .live(4)],
            ["d", "e", "4"]),
        ("what is being posted stays, edits follow and coalesce",
            [.live(1), .begin, .live(2), .detail("d"), .live(3), .live(4)], ["1", "d", "4"]),
        ("what is being edited stays",
            [.live(1), .begin, .deliver, .live(2), .begin, .live(3), .live(4)], ["2", "4"]),
        ("a post that did not arrive is replaced in place",
            [.live(1), .detail("d"), .begin, .postpone, .live(2)], ["2", "d"]),
        ("an edit that did not arrive gives way",
            [.live(1), .begin, .deliver, .live(2), .detail("d"), .begin, .postpone, .live(3)], ["d", "3"]),
        ("a post that did not arrive takes the place of the edits behind it",
            [.live(1), .begin, .live(2), .postpone, .detail("d"), .live(3)], ["3", "d"]),
        ("or is followed by them", [.live(1), .begin, .live(2), .detail("d"), .postpone], ["1", "2", "d"]),
        ("a post that may have arrived stays, or the newer state would be taken for what arrived",
            [.live(1), .detail("d"), .begin, .loseAnswer, .live(2), .live(3)], ["1", "d", "3"]),
        ("looking changes nothing", [.live(1), .peek, .live(2)], ["2"]),
        ("what was handed out before it was replaced is followed by the newer one",
            [.live(1), .detail("d"), .peek, .live(2), .begin], ["1", "d", "2"]),
        ("also when still newer ones come",
            [.live(1), .peek, .live(2), .begin, .detail("d"), .live(3)], ["1", "d", "3"]),
        ("operations do not disturb one another",
            [.live(1), .other(1), .live(2), .other(2)], ["2", "other 2"]),
        ("replies and announcements are never dropped",
            [.detail("a"), .live(1), .detail("a"), .detail("a")], ["a", "1", "a", "a"]),
    ]

    func testTable() async throws {
        for (name, steps, wanted) in table {
            try await JournalUnderTest.run { journal in
                let delivered = try await play(steps, on: journal)
                XCTAssertEqual(delivered, wanted, name)
            }
        }
    }

    private func play(_ steps: [Step], on journal: JournalUnderTest.Ports) async throws -> [String] {
        let operation = try await journal.take(.deploy())
        let second = try await journal.take(.deploy(dogs))
        var courier = Courier(journal: journal)
        for step in steps {
            switch step {
            case .live(let number):
                try await journal.record(operation, notices: [live(operation, number)])
            case .other(let number):
                try await journal.record(second, notices: [live(second, number)])
            case .detail(let title):
                try await journal.record(operation, notices: [detail(title)])
            case .peek: courier.handedOut = try await journal.head()
            case .begin: try await courier.begin()
            case .deliver: _ = try await courier.deliver()
            case .postpone: try await courier.postpone(isUnsure: false)
            case .loseAnswer: try await courier.postpone(isUnsure: true)
            }
        }
        let begun = try await courier.sending == nil ? [] : [courier.deliver()]
        let rest = try await journal.deliverAll()
        return (begun + rest).map { label($0, isOther: $0.operation == second.id) }
    }

    /// Sends what was handed out, which may have been replaced since.
    private struct Courier {
        let journal: JournalUnderTest.Ports
        var handedOut: Notice?
        var sending: Notice?

        mutating func begin() async throws {
            let head: Notice
            if let handedOut { head = handedOut } else { head = try await journal.head() }
            try await journal.begin(head.id)
            sending = head
            handedOut = nil
        }

        mutating func deliver() async throws -> Notice {
            let notice = try XCTUnwrap(sending)
            try await journal.delivered(notice.id, as: MessageReference(channel: "C1", timestamp: "0"))
            sending = nil
            return notice
        }

        mutating func postpone(isUnsure: Bool) async throws {
            try await journal.postpone(
                XCTUnwrap(sending).id, until: noon, reason: "unreachable", mayHaveArrived: isUnsure)
            sending = nil
        }
    }

    private func label(_ notice: Notice, isOther: Bool) -> String {
        switch notice.draft {
        case .detail(let title, _): return title
        case .live(let report), .announcement(let report):
            guard case .rollingOut(let ready, _, _) = report.phase else { return "?" }
            return isOther ? "other \(ready)" : "\(ready)"
        }
    }
}
