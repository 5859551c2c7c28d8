import Deploys
import SQLite

/// Jobs that share one transaction. None is told of its end before all are on disk.
struct JobGroup {
    private enum Outcome {
        case pending
        case done(@Sendable () -> Void)
        case failed(JournalError)
    }

    private let jobs: [Job]
    private let directory: String

    init(_ jobs: [Job], directory: String) {
        self.jobs = jobs
        self.directory = directory
    }

    func run(_ access: DatabaseThread.Access, on database: Database, onCommit: () -> Void) {
        var outcomes = [Outcome](repeating: .pending, count: jobs.count)
        do {
            switch access {
            case .writing: try database.transaction { try runAll(on: database, &outcomes) }
            case .reading: try withSnapshot(of: database) { try runAll(on: database, &outcomes) }
            }
            onCommit()
        } catch {
            // Nothing of the group is on disk, whatever became of its jobs.
            let shared = JournalError(error, in: directory)
            for (index, outcome) in outcomes.enumerated() {
                if case .failed = outcome { continue }
                outcomes[index] = .failed(shared)
            }
        }
        for (job, outcome) in zip(jobs, outcomes) {
            switch outcome {
            case .done(let tell): tell()
            case .failed(let error): job.fail(error)
            case .pending: preconditionFailure("a job of a committed group was never run")
            }
        }
    }

    private func runAll(on database: Database, _ outcomes: inout [Outcome]) throws {
        for (index, job) in jobs.enumerated() {
            do {
                outcomes[index] = .done(try database.withSavepoint { try job.work(database) })
            } catch {
                // A full disk may undo the whole transaction; the jobs before are lost with this one.
                guard database.isInTransaction else { throw error }
                outcomes[index] = .failed(JournalError(error, in: directory))
            }
        }
    }

    /// A deferred transaction: one moment of the file, without taking the lock that writers take.
    private func withSnapshot(of database: Database, _ body: () throws -> Void) throws {
        try database.execute("BEGIN")
        defer { try? database.execute("ROLLBACK") }
        try body()
    }
}
