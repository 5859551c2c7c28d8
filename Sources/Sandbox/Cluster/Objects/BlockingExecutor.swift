import Dispatch

/// Runs an actor's work one piece at a time on Dispatch's threads instead of the cooperative pool:
/// for actors whose calls block, as SQLite's do.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
