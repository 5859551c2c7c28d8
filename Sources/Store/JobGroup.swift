import Deploys
import SQLite

/// Jobs that share one transaction. None is told of its end before all are on disk.
struct JobGroup {
    private enum Outcome {
        case done(@Sendable () -> Void)
        case failed(JournalError)
    }

    private let jobs: [Job]
    private let directory: String

    init(_ jobs: [Job], directory: String) {
        self.jobs = jobs
        self.directory = directory
    }

    /// - Parameter onEnd: called before anybody is told, with what kept the group from the disk, if so.
    func run(_ access: DatabaseThread.Access, on database: Database, onEnd: ((any Error)?) -> Void) {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(jobs.count)
        do {
            switch access {
            case .writing: try database.transaction { try runAll(on: database, &outcomes) }
            case .reading: try withSnapshot(of: database) { try runAll(on: database, &outcomes) }
            }
            onEnd(nil)
        } catch {
            onEnd(error)
            // Nothing of the group is on disk, whatever became of its jobs.
            let shared = Outcome.failed(JournalError(error, in: directory))
            outcomes = outcomes.map { if case .failed = $0 { $0 } else { shared } }
            outcomes += repeatElement(shared, count: jobs.count - outcomes.count)
        }
        for (job, outcome) in zip(jobs, outcomes) {
            switch outcome {
            case .done(let tell): tell()
            case .failed(let error): job.fail(error)
            }
        }
    }

    private func runAll(on database: Database, _ outcomes: inout [Outcome]) throws {
        for job in jobs {
            do {
                let tell = job.isUndoneAlone
                    ? try database.withSavepoint { try job.work(database) } : try job.work(database)
                outcomes.append(.done(tell))
            } catch {
                // A full disk may undo the whole transaction; the jobs before are lost with this one.
                guard database.isInTransaction else { throw error }
                outcomes.append(.failed(JournalError(error, in: directory)))
            }
        }
    }

    /// A deferred transaction: one moment of the file, without taking the lock that writers take.
    private func withSnapshot(of database: Database, _ body: () throws -> Void) throws {
        try database.run("BEGIN")
        defer { _ = try? database.run("ROLLBACK") }
        try body()
    }
}
