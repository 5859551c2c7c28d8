import Foundation

/// Takes operations from the journal and carries each to its end, bounded by a limit.
package struct Worker: Sendable {
    let ports: Ports
    let runner: OperationRunner
    let held: HeldOperations
    let signals: Signals
    let limits: WorkLimits

    package init(
        ports: Ports, naming: Naming, signals: Signals, limits: WorkLimits = WorkLimits(),
        policy: WorkPolicy = WorkPolicy()
    ) {
        self.ports = ports
        self.signals = signals
        self.limits = limits
        runner = OperationRunner(ports: ports, naming: naming, signals: signals, limits: limits, policy: policy)
        held = HeldOperations(ports: ports, naming: naming, signals: signals, limits: limits)
    }

    /// Nobody has to wake the worker for it to look again: a safety net.
    static let maxIdle = Duration.seconds(60)

    /// Works until the task is cancelled; operations that are under way then go back into the queue.
    package func run() async {
        await rescue()
        // Discarding, because a group would keep every operation that ended until the service does.
        await withDiscardingTaskGroup { group in
            group.addTask { await held.run() }
            let running = LockedValue(0)
            while !Task.isCancelled {
                if running.with({ $0 }) < limits.maxRunningOperations, ports.room.isThere,
                    let operation = await claim() {
                    running.with { $0 += 1 }
                    group.addTask {
                        await runner.run(operation)
                        running.with { $0 -= 1 }
                        signals.work.fire()
                    }
                } else {
                    await signals.work.wait(atMost: Self.maxIdle)
                }
            }
        }
    }

    private func rescue() async {
        while !Task.isCancelled {
            do throws(JournalError) {
                let count = try await ports.journal.rescue()
                if count > 0 { ports.log.info("took up \(count) unfinished operations again") }
                return
            } catch {
                ports.log.error("the journal can't be read: \(error)")
                try? await Task.sleep(for: limits.journalPause)
            }
        }
    }

    private func claim() async -> Operation? {
        do throws(JournalError) {
            return try await ports.journal.claim(at: ports.now())
        } catch {
            ports.log.error("no operation can be taken: \(error)")
            try? await Task.sleep(for: limits.journalPause)
            signals.work.fire()
            return nil
        }
    }
}
