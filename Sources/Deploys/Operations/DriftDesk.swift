import Foundation

/// Turns what is seen to differ from an environment's release into operations that put it right.
package actor DriftDesk {
    /// Who changes the same thing over and over, often another program, is not fought at full speed.
    static let maxRepairsInARow = 10
    static let repairsInARow = Duration.seconds(600)
    static let maxWaiting = Duration.seconds(60)

    private let journal: any Journal
    private let channel: String
    private let signals: Signals
    private let now: @Sendable () -> Date
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let log: Log

    /// Namespaces that were seen to differ, and from when on something is done about it.
    private var due: [String: ContinuousClock.Instant] = [:]
    /// When something was done about each, within the last `repairsInARow`.
    private var repairs: [String: [ContinuousClock.Instant]] = [:]
    private let news = Signal()

    /// - Parameters:
    ///   - channel: where people are told about repairs.
    ///   - now: dates operations.
    ///   - clock: for pauses; nobody sets it.
    package init(
        journal: any Journal, channel: String, signals: Signals, now: @escaping @Sendable () -> Date,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, log: Log
    ) {
        self.journal = journal
        self.channel = channel
        self.signals = signals
        self.now = now
        self.clock = clock
        self.log = log
    }

    /// Something of ours in the namespace is not as we left it.
    package func seen(inNamespace namespace: String) {
        let moment = clock()
        let recent = (repairs[namespace] ?? []).filter { moment - $0 < Self.repairsInARow }
        repairs[namespace] = recent
        let isFight = recent.count >= Self.maxRepairsInARow
        due[namespace] = isFight ? recent[0] + Self.repairsInARow : moment
        if isFight { log.warning("something keeps changing \(namespace); it is put right again in some minutes") }
        news.fire()
    }

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            await lookNow()
            let next = due.values.min().map { max(.zero, $0 - clock()) } ?? Self.maxWaiting
            await news.wait(atMost: min(next, Self.maxWaiting))
        }
    }

    /// Does something about everything that is due.
    func lookNow() async {
        let moment = clock()
        for (namespace, date) in due where date <= moment { await repair(namespace, at: moment) }
    }

    private func repair(_ namespace: String, at moment: ContinuousClock.Instant) async {
        // Before anything is awaited: what is seen meanwhile is news.
        guard due.removeValue(forKey: namespace) != nil else { return }
        do throws(JournalError) {
            guard let state = try await journal.desiredState(inNamespace: namespace) else { return }
            try await accept(state, at: moment)
        } catch {
            log.error("what differs in \(namespace) is looked at later: \(error)")
            due[namespace] = moment + .seconds(1)
        }
    }

    private func accept(
        _ state: DesiredState, at moment: ContinuousClock.Instant
    ) async throws(JournalError) {
        let request = OperationRequest(
            kind: .repair, app: state.app, environment: state.environment, revision: nil, trigger: .watch,
            channel: channel, deduplicationKey: nil)
        _ = try await journal.accept(request, at: now(), notices: { _, _ in [] }, superseding: { _, _ in [] })
        repairs[state.plan.namespace, default: []].append(moment)
        signals.work.fire()
    }
}
