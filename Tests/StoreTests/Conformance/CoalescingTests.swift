import Deploys
import XCTest

/// How live notices of one operation make room for newer ones, as a table: what happens, and what is
/// then delivered, posts first.
final class CoalescingTests: XCTestCase {
    private enum Step {
        case live(Int)
        case detail(String)
        /// Says what the newest live notice says, too.
        case announce(Int)
        /// The first post is handed out, and then its sending begins.
        case peek, begin
        /// It arrived; it did not; nobody knows whether it did.
        case deliver, postpone, loseAnswer
        /// It is found in the channel after all.
        case find
        /// The first edit is handed out.
        case edit
        /// Another operation's live notice in the same channel.
        case other(Int)
    }

    private let table: [(name: String, steps: [Step], delivered: [String])] = [
        ("the first post keeps its place", [.live(1), .detail("d"), .live(2), .live(3)], ["3", "d"]),
        ("edits wait beside the posts",
            [.live(1), .begin, .deliver, .live(2), .detail("d"), .live(3), .detail("e"), .live(4)],
            ["d", "e", "4"]),
        ("what is being posted is followed by the newest state",
            [.live(1), .begin, .live(2), .detail("d"), .live(3), .live(4)], ["1", "d", "4"]),
        ("what is being edited, too",
            [.live(1), .begin, .deliver, .live(2), .edit, .live(3), .live(4)], ["2", "4"]),
        ("an edit that failed gives way",
            [.live(1), .begin, .deliver, .live(2), .detail("d"), .edit, .postpone, .live(3)], ["d", "3"]),
        ("a post that did not arrive is replaced in place",
            [.live(1), .detail("d"), .begin, .postpone, .live(2)], ["2", "d"]),
        ("also by what came while it was being sent",
            [.live(1), .begin, .live(2), .postpone, .detail("d"), .live(3)], ["3", "d"]),
        ("a post that may have arrived is replaced in place",
            [.live(1), .detail("d"), .begin, .loseAnswer, .live(2)], ["2", "d"]),
        ("a post that is found is brought up to date, for nobody knows what it says",
            [.live(1), .detail("d"), .begin, .loseAnswer, .live(2), .peek, .find], ["d", "2"]),
        ("looking changes nothing", [.live(1), .peek, .live(2)], ["2"]),
        ("what was replaced since it was handed out is not sent",
            [.live(1), .detail("d"), .peek, .live(2), .begin], ["2", "d"]),
        ("operations do not disturb one another",
            [.live(1), .other(1), .live(2), .other(2)], ["2", "other 2"]),
        ("replies are never dropped",
            [.detail("a"), .live(1), .detail("a"), .detail("a")], ["a", "1", "a", "a"]),
        ("nobody is told twice what a first post says", [.live(1), .live(2), .announce(2)], ["2"]),
        ("what the first post does not say is announced", [.live(1), .announce(2)], ["1", "announced 2"]),
        ("what is being posted may say something else",
            [.live(1), .begin, .live(2), .announce(2)], ["1", "announced 2", "2"]),
        ("an edit notifies nobody",
            [.live(1), .begin, .deliver, .live(2), .announce(2)], ["announced 2", "2"]),
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
            case .announce(let number):
                guard case .live(let report) = live(operation, number) else { return [] }
                try await journal.record(operation, notices: [.announcement(report)])
            case .peek: courier.handedOut = try await journal.head()
            case .begin: try await courier.begin()
            case .edit: courier.sending = try await journal.edit()
            case .deliver: _ = try await courier.deliver()
            case .postpone: try await courier.postpone(isUnsure: false)
            case .loseAnswer: try await courier.postpone(isUnsure: true)
            case .find: try await courier.find()
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
            handedOut = nil
            if try await journal.begin(head, at: noon) { sending = head }
        }

        mutating func deliver() async throws -> Notice {
            let notice = try XCTUnwrap(sending)
            try await journal.delivered(notice, as: MessageReference(channel: "C1", timestamp: "0"))
            sending = nil
            return notice
        }

        mutating func postpone(isUnsure: Bool) async throws {
            let notice = try XCTUnwrap(sending)
            let obstacle = Obstacle(notice.laneScope, .outage, reason: "unreachable", until: noon)
            try await journal.postpone(notice, obstacle, mayHaveArrived: isUnsure, at: noon)
            sending = nil
        }

        mutating func find() async throws {
            let notice = try XCTUnwrap(handedOut)
            XCTAssertTrue(notice.isDoubtful)
            try await journal.found(notice, as: MessageReference(channel: "C1", timestamp: "0"))
            handedOut = nil
        }
    }

    private func label(_ notice: Notice, isOther: Bool) -> String {
        switch notice.draft {
        case .detail(let title, _): return title
        case .file(_, let name, _): return name
        case .live(let report), .announcement(let report):
            guard case .rollingOut(let ready, _, _) = report.phase else { return "?" }
            if case .announcement = notice.draft { return "announced \(ready)" }
            return isOther ? "other \(ready)" : "\(ready)"
        }
    }
}
