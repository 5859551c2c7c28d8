import Deploys
import Foundation
import XCTest

/// Who did what, or was not allowed to: written down for good.
final class AuditTests: XCTestCase {
    func testWhatIsAcceptedIsOnRecordTogetherWithItsOperation() async throws {
        try await JournalUnderTest.run { journal in
            var request = OperationRequest.deploy(to: .prod, key: "k")
            request.place = .channel(id: "C1", name: "iterapp-logs")
            request.note = "the fix for the cats"
            let operation = try await journal.take(request, at: later(1))
            _ = try await journal.accept(request, at: later(2), notices: { _, _ in [] }, superseding: { _, _ in [] })
            let (entries, olderCount) = try await journal.audit(of: cats, atMost: 20)
            XCTAssertEqual(
                entries,
                [
                    AuditEntry(
                        date: later(1), trigger: .command(kari), place: .channel(id: "C1", name: "iterapp-logs"),
                        deed: Deed(.deploy, cats, .prod), revision: Revision("main"), decision: .accepted,
                        reason: "the fix for the cats", operation: operation.id)
                ], "the same command, sent twice, is on record once")
            XCTAssertEqual(olderCount, 0)
        }
    }

    func testEveryKindOfRequestHasItsLine() async throws {
        try await JournalUnderTest.run { journal in
            let registration = try await journal.take(.other(.register))
            _ = try await journal.claimed()
            try await journal.end(
                registration, .registered(App(id: cats, defaultBranch: "main", defaultEnvironment: .test)))
            _ = try await journal.take(.other(.build))
            _ = try await journal.take(.push(to: .test, key: "1"))
            _ = try await journal.take(.push(cats, "fix", to: nil, key: "2"))
            _ = try await journal.take(.other(.repair))
            _ = try await journal.deregister(.other(.deregister, key: "3"), at: noon) { _ in [] }
            _ = try await journal.deregister(.other(.deregister, key: "3"), at: noon) { _ in [] }
            _ = try await journal.deregister(.other(.deregister, key: "4"), at: noon) { _ in [] }
            let entries = try await journal.audit(of: cats, atMost: 20).entries
            XCTAssertEqual(
                entries.reversed().map { "\($0.deed.kind) \($0.deed.environment?.rawValue ?? "-")" },
                ["register -", "build -", "deploy test", "build -", "deregister -"],
                "a repair is nobody's deed; deregistering what is not registered becomes nothing")
            XCTAssertEqual(entries[1].trigger, .push(by: "kari"))
            XCTAssertNil(entries[1].place)
        }
    }

    func testADeliveryThatComesAgainHasOneLine() async throws {
        try await JournalUnderTest.run { journal in
            func refuse(_ delivery: String?, by person: Person = kari) async throws {
                var entry = AuditEntry(
                    date: noon, trigger: .button(person), place: .home, deed: Deed(.approve, cats, .prod), revision: nil,
                    decision: .refused, reason: "Too late.", operation: nil)
                entry.delivery = delivery
                try await journal.write(entry)
            }
            func count() async throws -> Int { try await journal.audit(of: cats, atMost: 50).entries.count }
            for _ in 0..<3 { try await refuse("1") }
            let one = try await count()
            XCTAssertEqual(one, 1)
            try await refuse("2")
            try await refuse("1", by: Person(id: "U2", name: "ola"))
            for _ in 0..<2 { try await refuse(nil) }
            let others = try await count()
            XCTAssertEqual(others, 5, "another one is another one")
            var request = OperationRequest.deploy()
            request.delivery = "3"
            _ = try await journal.take(request)
            try await refuse("3")
            let accepted = try await count()
            XCTAssertEqual(accepted, 6, "what was accepted is not refused when it comes again")
        }
    }

    func testRefusalsAreKeptAsTheyAreGiven() async throws {
        try await JournalUnderTest.run { journal in
            let places: [Place?] = [.channel(id: "C1", name: nil), .direct(id: "D1"), .home, nil]
            let refused = places.enumerated().map { index, place in
                AuditEntry(
                    date: later(Double(index)), trigger: index % 2 == 0 ? .button(kari) : .command(kari), place: place,
                    deed: Deed(.approve, dogs, .prod), revision: nil, decision: .refused,
                    reason: "\u{202E}' OR 1; <!channel> 🐈", operation: nil)
            }
            for entry in refused { try await journal.write(entry) }
            let entries = try await journal.audit(of: dogs, atMost: 20).entries
            XCTAssertEqual(entries, refused.reversed())
            let long = AuditEntry(
                date: noon, trigger: .command(kari), place: .home, deed: Deed(.build, dogs), revision: nil,
                decision: .refused, reason: String(repeating: "x", count: 100_000), operation: nil)
            try await journal.write(long)
            let reason = try await journal.audit(of: dogs, atMost: 1).entries.first?.reason
            XCTAssertEqual(reason?.count, 500)
        }
    }

    func testTheNewestComeFirstAndTheOthersAreCounted() async throws {
        try await JournalUnderTest.run { journal in
            for number in 1...25 {
                let app = number % 5 == 0 ? dogs : cats
                _ = try await journal.take(.deploy(app), at: later(Double(number)))
            }
            let page = try await journal.audit(of: cats, atMost: 3)
            XCTAssertEqual(page.entries.map(\.date), [later(24), later(23), later(22)])
            XCTAssertEqual(page.olderCount, 17)
            let other = try await journal.audit(of: AppID(organisation: "ITERATE", name: "dogs"), atMost: 20)
            XCTAssertEqual(other.entries.count, 5)
            XCTAssertEqual(other.olderCount, 0)
            let none = try await journal.audit(of: AppID(organisation: "iterate", name: "horses"), atMost: 20)
            XCTAssertEqual(none.entries, [])
            XCTAssertEqual(none.olderCount, 0)
        }
    }
}
