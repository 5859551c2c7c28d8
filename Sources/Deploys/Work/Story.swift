import AppFile
import Foundation

/// One operation while it runs: what is known of it, and what people are told.
actor Story {
    private(set) var operation: Operation
    private var warnings: [String] = []
    /// Of the commit's settings.
    private var problems: [Problem] = []
    /// Files for the thread of one that fails.
    private var attachments: [NoticeDraft] = []
    /// What was changed is undone: that is not stopped.
    private var isUndoing = false
    private let ports: Ports
    private let naming: Naming
    private let signals: Signals
    private let limits: WorkLimits

    init(_ operation: Operation, ports: Ports, naming: Naming, signals: Signals, limits: WorkLimits) {
        self.operation = operation
        self.ports = ports
        self.naming = naming
        self.signals = signals
        self.limits = limits
    }

    /// What people call the app.
    nonisolated func label(_ app: AppID) -> String { naming.label(app) }

    /// Remembers something for the next `tell` or `settle`.
    func note(_ change: @Sendable (inout Operation) -> Void) { change(&operation) }

    /// The push is where its branch is.
    func settleDoubt() async throws(JournalError) {
        guard operation.doubt != nil else { return }
        try await ports.journal.settleDoubt(of: operation)
        operation.doubt = nil
    }

    /// Keeps a file for the thread, in case that the operation fails.
    func attach(_ file: NoticeDraft) { attachments.append(file) }

    func beginUndoing() { isUndoing = true }

    /// Keeps sentences for the thread until the operation ends. A step may be repeated after a crash, the end is
    /// written once: so nobody reads the same warning twice.
    func warn(_ sentences: [String]) {
        for sentence in sentences where !warnings.contains(sentence) { warnings.append(sentence) }
    }

    /// Keeps what is wrong with the commit's settings, errors and warnings, for all that is told from now on.
    func found(_ problems: [Problem]) { self.problems = problems }

    /// Records what is known and shows how far the operation is.
    func tell(_ phase: Phase) async throws {
        let operation = operation
        try await ports.journal.record(operation, notices: [.live(report(operation, phase))])
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

    /// Puts the operation aside until a second person has approved it, and tells people once.
    func hold(approvers: [Party]) async throws -> Outcome {
        let (label, held) = (naming.label(operation.app), operation)
        let person = try await ports.journal.hold(held, at: ports.now()) { operation in
            let phase = Phase.awaitingApproval(of: approvers)
            let report = Report(operation: operation, appLabel: label, phase: phase).offeringNextSteps()
            return [.live(report), .announcement(report)]
        }
        if let person { return .unwanted(by: person) }
        signals.notices.fire()
        ports.log.info("operation \(held.id) \(held.kind) \(held.app.key): held for approval")
        return .held
    }

    /// Ends the operation. What happened has happened: a journal that refuses for a while is asked again, until the
    /// service stops, and then the operation goes back into the queue.
    /// - Returns: who wanted it to stop before it was ended: then it has not ended yet.
    func settle(_ ending: Ending) async -> Person? {
        var ended = operation
        ended.state = ending.state
        ended.finishedAt = ports.now()
        let notices = notices(about: ended, ending)
        var pause = limits.journalPause
        while true {
            do throws(JournalError) {
                switch try await ports.journal.settle(ended, ending.settlement, notices: notices) {
                case .settled: return finish(ended)
                case .unwanted(let person): return person
                }
            } catch {
                ports.log.error("operation \(ended.id) can't be settled yet: \(error)")
            }
            guard !Task.isCancelled else {
                await putBackAtStop()
                return nil
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.maxSettlePause)
        }
    }

    private func finish(_ ended: Operation) -> Person? {
        operation = ended
        signals.notices.fire()
        ports.log.info("operation \(ended.id) \(ended.kind) \(ended.app.key): \(ended.state)")
        return nil
    }

    static let maxSettlePause = Duration.seconds(30)

    private func notices(about ended: Operation, _ ending: Ending) -> [NoticeDraft] {
        if ending.isQuiet { return [] }
        let report = report(ended, ending.phase, warnings: warnings.count, previousRelease: ending.previousRelease)
        let remarks: [NoticeDraft] = warnings.isEmpty ? [] : [.detail(title: "Warnings", lines: warnings)]
        let files = ending.state == .failed ? attachments : []
        return [.live(report)] + remarks + ending.evidence + files + (ending.isAnnounced ? [.announcement(report)] : [])
    }

    /// Lets the operation wait for its turn again, with all that is known of it.
    func putBack() async throws {
        let operation = operation
        try await ports.journal.putBack(operation)
    }

    /// When it can't be written, the next start finds the operation as it is and takes it up all the same.
    func putBackAtStop() async {
        try? await tell(.interrupted)
        do { try await putBack() } catch {
            ports.log.warning("operation \(operation.id) is taken up at the next start only: \(error)")
        }
    }

    private func report(
        _ operation: Operation, _ phase: Phase, warnings: Int = 0, previousRelease: Int? = nil
    ) -> Report {
        var operation = operation
        // It is told to stop before it knows.
        operation.cancelledBy = operation.cancelledBy ?? signals.cancellations.person(stopping: operation.id)
        let steps = NextSteps.steps(after: phase, of: operation, previousRelease: previousRelease)
        var report = Report(
            operation: operation, appLabel: naming.label(operation.app), phase: phase, warnings: warnings)
        report.logURL = operation.buildNumber == nil ? nil : ports.logURL(operation)
        report.set(problems)
        return report.offering(isUndoing && !operation.isFinished ? [] : steps)
    }
}
