import Foundation

/// Ends operations that nobody has approved for too long.
struct HeldOperations: Sendable {
    let ports: Ports
    let naming: Naming
    let signals: Signals
    let limits: WorkLimits

    static let pause = Duration.seconds(60)

    /// Works until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(JournalError) { try await lapse() } catch {
                ports.log.error("what nobody has approved can't be ended yet: \(error)")
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    func lapse() async throws(JournalError) {
        let (now, naming) = (ports.now(), naming)
        let lapsed = try await ports.journal.lapse(
            heldSince: now.addingTimeInterval(-limits.maxHeldSeconds), at: now,
            auditing: { .ended($0, because: AuditWords.lapsed, at: now) }
        ) { operation in
            let report = Report(operation: operation, appLabel: naming.label(operation.app), phase: .lapsed)
            return [.live(report.offeringNextSteps())]
        }
        guard !lapsed.isEmpty else { return }
        signals.notices.fire()
        for operation in lapsed { ports.log.info("operation \(operation.id) \(operation.app.key): nobody approved it") }
    }
}
