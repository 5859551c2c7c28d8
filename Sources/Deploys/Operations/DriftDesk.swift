import Foundation

/// Turns what is seen to differ from an environment's release into operations that put it right.
package actor DriftDesk {
    /// Who changes the same thing over and over, often another program, is not fought at full speed.
    static let maxRepairsInARow = 10
    static let repairsInARowSeconds: TimeInterval = 600
    static let maxWaiting = Duration.seconds(60)

    private let journal: any Journal
    private let channel: String
    private let signals: Signals
    private let now: @Sendable () -> Date
    private let log: Log

    /// Namespaces that were seen to differ, and from when on something is done about it.
    private var due: [String: Date] = [:]
    /// When something was done about each, within the last `repairsInARowSeconds`.
    private var repairs: [String: [Date]] = [:]
    private let news = Signal()

    /// - Parameter channel: where people are told about repairs.
    package init(
        journal: any Journal, channel: String, signals: Signals, now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.journal = journal
        self.channel = channel
        self.signals = signals
        self.now = now
        self.log = log
    }

    /// Something of ours in the namespace is not as we left it.
    package func seen(inNamespace namespace: String) {
        let moment = now()
        let recent = (repairs[namespace] ?? []).filter { moment.timeIntervalSince($0) < Self.repairsInARowSeconds }
        repairs[namespace] = recent
        let isFight = recent.count >= Self.maxRepairsInARow
        due[namespace] = isFight ? recent[0].addingTimeInterval(Self.repairsInARowSeconds) : moment
        if isFight { log.warning("\(namespace) was changed again; it is put right in a while only") }
        news.fire()
    }

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            await lookNow()
            let next = due.values.min().map { Duration.seconds(max(0, $0.timeIntervalSince(now()))) }
            await news.wait(atMost: min(next ?? Self.maxWaiting, Self.maxWaiting))
        }
    }

    /// Does something about everything that is due.
    func lookNow() async {
        let moment = now()
        for (namespace, date) in due where date <= moment { await repair(namespace, at: moment) }
    }

    private func repair(_ namespace: String, at moment: Date) async {
        // Before anything is awaited: what is seen meanwhile is news.
        guard due.removeValue(forKey: namespace) != nil else { return }
        do throws(JournalError) {
            guard let state = try await journal.desiredState(inNamespace: namespace) else { return }
            try await accept(state, at: moment)
        } catch {
            log.error("what differs in \(namespace) is looked at later: \(error)")
            due[namespace] = moment.addingTimeInterval(1)
        }
    }

    private func accept(_ state: DesiredState, at moment: Date) async throws(JournalError) {
        let request = OperationRequest(
            kind: .repair, app: state.app, environment: state.environment, revision: nil, trigger: .watch,
            channel: channel, deduplicationKey: nil)
        _ = try await journal.accept(request, at: moment, notices: { _, _ in [] }, superseding: { _, _ in [] })
        repairs[state.plan.namespace, default: []].append(moment)
        signals.work.fire()
    }
}
