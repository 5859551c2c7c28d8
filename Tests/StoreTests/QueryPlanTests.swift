import Deploys
import Foundation
import SQLite
import XCTest

@testable import Store

/// What is done all day must cost the same however long the history is.
final class QueryPlanTests: XCTestCase {
    func testNoStatementLooksThroughATable() async throws {
        try await withSQLiteJournal { journal, _ in
            try await addHistory(operations: 2_000, to: journal)
            try await useEveryVerb(of: journal)
            let written = try await journal.writer.run { try Self.plans(of: $0) }
            let read = try await journal.reader.run { try Self.plans(of: $0) }
            XCTAssertEqual(written.scans, [])
            XCTAssertEqual(
                read.scans.map { $0.components(separatedBy: " — in: ")[1] },
                ["SELECT name, id FROM channels"], "once, at the start")
            XCTAssertEqual(
                written.indexes.union(read.indexes),
                [
                    "apps_by_repository", "audit_of_app", "builds_finished", "builds_of_operation", "deliveries_by_age", "operations_of_commit",
                    "deduplication_keys_by_age", "environments_by_namespace",
                    "channels_by_id", "commit_marks_behind", "commit_marks_refused", "notices_in_lane",
                    "notices_of_operation", "notices_to_post",
                    "operations_in_lane", "operations_interrupted", "operations_of_branch", "operations_of_person",
                    "operations_pushed", "operations_to_repair", "operations_under_way",
                    "operations_unfinished", "releases_live", "reports_with_steps", "seen_events_by_age",
                    "site_watches_by_time",
                    "site_watches_of_environment", "sqlite_autoindex_releases_1",
                ])
            XCTAssertGreaterThan(written.statements, 25, "the verbs were really looked at")
            XCTAssertGreaterThan(read.statements, 10)
            XCTAssertLessThan(written.statements, Database.maxCachedStatements, "none is prepared twice")
        }
    }

    /// 100,000 operations behind it, the journal works as on its first day.
    func testALongHistoryDoesNotSlowItDown() async throws {
        try await withSQLiteJournal { journal, _ in
            let fresh = try await timeOfVerbs(journal)
            try await addHistory(operations: 100_000, to: journal)
            let old = try await timeOfVerbs(journal)
            XCTAssertLessThan(old, fresh * 5 + .milliseconds(500))
        }
    }

    /// However many operations wait, the next one is found at once.
    func testAFullQueueDoesNotSlowDownClaims() async throws {
        try await withSQLiteJournal(maxUnfinishedOperations: 100_000) { journal, _ in
            let empty = try await timeOfClaims(journal)
            try await addHistory(operations: 50_000, to: journal)
            try await journal.writer.run {
                _ = try $0.run(
                    "UPDATE operations SET state = 'queued', finished_at = NULL, lane = 'lane ' || id /* history */")
            }
            let full = try await timeOfClaims(journal)
            XCTAssertLessThan(full, empty * 5 + .milliseconds(200))
        }
    }

    private func timeOfClaims(_ journal: SQLiteJournal) async throws -> Duration {
        for number in 0..<20 { _ = try await journal.take(.deploy(AppID(organisation: "iterate", name: "app\(number)"))) }
        let start = ContinuousClock.now
        for _ in 0..<20 { _ = try await journal.claimed() }
        return ContinuousClock.now - start
    }

    private func timeOfVerbs(_ journal: SQLiteJournal) async throws -> Duration {
        let start = ContinuousClock.now
        for _ in 0..<5 { try await useEveryVerb(of: journal) }
        return ContinuousClock.now - start
    }

    private func addHistory(operations count: Int, to journal: SQLiteJournal) async throws {
        try await journal.writer.run { database in
            let last = try database.run("SELECT coalesce(max(id), 0) AS id FROM operations /* history */")
                .first?.integer("id") ?? 0
            try database.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO operations (
                    kind, app, organisation, app_name, environment, revision, trigger, person_id, person_name,
                    channel, state, lane, created_at, started_at, finished_at)
                SELECT iif(i % 2, 'push', 'deploy'), 'iterate/cats', 'iterate', 'cats', 'test', 'main',
                    iif(i % 2, 'push', 'command'), iif(i % 2, NULL, 'U1'), 'kari', '#iterapp-logs',
                    'succeeded', 'iterate/cats test', i, i, i FROM n /* history */
                """, [.integer(Int64(count))])
            try database.run(
                """
                INSERT INTO releases (app, number, operation, is_live, environment, reserved_at)
                SELECT app, id, id, 1, 'test', id FROM operations WHERE id > ? /* history */
                """, [.integer(last)])
            try database.run(
                """
                INSERT INTO builds (app, number, commit_id, operation, images, started_at, finished_at)
                SELECT app, id, ?, id, '{}', 0, 0 FROM operations WHERE id > ? /* history */
                """, [.text(testCommit("f").id.sha), .integer(last)])
            try database.run(
                """
                INSERT INTO deduplication_keys SELECT id, id, 0 FROM operations WHERE id > ? /* history */
                """, [.integer(last)])
        }
    }

    private func useEveryVerb(of journal: SQLiteJournal) async throws {
        let app = App(id: cats, defaultBranch: "main", defaultEnvironment: .test)
        let registration = try await journal.take(.other(.register))
        try await journal.end(registration, .registered(app))
        try await journal.setDefaultEnvironment(.prod, of: cats)
        _ = try await journal.app(cats)
        _ = try await journal.apps()
        _ = try await journal.audit(of: cats, atMost: 20)
        try await follow(app, in: journal)
        _ = try await journal.received(.deploy(key: UUID().uuidString))
        _ = try await journal.unpack(atMost: 9) { _, _ in [] }
        let overtaken = try await journal.take(.push(key: UUID().uuidString))
        try await journal.record(overtaken, notices: [live(overtaken, 0), live(overtaken, 1)])
        _ = try await journal.take(.push(key: UUID().uuidString))
        _ = try await journal.claimed()
        _ = try await journal.rescue()
        let operation = try await journal.claimed()
        try await journal.putBack(operation)
        _ = try await journal.claimed()
        try await build(operation, in: journal)
        try await deliver(operation, from: journal)
        try await lookAtEverything(in: journal)
        try await tellCommits(in: journal)
        _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
        _ = try await journal.statistics()
    }

    /// Its branches and its repository.
    private func follow(_ app: App, in journal: SQLiteJournal) async throws {
        var push = OperationRequest.push(cats, "fix", key: UUID().uuidString)
        push.move = BranchMove(branch: "fix", before: nil, origin: .told)
        let fix = try await journal.take(push)
        _ = try await journal.knownHead(of: "fix", app: cats)
        _ = try await journal.wasStopped(before: fix)
        // One that was never taken.
        let id = String((UUID().uuidString + UUID().uuidString).filter(\.isHexDigit).lowercased().prefix(40))
        let commit = Commit(id: try XCTUnwrap(CommitID(id)), subject: "", author: "")
        push = OperationRequest.push(cats, "fix", commit: commit, key: UUID().uuidString)
        push.move = BranchMove(branch: "fix", before: testCommit("d").id, origin: .told)
        let doubtful = try await journal.take(push)
        _ = try await journal.doubtfulPush(on: "fix", of: cats)
        try await journal.settleDoubt(of: doubtful)
        try await journal.lookInFull(at: cats)
        _ = try await journal.knownHeads(of: cats)
        var look = BranchLook()
        look.noted = ["other": testCommit("c").id]
        look.gone = ["gone": testCommit("d").id]
        try await journal.note(look, of: cats, at: noon)
        try await journal.overtaken(on: "fix", of: cats, by: testCommit().id)
        _ = try await journal.operation(building: testCommit().id, of: cats, on: "fix")
        _ = try await journal.forget("fix", of: cats, delivery: UUID().uuidString, at: noon) { _ in [] }
        _ = try await journal.app(of: SourceRepository(id: 7, name: cats))
        let repository = SourceRepository(id: 7, name: cats)
        let news: [RepositoryNews] = [
            .archived(repository), .unarchived(repository), .accessSuspended(owner: "iterate"),
        ]
        let delivery = RepositoryDelivery(news, id: UUID().uuidString, channel: room)
        let told = try await journal.record(delivery, at: noon) { _ in [] }
        XCTAssertEqual(told.count, 3)
        try await journal.learn(repository, defaultBranch: "main", of: cats)
    }

    private func lookAtEverything(in journal: SQLiteJournal) async throws {
        _ = try await journal.records(of: [cats, dogs])
        _ = try await journal.apps(touchedBy: kari.id, since: noon, atMost: 9)
        _ = try await journal.hasMet(kari.id)
        _ = try await journal.meet(kari.id, at: noon)
    }

    private func tellCommits(in journal: SQLiteJournal) async throws {
        for lane in try await journal.commitLanes(atMost: 9) {
            let news = try await journal.nextCommitNews(in: lane)
            guard let news else { continue }
            try await journal.begin(news)
            try await journal.opened(news, as: 1)
            try await journal.putAside(news, reason: "x")
            try await journal.forgetEntry(of: news)
            try await journal.told(news)
        }
        try await journal.retryRefusedCommits()
        try await journal.giveUpCommits(before: noon)
    }

    private func build(_ operation: Deploys.Operation, in journal: SQLiteJournal) async throws {
        var build = try await journal.beginBuild(of: testCommit().id, for: operation, at: noon)
        build.images = [:]
        try await journal.finishBuild(build, at: noon)
        _ = try await journal.beginBuild(of: testCommit("b").id, for: operation, at: noon)
        _ = try await journal.finishedBuild(of: testCommit("f").id, app: cats)
        _ = try await journal.build(build.number, of: cats)
        let release = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
        try await journal.record(operation, notices: [live(operation, 0), detail("d"), live(operation, 1)])
        var numbered = operation
        numbered.releaseNumber = release
        let waiting = Phase.live([Site(url: "https://cats.cool/", waitingFor: "DNS")])
        let report = Report(operation: numbered, appLabel: "cats", phase: waiting)
        try await journal.end(numbered, .released, notices: [.live(report)])
        _ = try await journal.desiredState(of: cats, in: .test)
        _ = try await journal.desiredState(inNamespace: "apps-cats-test")
        let object = PlacedObject(namespace: "apps-cats-test", kind: "Service", name: "cats", uid: "1", ownership: "")
        try await journal.place([object])
        _ = try await journal.placedObjects(in: object.namespace)
        try await journal.forget([object])
        _ = try await journal.release(release, of: cats)
        _ = try await journal.currentRelease(of: cats, in: .test)
        try await watch(numbered, in: journal)
    }

    private func watch(_ operation: Deploys.Operation, in journal: SQLiteJournal) async throws {
        for watch in try await journal.siteWatches(dueAt: later(10), atMost: 8) {
            try await journal.keep(watch, notices: [])
            try await journal.end(watch, notices: [])
        }
        let serving = try await journal.operation(serving: "apps-cats-test")
        XCTAssertEqual(serving?.id, operation.id)
        let certificate = CertificateName(namespace: "apps-cats-test", name: "cats")
        try await journal.tell([ToldTrouble(certificate, .failing)], about: operation, at: noon, notices: [])
        try await journal.forgetTroubles(of: certificate, about: nil, notices: [])
        let task = ScheduledTask.ID(namespace: "apps-cats-test", name: "cats-clean")
        try await journal.tell(ToldTaskFailure(task, runAt: noon), about: operation, at: noon, notices: [])
        try await journal.forgetTaskFailure(of: task, about: nil, notices: [])
    }

    private func deliver(_ operation: Deploys.Operation, from journal: SQLiteJournal) async throws {
        _ = try await journal.channelsWithPosts()
        let head = try await journal.head()
        _ = try await journal.begin(head, at: noon)
        let obstacle = Obstacle(.posts(room), .outage, reason: "", until: noon)
        try await journal.postpone(head, obstacle, mayHaveArrived: false, at: noon)
        _ = try await journal.deliverAll()
        try await journal.record(operation, notices: [live(operation, 2), detail("e")])
        try await journal.record(operation, notices: [live(operation, 3)])
        _ = try await journal.forgetLiveMessage(of: journal.edit())
        try await journal.park(journal.head(), reason: "")
        try await journal.retryRefused()
        _ = try await journal.deliverAll()
        try await journal.remember(room, is: "C1")
        _ = try await journal.channelID(of: room)
        _ = try await journal.names(ofChannel: "C1")
        try await journal.refuse(channel: room, reason: "")
        try await journal.mend(channel: room)
    }

    private struct Plans {
        var statements = 0
        /// Steps that look through a table, or make an index or a sorted copy for the occasion.
        var scans: [String] = []
        var indexes: Set<String> = []
    }

    /// `apps` is small and listed whole; so are the tallies, the obstacles, and what a query has found itself or was
    /// given. The indexes hold unfinished operations, and what commits' pages are still to be told, only.
    private static let mayBeScanned = [
        "apps", "tallies", "obstacles", "found", "wanted", "CONSTANT ROW",
        "operations USING INDEX operations_unfinished", "commit_marks USING INDEX commit_marks_behind",
        "commit_marks USING INDEX commit_marks_refused",
    ]

    private static func plans(of database: Database) throws -> Plans {
        var plans = Plans()
        for sql in database.preparedStatements
        where !sql.hasPrefix("PRAGMA") && !sql.contains("/* history */") && !sql.hasPrefix("EXPLAIN") {
            plans.statements += 1
            for step in try plan(of: sql, database) {
                if let index = step.firstMatch(of: /INDEX ([a-z]+_\w+)/) {
                    plans.indexes.insert(String(index.1))
                }
                if isScan(step, in: sql) { plans.scans.append("\(step) — in: \(sql)") }
            }
        }
        return plans
    }

    private static func isScan(_ step: String, in sql: String) -> Bool {
        if step.contains("AUTOMATIC") || step.contains("TEMP B-TREE") { return true }
        guard step.hasPrefix("SCAN ") else { return false }
        return !mayBeScanned.contains { step.dropFirst("SCAN ".count).hasPrefix($0) }
    }

    private static func plan(of sql: String, _ database: Database) throws -> [String] {
        let numbered = (1...99).last { sql.contains("?\($0)") } ?? 0
        let parameters = numbered > 0 ? numbered : sql.count { $0 == "?" }
        let nulls = [SQLiteValue](repeating: .null, count: parameters)
        return try database.run("EXPLAIN QUERY PLAN " + sql, nulls).map { $0.text("detail") }
    }
}
