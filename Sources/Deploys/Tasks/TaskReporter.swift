import Foundation

/// Tells people once that a scheduled task fails, and once that it works again: one that runs every minute must not
/// fill a channel.
package struct TaskReporter: Sendable {
    package typealias Journal = SiteJournal & TaskJournal

    let journal: any Journal
    let tasks: any ScheduledTasks
    let naming: Naming
    let signals: Signals
    let now: @Sendable () -> Date
    let log: Log

    package init(
        journal: any Journal, tasks: any ScheduledTasks, naming: Naming, signals: Signals,
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.journal = journal
        self.tasks = tasks
        self.naming = naming
        self.signals = signals
        self.now = now
        self.log = log
    }

    /// Works until the task is cancelled.
    package func run() async {
        for await snapshot in await tasks.snapshots() {
            // The next snapshot is complete again, so nothing that could not be written is lost.
            do { try await report(snapshot) } catch { log.error("news of scheduled tasks can't be told: \(error)") }
        }
    }

    /// - Parameter snapshot: of all tasks: one that is not in it is gone.
    private func report(_ snapshot: [ScheduledTask]) async throws(JournalError) {
        var told: [ScheduledTask.ID: Date] = [:]
        for failure in try await journal.toldTaskFailures() { told[failure.task] = failure.runAt }
        for task in snapshot {
            guard let run = task.lastRun else { continue }
            let toldOf = told[task.id]
            if let failure = run.failure, toldOf == nil {
                try await tell(failure, of: task, run)
            } else if run.failure == nil, let toldOf, run.at > toldOf {
                // An older success is left over where somebody cleaned up the failed runs.
                try await tellRecovery(of: task, run)
                told[task.id] = nil
            }
        }
        let present = Set(snapshot.map(\.id))
        for task in told.keys {
            if present.contains(task), try await journal.operation(serving: task.namespace) != nil { continue }
            try await journal.forgetTaskFailure(of: task, about: nil, notices: [])
        }
    }

    private func tell(
        _ failure: TaskFailure, of task: ScheduledTask, _ run: ScheduledTask.Run
    ) async throws(JournalError) {
        guard let operation = try await journal.operation(serving: task.id.namespace) else { return }
        let phase = Phase.taskFailed(task.label, failure, at: run.at)
        try await journal.tell(
            ToldTaskFailure(task.id, runAt: run.at), about: operation, at: now(),
            notices: [.announcement(report(operation, phase))])
        signals.notices.fire()
        log.warning("scheduled task \(task.id.namespace)/\(task.id.name): \(failure.sentence)")
    }

    private func tellRecovery(of task: ScheduledTask, _ run: ScheduledTask.Run) async throws(JournalError) {
        let operation = try await journal.operation(serving: task.id.namespace)
        let phase = Phase.taskRecovered(task.label, at: run.at)
        let notices = operation.map { [NoticeDraft.announcement(report($0, phase))] } ?? []
        try await journal.forgetTaskFailure(of: task.id, about: operation, notices: notices)
        signals.notices.fire()
    }

    private func report(_ operation: Operation, _ phase: Phase) -> Report {
        Report(operation: operation, appLabel: naming.label(operation.app), phase: phase)
    }
}
