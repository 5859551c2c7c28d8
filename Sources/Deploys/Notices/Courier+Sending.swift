import Foundation

/// A notice that the workspace did not take.
struct Undelivered: Error {
    let error: MessengerError
    /// By this try, or by an earlier one that could not be looked for.
    let mayHaveArrived: Bool
}

extension Courier {
    /// How often replies follow their live message to a new one: one that cannot be replied to would be posted for
    /// ever.
    static let maxNewRoots = 3
    /// How long a channel or a workspace that refuses is left alone, when nobody says that it was mended.
    package static let refusalPauseSeconds = 300.0
    static let maxBackOffSeconds = 60.0
    /// Slack may still be at work on a message whose answer was lost: looked for at once, it would not be found.
    static let minDoubtSeconds = 2.0

    func send(_ notice: Notice) async throws {
        switch notice.draft {
        case .live:
            if let message = notice.liveMessage { try await edit(message, notice) } else {
                try await post(notice, thread: nil)
            }
        case .detail, .file: try await reply(notice)
        case .announcement: try await post(notice, thread: nil)
        }
    }

    private func edit(_ message: MessageReference, _ notice: Notice) async throws {
        do throws(MessengerError) {
            try await messenger.edit(message, to: notice.draft, id: notice.id)
        } catch {
            guard error == .messageGone else { throw Undelivered(error: error, mayHaveArrived: false) }
            counts.failed(notice, .gone)
            _ = try await outbox.forgetLiveMessage(of: notice)
            return signals.notices.fire()
        }
        try await recordDelivery(of: notice, as: message)
    }

    private func reply(_ notice: Notice) async throws {
        do {
            try await post(notice, thread: notice.liveMessage)
        } catch let failure as Undelivered where notice.liveMessage != nil && failure.error == .messageGone {
            counts.failed(notice, .gone)
            if notice.revision <= Self.maxNewRoots, try await outbox.forgetLiveMessage(of: notice) {
                return signals.notices.fire()
            }
            try await post(notice, thread: nil)
        } catch let failure as Undelivered where notice.liveMessage != nil && failure.error == .noReplies {
            try await post(notice, thread: nil)
        }
    }

    private func post(_ notice: Notice, thread: MessageReference?) async throws {
        if let since = notice.begunAt {
            let arrived: MessageReference?
            do throws(MessengerError) {
                arrived = try await messenger.find(
                    notice.draft, id: notice.id, channel: notice.channel, thread: thread, since: since)
            } catch {
                throw Undelivered(error: error, mayHaveArrived: true)
            }
            if let arrived {
                try await outbox.found(notice, as: arrived)
                return signals.notices.fire()
            }
        }
        guard try await outbox.begin(notice, at: now()) else { return }
        let message: MessageReference?
        do throws(MessengerError) {
            message = try await messenger.post(
                notice.draft, id: notice.id, channel: notice.channel, thread: thread)
        } catch {
            throw Undelivered(error: error, mayHaveArrived: error.mayHaveArrived)
        }
        try await recordDelivery(of: notice, as: message)
        // The message can be edited from now on.
        if case .live = notice.draft { signals.notices.fire() }
    }

    private func recordDelivery(of notice: Notice, as message: MessageReference?) async throws {
        try await outbox.delivered(notice, as: message)
        counts.delivered(notice)
        complaints.recovered(notice)
    }

    func setBack(_ notice: Notice, _ failure: Undelivered) async throws(JournalError) {
        let obstacle: Obstacle
        switch failure.error {
        case .limited(let seconds, let reason):
            counts.failed(notice, .limited)
            obstacle = self.obstacle(notice.laneScope, .limit, reason, seconds)
        case .outage(let reason, _):
            counts.failed(notice, .outage)
            obstacle = self.obstacle(notice.laneScope, .outage, reason, backOff(notice, failure))
        case .refused(let refusal, let reason):
            counts.failed(notice, .refused(refusal))
            obstacle = self.obstacle(notice.scope(of: refusal), .refusal, reason, Self.refusalPauseSeconds)
        case .messageGone, .noReplies: return try await park(notice, "the message is gone")
        case .unacceptable(let reason): return try await park(notice, reason)
        }
        try await outbox.postpone(notice, obstacle, mayHaveArrived: failure.mayHaveArrived, at: now())
        complaints.wait(obstacle)
    }

    private func park(_ notice: Notice, _ reason: String) async throws(JournalError) {
        counts.failed(notice, .unacceptable)
        try await outbox.park(notice, reason: reason)
        complaints.parked(notice.id, notice.operation, reason)
    }

    private func backOff(_ notice: Notice, _ failure: Undelivered) -> Double {
        let seconds = min(pow(2, Double(min(notice.failures, 10))), Self.maxBackOffSeconds)
        return failure.mayHaveArrived ? max(seconds, Self.minDoubtSeconds) : seconds
    }

    private func obstacle(
        _ scope: Obstacle.Scope, _ kind: Obstacle.Kind, _ reason: String, _ seconds: Double
    ) -> Obstacle {
        Obstacle(scope, kind, reason: reason, until: now().addingTimeInterval(seconds))
    }
}

extension MessengerError {
    fileprivate var mayHaveArrived: Bool {
        if case .outage(_, let mayHaveArrived) = self { mayHaveArrived } else { false }
    }
}

extension Notice {
    /// All that waits when the workspace wants this notice later.
    package var laneScope: Obstacle.Scope {
        if isEdit { return .edits }
        if case .file = draft { return .files }
        return .posts(channel)
    }

    func scope(of refusal: MessengerError.Refusal) -> Obstacle.Scope {
        switch refusal {
        case .channel: .channel(channel)
        case .files: .files
        case .workspace: .everything
        }
    }

    /// What may have been in its way.
    package var scopes: [Obstacle.Scope] { [laneScope, .channel(channel), .everything] }
}
