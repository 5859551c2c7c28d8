extension ServerConnection {
    /// What happens when nothing happens.
    private enum Consequence {
        case close
        case refuse(HTTPRefusal)
        case answerLate
    }

    /// The earliest of the limits that run now.
    private var nextDeadline: (nanoseconds: UInt64, consequence: Consequence)? {
        switch phase {
        case .closed: return nil
        case .lingering: return (after(settings.lingerMilliseconds, clock.lingerBeganAt), .close)
        case .serving, .finishing: break
        }
        var next: (nanoseconds: UInt64, consequence: Consequence)?
        func offer(_ nanoseconds: UInt64, _ consequence: Consequence) {
            if nanoseconds < next?.nanoseconds ?? .max { next = (nanoseconds, consequence) }
        }
        if !output.isEmpty {
            offer(after(settings.writeStallMilliseconds, clock.progressAt), .close)
        }
        if isHalfClosed, !exchanges.isEmpty {
            offer(after(settings.halfCloseMilliseconds, clock.progressAt), .close)
        }
        if case .promised(_, let promise, let since) = exchanges.first?.state {
            offer(after(promise.withinMilliseconds, since), .answerLate)
        }
        guard phase == .serving else { return next }
        if let began = clock.headBeganAt {
            offer(after(settings.headMilliseconds, began), .refuse(.headTooSlow))
        } else if let began = clock.bodyBeganAt {
            // A client that waits for our word does not owe us anything.
            if !parser.awaitsContinue { offer(bodyDeadline(began), .refuse(.bodyTooSlow)) }
        } else if exchanges.isEmpty, output.isEmpty {
            offer(after(settings.idleMilliseconds, clock.progressAt), .close)
        }
        return next
    }

    /// Since when nothing but the client's next bytes are waited for; nil while it waits for us.
    var owesSince: UInt64? {
        guard phase == .serving, exchanges.isEmpty, output.isEmpty else { return nil }
        return clock.headBeganAt ?? clock.bodyBeganAt ?? clock.progressAt
    }

    private func after(_ milliseconds: Int, _ start: UInt64) -> UInt64 {
        start + UInt64(milliseconds) * 1_000_000
    }

    /// Every byte that came buys the time that it may have taken.
    private func bodyDeadline(_ began: UInt64) -> UInt64 {
        let earned = parser.bodyBytes * 1_000 / settings.minBodyBytesPerSecond
        return after(settings.bodyMilliseconds + earned, began)
    }

    /// Makes sure that the loop comes back in time.
    func schedule() {
        guard let next = nextDeadline, next.nanoseconds < clock.scheduledAt else { return }
        clock.scheduledAt = next.nanoseconds
        loop.wake(id, at: next.nanoseconds)
    }

    /// The loop has come back because of that entry; an older one may have been overtaken.
    func passDeadline(_ entry: UInt64) {
        guard entry == clock.scheduledAt else { return }
        clock.scheduledAt = .max
        guard let next = nextDeadline, next.nanoseconds <= loop.now else { return schedule() }
        switch next.consequence {
        case .close: abort()
        case .refuse(let refusal):
            refuse(refusal)
            advance()
        case .answerLate:
            answerLate()
            advance()
        }
    }
}
