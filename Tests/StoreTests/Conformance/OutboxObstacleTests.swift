import Deploys
import Foundation
import XCTest

/// What keeps notices from being sent, and what does not.
final class OutboxObstacleTests: XCTestCase {
    private let posted = MessageReference(channel: "C1", timestamp: "1.5")

    func testEachObstacleHoldsUpItsOwn() async throws {
        try await JournalUnderTest.run { journal in
            let log = LogReference(app: cats, build: 1, appling: nil)
            let file = NoticeDraft.file(title: "Log", name: "1.log", log: log)
            let edited = try await journal.take(.deploy(in: "#b", key: "e"))
            try await journal.record(edited, notices: [live(edited, 0)])
            _ = try await journal.deliverAll(in: "#b")
            try await journal.record(edited, notices: [live(edited, 1), detail("b")])
            _ = try await journal.take(.deploy(), notices: [file, detail("a")])

            let cases: [(Obstacle.Scope, [String])] = [
                (.posts(room), ["b", "edit"]), (.channel(room), ["b", "edit"]), (.posts("#b"), ["file", "edit"]),
                (.channel("#b"), ["file"]), (.edits, ["file", "b"]), (.files, ["a", "b", "edit"]), (.everything, []),
            ]
            for (scope, wanted) in cases {
                let head = try await journal.head()
                try await journal.postpone(head, scope, .refusal, until: later(30), at: noon)
                let open = try await self.open(in: journal, at: later(29))
                XCTAssertEqual(open, wanted, "\(scope)")
                let all = try await self.open(in: journal, at: later(30))
                XCTAssertEqual(all, ["file", "b", "edit"], "\(scope)")
                try await journal.retryRefused()
            }
        }
    }

    /// What may be sent next.
    private func open(in journal: JournalUnderTest.Ports, at now: Date) async throws -> [String] {
        let next = [
            try await journal.nextPost(in: room, at: now), try await journal.nextPost(in: "#b", at: now),
            try await journal.nextEdit(at: now),
        ]
        return next.compactMap { next in
            switch next {
            case .waitUntil(let date):
                XCTAssertEqual(date, later(30))
                return nil
            case .none, .unreadable:
                XCTFail("nothing waits")
                return nil
            case .notice(let notice):
                switch notice.draft {
                case .detail(let title, _): return title
                case .file: return "file"
                default: return "edit"
                }
            }
        }
    }

    /// A workspace that asks for time gets it, also after a restart; what somebody may have mended is tried at once.
    func testWhatLiftsAnObstacle() async throws {
        try await JournalUnderTest.run { journal in
            _ = try await journal.take(.deploy(), notices: [detail("1"), detail("2")])
            let head = try await journal.head()
            for (kind, isTriedAtOnce) in [(Obstacle.Kind.limit, false), (.outage, false), (.refusal, true)] {
                try await journal.postpone(head, .posts(room), kind, until: later(30), at: noon)
                try await journal.retryRefused()
                let next = try await journal.nextPost(in: room, at: noon)
                XCTAssertEqual(next == .waitUntil(later(30)), !isTriedAtOnce, "\(kind)")
                try await journal.mend(channel: room)
                let mended = try await journal.nextPost(in: room, at: noon)
                XCTAssertNotEqual(mended, .waitUntil(later(30)))
            }
            try await journal.postpone(head, .everything, .limit, until: later(10), at: noon)
            try await journal.postpone(head, .everything, .limit, until: later(5), at: noon)
            let wait = try await journal.nextPost(in: room, at: noon)
            XCTAssertEqual(wait, .waitUntil(later(10)), "never sooner than asked for")
            try await journal.send(head, as: posted)
            let next = try await journal.head()
            XCTAssertEqual(next.draft, detail("2"), "what arrives shows that nothing is in the way")
            XCTAssertEqual(next.failures, 0)
            try await journal.refuse(channel: room, reason: "is_archived")
            let closed = try await journal.nextPost(in: room, at: noon)
            guard case .waitUntil = closed else { return XCTFail("\(closed)") }
        }
    }
}

extension Outbox {
    func send(_ notice: Notice, as message: MessageReference) async throws {
        let isBegun = try await begin(notice, at: noon)
        XCTAssertTrue(isBegun)
        try await delivered(notice, as: message)
    }

    func postpone(
        _ notice: Notice, _ scope: Obstacle.Scope, _ kind: Obstacle.Kind = .outage, until date: Date,
        mayHaveArrived: Bool = false, at now: Date
    ) async throws {
        let obstacle = Obstacle(scope, kind, reason: "r", until: date)
        try await postpone(notice, obstacle, mayHaveArrived: mayHaveArrived, at: now)
    }
}
