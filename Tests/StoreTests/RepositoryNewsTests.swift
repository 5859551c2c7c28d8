import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

/// What is told of repositories at one instant.
final class RepositoryNewsTests: XCTestCase {
    private let repository = SourceRepository(id: 7, name: cats)

    private func desk(_ journal: SQLiteJournal) -> RepositoryDesk {
        let domains = Naming.Domains(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}.p")
        return RepositoryDesk(
            Intake(
                journal: journal,
                naming: Naming(defaultOrganisation: "iterate", domains: domains, externalDomains: domains),
                channels: ChannelPolicy(logChannel: room, commandChannels: []), signals: Signals(), now: { noon }))
    }

    private func register(_ journal: SQLiteJournal) async throws {
        let registration = try await journal.take(.other(.register))
        var registered = App(id: cats, defaultBranch: "main", defaultEnvironment: .test)
        registered.repository = repository
        try await journal.end(registration, .registered(registered))
    }

    /// Both are on their way before either is written.
    func testTwoThatAreToldAtTheSameInstantBothHold() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(journal)
            let desk = desk(journal)
            let news: [RepositoryNews] = [.archived(repository), .defaultBranch("trunk", of: repository)]
            var tasks: [Task<Int, any Error>] = []
            try await journal.writer.whileBusy {
                for (index, news) in news.enumerated() {
                    tasks.append(Task { try await desk.take([news], deliveryID: "\(index)").count })
                }
                try await waitUntil("both wait") { journal.writer.queuedJobs == 2 }
            }
            for task in tasks {
                let count = try await task.value
                XCTAssertEqual(count, 1)
            }
            let app = try await journal.app(cats)
            XCTAssertEqual(app?.sourceTrouble, .archived)
            XCTAssertEqual(app?.defaultBranch, "trunk")
        }
    }

    func testTroublesAreKeptAsWordsThatOlderFilesHave() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(journal)
            for (text, expected) in [
                ("archived", [.archived]), ("access_lost,archived", [.archived, .accessLost]), ("stolen", []),
                (nil, []),
            ] as [(String?, Set<SourceTrouble>)] {
                _ = try await journal.writer.run { database in
                    try database.run("UPDATE apps SET source_trouble = ?", [.text(orNull: text)])
                }
                let app = try await journal.app(cats)
                XCTAssertEqual(app?.sourceTroubles, expected)
            }
            try await desk(journal).take([.archived(repository), .accessLost(repository)], deliveryID: "d")
            let kept = try await journal.reader.run {
                try $0.run("SELECT source_trouble FROM apps").first?.optionalText("source_trouble")
            }
            XCTAssertEqual(kept, "access_lost,archived")
        }
    }

    /// A push knows where its app was when it came; what a roll-out learns meanwhile stays.
    func testWhatAPushTeachesUndoesNothingElse() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(journal)
            try await journal.learn(SourceRepository(id: 9, name: dogs), defaultBranch: "trunk", of: cats)
            try await journal.setDefaultEnvironment(.prod, of: cats)
            try await journal.learn(SourceRepository(id: nil, name: dogs), defaultBranch: nil, of: cats)
            let app = try await journal.app(cats)
            XCTAssertEqual(app?.defaultBranch, "trunk")
            XCTAssertEqual(app?.defaultEnvironment, .prod)
            XCTAssertEqual(app?.repository, repository)
        }
    }

    /// A look saw the push first; its webhook is on record all the same, and acts no more.
    func testADeliveryThatChangesNothingIsOnRecordWithWhatItIsAbout() async throws {
        try await withSQLiteJournal { journal, _ in
            try await register(journal)
            func push(_ commit: Character, from before: Character?, key: String?) async throws -> Acceptance {
                var request = OperationRequest.push(commit: testCommit(commit), key: key)
                request.move = BranchMove(
                    branch: "main", before: before.map { testCommit($0).id }, origin: key == nil ? .seen : .told)
                return try await journal.accept(
                    request, at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            }
            guard case .accepted(let seen) = try await push("a", from: nil, key: nil) else { return XCTFail("not new") }
            let told = try await push("a", from: nil, key: "push:1")
            XCTAssertEqual(told, .known)
            try await desk(journal).take([.archived(repository)], deliveryID: "2")
            try await desk(journal).take([.archived(repository)], deliveryID: "3")
            let rows = try await journal.reader.run { database in
                try database.run("SELECT id, operation FROM deliveries ORDER BY id").map { row in
                    "\(row.text("id")) \(row.isNull("operation") ? "-" : "\(row.integer("operation"))")"
                }
            }
            XCTAssertEqual(rows, ["push:1 \(seen.id)", "repository:2 3", "repository:3 -"])
            // Delivered again by hand, when its branch is elsewhere.
            _ = try await push("b", from: "a", key: "push:4")
            let again = try await push("a", from: nil, key: "push:1")
            XCTAssertEqual(again, .known)
            let head = try await journal.knownHead(of: "main", app: cats)
            XCTAssertEqual(head?.commit, testCommit("b").id)
        }
    }

    func testAnOlderFilesDeliveriesAreKnown() async throws {
        try await withTemporaryDirectory { directory in
            let older = try XCTUnwrap(Schema.steps.firstIndex(of: Schema.deliveryCauses))
            let database = try Database(path: directory.appending(path: "iterapp.db").path)
            try Schema.migrate(database, in: directory.path, steps: Array(Schema.steps.prefix(older)))
            try database.run("INSERT INTO deliveries VALUES ('repository:1', ?)", [.date(noon)])
            database.close()
            let journal = try await SQLiteJournal.open(directory)
            try await register(journal)
            let again = try await desk(journal).take([.archived(repository)], deliveryID: "1")
            XCTAssertEqual(again, [])
            let new = try await desk(journal).take([.archived(repository)], deliveryID: "2")
            XCTAssertEqual(new.count, 1)
            await journal.close()
        }
    }
}
