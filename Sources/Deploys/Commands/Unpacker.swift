/// Makes operations of what the inbox holds.
package struct Unpacker: Sendable {
    private let intake: Intake
    private let log: Log

    package init(_ intake: Intake, log: Log) {
        self.intake = intake
        self.log = log
    }

    /// Requests that become operations in one transaction: few, for others wait behind it.
    static let maxRequestsAtOnce = 8
    /// Where one request came, more may follow; they come first.
    static let pause = Duration.milliseconds(4)
    /// How long a journal that refuses is left alone.
    static let journalPause = Duration.seconds(1)
    /// Nobody has to wake it for it to look again: a safety net.
    static let maxIdle = Duration.seconds(30)

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do throws(JournalError) {
                try await intake.unpack()
            } catch {
                log.error("what was acknowledged waits to become an operation: \(error)")
                try? await Task.sleep(for: Self.journalPause)
                continue
            }
            await intake.journal.requestsArrived.wait(atMost: Self.maxIdle)
            try? await Task.sleep(for: Self.pause)
        }
    }
}

extension Intake {
    /// Returns when all that was acknowledged before is an operation. Called by whatever looks at operations for a
    /// person.
    func unpack() async throws(JournalError) {
        var rest = journal.waitingRequests
        while rest > 0 {
            let count = try await journal.unpack(atMost: min(rest, Unpacker.maxRequestsAtOnce)) {
                [Self.firstNotice($0, naming.label($0.app), ahead: $1)]
            }
            guard count > 0 else { return }
            rest -= count
            signals.work.fire()
            signals.notices.fire()
        }
    }
}
