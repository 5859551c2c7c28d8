/// Makes operations of what the inbox holds.
package struct Unpacker: Sendable {
    private let intake: Intake
    private let log: Log

    package init(_ intake: Intake, log: Log) {
        self.intake = intake
        self.log = log
    }

    /// Requests that become operations in one transaction: few, for others wait behind it.
    static let maxRequestsAtOnce = 16
    /// Where one request came, more may follow.
    static let pause = Duration.milliseconds(4)
    /// While requests keep coming, so much of the time is left to them.
    static let restsPerTurn = 7
    /// How long a journal that refuses is left alone.
    static let journalPause = Duration.seconds(1)
    /// Nobody has to wake it for it to look again: a safety net.
    static let maxIdle = Duration.seconds(30)

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do throws(JournalError) {
                try await unpackAll()
            } catch {
                guard !Task.isCancelled else { return }
                log.error("what was acknowledged waits to become an operation: \(error)")
                try? await Task.sleep(for: Self.journalPause)
                continue
            }
            await intake.journal.requestsArrived.wait(atMost: Self.maxIdle)
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func unpackAll() async throws(JournalError) {
        while true {
            let (before, start) = (intake.journal.waitingRequests, ContinuousClock.now)
            let count = try await intake.unpack(atMost: Self.maxRequestsAtOnce)
            guard count > 0 else { return }
            // Others came meanwhile, and their senders wait for the same processors and the same disk.
            guard intake.journal.waitingRequests > before - count else { continue }
            try? await Task.sleep(for: (ContinuousClock.now - start) * Self.restsPerTurn)
        }
    }
}

extension Intake {
    /// Returns when all that was acknowledged before is an operation. Called by whatever looks at operations for a
    /// person.
    func unpack() async throws(JournalError) {
        var rest = journal.waitingRequests
        while rest > 0 {
            let count = try await unpack(atMost: min(rest, Unpacker.maxRequestsAtOnce))
            guard count > 0 else { return }
            rest -= count
        }
    }

    /// - Returns: how many requests are none any more.
    fileprivate func unpack(atMost count: Int) async throws(JournalError) -> Int {
        let count = try await journal.unpack(atMost: count) {
            [Self.firstNotice($0, naming.label($0.app), ahead: $1)]
        }
        if count > 0 {
            signals.work.fire()
            signals.notices.fire()
        }
        return count
    }
}
