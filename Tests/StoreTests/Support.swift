import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

/// A journal in a directory of its own, with everything inside it within reach.
func withSQLiteJournal(
    maxUnfinishedOperations: Int = SQLiteJournal.usualMaxUnfinishedOperations,
    _ body: (SQLiteJournal, URL) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let journal = try await SQLiteJournal.open(
            directory, maxUnfinishedOperations: maxUnfinishedOperations
        ) { noon }
        try await body(journal, directory)
        await journal.close()
    }
}

extension DatabaseThread {
    /// Holds the thread in a job until `body` has run, so that jobs pile up behind it.
    func whileBusy(_ body: () async throws -> Void) async throws {
        let started = DispatchSemaphore(value: 0)
        let mayGo = DispatchSemaphore(value: 0)
        async let holding: Void = run { _ in
            started.signal()
            mayGo.wait()
        }
        try await waitUntil("the thread is busy") { started.wait(timeout: .now()) == .success }
        do { try await body() } catch {
            mayGo.signal()
            throw error
        }
        mayGo.signal()
        try await holding
    }
}

extension DatabaseThread {
    /// Runs the jobs in one group, in this order; the error of each.
    func runTogether(_ jobs: [@Sendable (Database) throws -> Void]) async throws -> [JournalError?] {
        var tasks: [Task<JournalError?, Never>] = []
        try await whileBusy {
            for job in jobs {
                tasks.append(Task { await journalError { try await self.run(job) } })
                try await waitUntil("the job waits") { self.queuedJobs == tasks.count }
            }
        }
        var errors: [JournalError?] = []
        for task in tasks { errors.append(await task.value) }
        return errors
    }
}

/// Looks again and again until `condition` holds; fails after ten seconds.
func waitUntil(_ what: String, _ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(what: what) }
        await Task.yield()
    }
}

struct NeverHappened: Error { let what: String }
