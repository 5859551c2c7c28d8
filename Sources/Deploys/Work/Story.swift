import Foundation

/// One operation while it runs: what is known of it, and what people are told.
actor Story {
    private(set) var operation: Operation
    private let ports: Ports
    private let naming: Naming
    private let signals: Signals

    init(_ operation: Operation, ports: Ports, naming: Naming, signals: Signals) {
        self.operation = operation
        self.ports = ports
        self.naming = naming
        self.signals = signals
    }

    nonisolated func label(_ app: AppID) -> String { naming.label(app) }

    /// Remembers something for the next `tell` or `settle`.
    func note(_ change: @Sendable (inout Operation) -> Void) { change(&operation) }

    /// Records what is known and shows how far the operation is.
    func tell(_ phase: Phase, details: [NoticeDraft] = []) async throws {
        let operation = operation
        let notices = [NoticeDraft.live(report(phase))] + details
        try await ports.journal.record(operation, notices: notices)
        signals.notices.fire()
    }

    /// Runs `work` while the phases it reports are shown, newest first; all are shown or outdated when it returns.
    nonisolated func following<T: Sendable>(
        _ work: (_ report: @escaping @Sendable (Phase) -> Void) async throws -> T
    ) async throws -> T {
        let (phases, continuation) = AsyncStream<Phase>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let teller = Task {
            // Progress that can't be written is no reason to stop: the next one may be.
            for await phase in phases { try? await self.tell(phase) }
        }
        let result: Result<T, any Error>
        do { result = .success(try await work { continuation.yield($0) }) } catch { result = .failure(error) }
        continuation.finish()
        await teller.value
        return try result.get()
    }

    /// Ends the operation.
    func settle(
        _ phase: Phase, _ settlement: Settlement = .nothing, announce: Bool = false, details: [NoticeDraft] = []
    ) async throws {
        var ended = operation
        ended.state = phase.finalState
        ended.finishedAt = ports.now()
        let settled = ended
        let report = Report(operation: settled, appLabel: naming.label(settled.app), phase: phase)
        let notices = [.live(report)] + details + (announce ? [.announcement(report)] : [])
        try await ports.journal.settle(settled, settlement, notices: notices)
        operation = settled
        signals.notices.fire()
        ports.log.info("operation \(settled.id) \(settled.kind) \(settled.app.key): \(settled.state)")
    }

    /// Ends the operation although the journal may refuse for a while; gives up only when the service stops.
    func settleForCertain(_ phase: Phase) async {
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            do {
                return try await settle(phase, announce: true, details: phase.evidence)
            } catch {
                ports.log.error("operation \(operation.id) can't be settled yet: \(error)")
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(30))
            }
        }
        try? await putBack()
    }

    func putBack() async throws {
        let operation = operation
        try await ports.journal.putBack(operation)
    }

    private func report(_ phase: Phase) -> Report {
        Report(operation: operation, appLabel: naming.label(operation.app), phase: phase)
    }
}

extension Phase {
    fileprivate var finalState: Operation.State {
        switch self {
        case .failed: .failed
        case .superseded: .superseded
        default: .succeeded
        }
    }

    fileprivate var evidence: [NoticeDraft] {
        guard case .failed(let failure) = self, !failure.evidence.isEmpty else { return [] }
        let title = failure.stage == .settings ? "Problems found" : "The last lines of the log"
        return [.detail(title: title, lines: failure.evidence)]
    }
}
