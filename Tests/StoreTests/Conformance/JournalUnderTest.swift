import Deploys
import Foundation
import Store
import TestSupport
import XCTest

/// Everything in this folder speaks to the ports only: any journal can be run through it, once it is
/// listed here.
enum JournalUnderTest {
    typealias Ports = any Journal & Outbox & ChannelBook & Inventory & SiteJournal & StatusJournal & TaskJournal

    static func run(_ body: (Ports) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let journal = try await SQLiteJournal.open(directory) { noon }
            try await body(journal)
            await journal.close()
        }
    }
}

let noon = Date(timeIntervalSinceReferenceDate: 800_000_000.123_456_7)
let cats = AppID(organisation: "iterate", name: "cats")
let dogs = AppID(organisation: "Iterate", name: "Dogs")
let kari = Person(id: "U1", name: "kari")
let room = "#iterapp-logs"

func later(_ seconds: TimeInterval) -> Date { noon.addingTimeInterval(seconds) }

func testCommit(_ digit: Character = "a") -> Commit {
    Commit(
        id: CommitID(String(repeating: digit, count: 40))!, subject: "Feed the cats \(digit)", author: "Kari",
        url: "https://example.com/\(digit)")
}

/// What a cluster is given for the operation's release.
func testPlan(_ operation: Deploys.Operation) -> ClusterPlan {
    let environment = operation.environment?.rawValue ?? ""
    return ClusterPlan(namespace: "apps-\(operation.app.name)-\(environment)", text: "of \(operation.id)")
}

/// One line of detail, told apart by its title.
func detail(_ title: String) -> NoticeDraft { .detail(title: title, lines: ["<&> \"\\/ æ\u{1F408}"]) }

func live(_ operation: Deploys.Operation, _ ready: Int) -> NoticeDraft {
    .live(Report(operation: operation, appLabel: "cats", phase: .rollingOut(ready: ready, wanted: 9)))
}

extension OperationRequest {
    static func deploy(
        _ app: AppID = cats, to environment: EnvironmentName = .test, by person: Person = kari,
        in channel: String = room, key: String? = nil
    ) -> OperationRequest {
        OperationRequest(
            kind: .deploy, app: app, environment: environment, revision: Revision("main"),
            trigger: .command(person), channel: channel, deduplicationKey: key)
    }

    static func push(
        _ app: AppID = cats, _ branch: String = "main", to environment: EnvironmentName? = .test,
        commit: Commit = testCommit(), key: String? = nil
    ) -> OperationRequest {
        OperationRequest(
            kind: .push, app: app, environment: environment, revision: Revision(branch),
            trigger: .push(by: "kari"), channel: room, commit: commit, deduplicationKey: key)
    }

    static func other(
        _ kind: Deploys.Operation.Kind, _ app: AppID = cats, key: String? = nil
    ) -> OperationRequest {
        OperationRequest(
            kind: kind, app: app, environment: nil, revision: nil, trigger: .button(kari), channel: room,
            deduplicationKey: key)
    }
}

extension Journal {
    /// Accepts with the notices given, and hands out the operation.
    func take(
        _ request: OperationRequest, at now: Date = noon, notices: [NoticeDraft] = []
    ) async throws -> Deploys.Operation {
        switch try await accept(request, at: now, notices: { _, _ in notices }, superseding: { _, _ in [] }) {
        case .accepted(let operation): return operation
        case .duplicate(let id): throw UnexpectedDuplicate(of: id)
        case .notOffered, .known, .unsettled: throw NotOffered()
        }
    }

    /// Writes a request down, and gives its app's name; nil when it is to be looked at more closely.
    func received(_ request: OperationRequest, at now: Date = noon) async throws -> AppID? {
        let result: Result<AppID, JournalError>? = await withCheckedContinuation { continuation in
            let isTaken = receive(request, at: now) { continuation.resume(returning: $0) }
            if !isTaken { continuation.resume(returning: nil) }
        }
        return try result?.get()
    }

    /// Operations of all that was received, each with a message.
    func unpacked() async throws -> Int {
        try await unpack(atMost: 1_000) { operation, ahead in
            [.live(Report(operation: operation, appLabel: "cats", phase: .queued(ahead: ahead)))]
        }
    }

    func claimed(at now: Date = noon) async throws -> Deploys.Operation {
        let operation = try await claim(at: now)
        return try XCTUnwrap(operation, "nothing could be claimed")
    }

    func stored(_ id: OperationID) async throws -> Deploys.Operation {
        let operation = try await operation(id)
        return try XCTUnwrap(operation)
    }

    func end(
        _ operation: Deploys.Operation, as state: Deploys.Operation.State = .succeeded,
        _ settlement: Settlement = .nothing, notices: [NoticeDraft] = []
    ) async throws {
        var operation = operation
        operation.state = state
        operation.finishedAt = later(60)
        try await settle(operation, settlement, notices: notices)
    }
}

extension Outbox {
    func head(in channel: String = room, at now: Date = noon) async throws -> Notice {
        guard case .notice(let notice) = try await nextPost(in: channel, at: now) else { throw NothingWaits() }
        return notice
    }

    func edit(at now: Date = noon) async throws -> Notice {
        guard case .notice(let notice) = try await nextEdit(at: now) else { throw NothingWaits() }
        return notice
    }

    /// Delivers everything that waits, posts first; live messages get the time stamps `1`, `2`, …
    func deliverAll(in channel: String = room, at now: Date = noon) async throws -> [Notice] {
        var delivered: [Notice] = []
        while case .notice(let notice) = try await nextPost(in: channel, at: now) {
            let isBegun = try await begin(notice, at: now)
            XCTAssertTrue(isBegun)
            delivered.append(notice)
            try await self.delivered(notice, as: MessageReference(channel: "C1", timestamp: "\(delivered.count)"))
        }
        while case .notice(let notice) = try await nextEdit(at: now) {
            delivered.append(notice)
            try await self.delivered(notice, as: notice.liveMessage)
        }
        return delivered
    }
}

struct UnexpectedDuplicate: Error { let of: OperationID }
struct NotOffered: Error {}
struct NothingWaits: Error {}

/// The error that `body` throws.
func journalError(_ body: () async throws -> Void) async -> JournalError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? JournalError
    }
}
