import Foundation

/// Carries notices from the outbox to the workspace: in order per channel, each once, at a pace that the
/// workspace allows. Nothing that happens here changes what becomes of a deploy.
package struct Courier: Sendable {
    let outbox: any Outbox
    let messenger: any Messenger
    let signals: Signals
    let pace: Pace
    let now: @Sendable () -> Date
    let log: Log

    package init(
        outbox: any Outbox, messenger: any Messenger, signals: Signals, pace: Pace = Pace(),
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.outbox = outbox
        self.messenger = messenger
        self.signals = signals
        self.pace = pace
        self.now = now
        self.log = log
    }

    /// The longest wait when nobody wakes the courier: a safety net.
    static let maxIdle = Duration.seconds(30)

    /// Delivers until the task is cancelled; a message that is being sent then is finished first.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var known: [String: Signal] = [:]
            while !Task.isCancelled {
                for channel in await channels() where known[channel] == nil {
                    let signal = Signal()
                    known[channel] = signal
                    group.addTask { await deliverAll(in: channel, signal) }
                }
                known.values.forEach { $0.fire() }
                await signals.notices.wait(atMost: Self.maxIdle)
            }
        }
    }

    private func channels() async -> [String] {
        do throws(JournalError) { return try await outbox.channelsWithNotices() } catch {
            log.error("the outbox can't be read: \(error)")
            return []
        }
    }

    private func deliverAll(in channel: String, _ signal: Signal) async {
        var bucket = TokenBucket(pace)
        var lastComplaint = ""
        while !Task.isCancelled {
            do {
                try await bucket.take()
                // Read after the wait, so that the newest state is what is sent.
                switch try await outbox.next(in: channel, at: now()) {
                case .notice(let notice):
                    let complaint = try await deliver(notice) ?? ""
                    if !complaint.isEmpty, complaint != lastComplaint {
                        log.warning("notices for \(channel) wait: \(complaint)")
                    }
                    lastComplaint = complaint
                case .waitUntil(let date):
                    bucket.giveBack()
                    await signal.wait(atMost: .seconds(max(0.01, date.timeIntervalSince(now()))))
                case .none:
                    bucket.giveBack()
                    await signal.wait(atMost: Self.maxIdle)
                }
            } catch is CancellationError {
                return
            } catch {
                log.error("the outbox can't be used: \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// - Returns: what is in the way, when it has to be tried again.
    private func deliver(_ notice: Notice) async throws -> String? {
        // In a task of its own: a stop lets the message that is under way arrive and be recorded.
        try await Task {
            do {
                let message = try await send(notice)
                try await outbox.delivered(notice.id, as: message)
                return nil
            } catch let error as MessengerError {
                return try await postpone(notice, error)
            }
        }.value
    }

    private func send(_ notice: Notice) async throws -> MessageReference? {
        switch notice.draft {
        case .live:
            guard let message = notice.liveMessage else { return try await post(notice, thread: nil) }
            do {
                try await messenger.edit(message, to: notice.draft, id: notice.id)
                return message
            } catch MessengerError.messageGone {
                try await outbox.forgetLiveMessage(of: notice.operation)
                return try await post(notice, thread: nil)
            }
        case .detail:
            do {
                return try await post(notice, thread: notice.liveMessage)
            } catch MessengerError.messageGone {
                return try await post(notice, thread: nil)
            }
        case .announcement:
            return try await post(notice, thread: nil)
        }
    }

    private func post(_ notice: Notice, thread: MessageReference?) async throws -> MessageReference {
        if notice.isDoubtful,
            let arrived = try await messenger.find(notice.id, channel: notice.channel, thread: thread)
        {
            return arrived
        }
        try await outbox.begin(notice.id)
        return try await messenger.post(notice.draft, id: notice.id, channel: notice.channel, thread: thread)
    }

    private func postpone(_ notice: Notice, _ error: MessengerError) async throws -> String {
        let backOff = min(pow(2, Double(min(notice.failures, 10))), Self.maxBackOffSeconds)
        let (pause, reason, mayHaveArrived) =
            switch error {
            case .tryAgain(let seconds, let reason, let mayHaveArrived):
                (max(seconds ?? 0, backOff), reason, mayHaveArrived)
            case .messageGone: (backOff, "the message to edit is gone", false)
            // Somebody has to change something in the workspace first.
            case .refused(let reason): (Self.maxBackOffSeconds, reason, false)
            }
        try await outbox.postpone(
            notice.id, until: now().addingTimeInterval(pause), reason: reason, mayHaveArrived: mayHaveArrived)
        return reason
    }

    static let maxBackOffSeconds = 60.0
}
