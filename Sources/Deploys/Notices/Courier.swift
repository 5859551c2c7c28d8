import Foundation

/// Carries notices from the outbox to the workspace at a pace that the workspace allows: what is posted in order per
/// channel, each once, and edits beside it. Nothing that happens here changes what becomes of a deploy.
package struct Courier: Sendable {
    /// What waits together.
    enum Lane: Hashable {
        case posts(String)
        case edits
    }

    let outbox: any Outbox
    let messenger: any Messenger
    let signals: Signals
    let pace: Pace
    let now: @Sendable () -> Date
    let speed: Double
    let complaints: DeliveryComplaints
    /// What was sent and what failed, since this courier began.
    package let counts = DeliveryCounts()

    /// - Parameter speed: how many seconds of `now` pass in one: tests have hours pass in seconds.
    package init(
        outbox: any Outbox, messenger: any Messenger, signals: Signals, pace: Pace = Pace(),
        now: @escaping @Sendable () -> Date, speed: Double = 1, log: Log
    ) {
        self.outbox = outbox
        self.messenger = messenger
        self.signals = signals
        self.pace = pace
        self.now = now
        self.speed = speed
        complaints = DeliveryComplaints(log: log)
    }

    /// The longest wait when nobody wakes the courier: a safety net.
    static let maxIdleSeconds = 30.0
    /// How long a journal that refuses is left alone.
    static let journalPause = Duration.seconds(1)

    /// Delivers until the task is cancelled; a message that is being sent then is finished first.
    package func run() async {
        await tryRefusedAgain()
        await withDiscardingTaskGroup { group in
            let edits = Signal()
            group.addTask { await serve(.edits, edits) }
            var known: [String: Signal] = [:]
            while !Task.isCancelled {
                for channel in await channels() where known[channel] == nil {
                    let signal = Signal()
                    known[channel] = signal
                    group.addTask { await serve(.posts(channel), signal) }
                }
                for signal in known.values { signal.fire() }
                edits.fire()
                await signals.notices.wait(atMost: .seconds(Self.maxIdleSeconds))
            }
        }
    }

    /// Whoever starts the service may have mended what was in the way.
    private func tryRefusedAgain() async {
        do throws(JournalError) { try await outbox.retryRefused() } catch { complaints.journal(error) }
    }

    private func channels() async -> [String] {
        do throws(JournalError) { return try await outbox.channelsWithPosts() } catch {
            complaints.journal(error)
            return []
        }
    }

    private func serve(_ lane: Lane, _ signal: Signal) async {
        var bucket = TokenBucket(lane == .edits ? pace.edits : pace.posts)
        while !Task.isCancelled {
            do {
                try await bucket.take()
                // Read after the wait, so that the newest state is what is sent.
                switch try await next(lane) {
                case .notice(let notice): try await deliver(notice)
                case .unreadable(let notice):
                    bucket.giveBack()
                    try await outbox.park(unreadable: notice)
                    complaints.parked(notice.id, notice.operation, notice.reason)
                case .waitUntil(let date):
                    bucket.giveBack()
                    await wait(for: signal, atMost: date.timeIntervalSince(now()))
                case .none:
                    bucket.giveBack()
                    await wait(for: signal, atMost: Self.maxIdleSeconds)
                }
            } catch is CancellationError {
                return
            } catch {
                complaints.journal(error)
                try? await Task.sleep(for: Self.journalPause)
            }
        }
    }

    private func next(_ lane: Lane) async throws(JournalError) -> NextNotice {
        switch lane {
        case .posts(let channel): try await outbox.nextPost(in: channel, at: now())
        case .edits: try await outbox.nextEdit(at: now())
        }
    }

    private func wait(for signal: Signal, atMost seconds: Double) async {
        await signal.wait(atMost: .seconds(min(max(0.01, seconds / speed), Self.maxIdleSeconds)))
    }

    /// In a task of its own: a stop lets the message that is under way arrive and be recorded.
    private func deliver(_ notice: Notice) async throws {
        try await Task {
            do {
                try await send(notice)
            } catch let failure as Undelivered {
                try await setBack(notice, failure)
            }
        }.value
    }
}
