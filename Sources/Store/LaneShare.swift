/// Whose turn it is at the writing thread: jobs that people wait for come before all others. While such jobs keep
/// coming, the others get a part of the time all the same, and no more: right behind an acknowledgement the next
/// request is on its way, and whatever was begun meanwhile would hold it up.
struct LaneShare {
    enum Lane { case first, ordinary }

    enum Decision: Equatable {
        case take(Lane)
        /// Nothing for so many nanoseconds, unless a job comes that people wait for.
        case wait(Int64)
    }

    /// The ordinary lane's part of the time is one of so many.
    private static let parts: Int64 = 8
    /// How long behind a job of the first lane another one is waited for.
    private static let patienceNanoseconds: Int64 = 3_000_000
    /// What is kept of unused time, and of time that was taken beyond one's part.
    private static let maxCreditNanoseconds: Int64 = 5_000_000

    /// What is due to the ordinary lane, in nanoseconds; negative when it had more than its part.
    private var credit: Int64 = 0
    private var lastFirst: Int64?
    private var lastNote: Int64?

    /// - Parameter now: monotonic nanoseconds. One of the two has jobs.
    func decide(hasFirst: Bool, hasOrdinary: Bool, now: Int64) -> Decision {
        if hasFirst { return .take(hasOrdinary && credit(at: now) > 0 ? .ordinary : .first) }
        guard let lastFirst, credit(at: now) <= 0 else { return .take(.ordinary) }
        let rest = lastFirst + Self.patienceNanoseconds - now
        return rest > 0 ? .wait(min(rest, (1 - credit(at: now)) * Self.parts)) : .take(.ordinary)
    }

    private func credit(at now: Int64) -> Int64 {
        min(credit + max(0, now - (lastNote ?? now)) / Self.parts, Self.maxCreditNanoseconds)
    }

    /// A turn is over.
    mutating func note(_ lane: Lane, nanoseconds: Int64, now: Int64) {
        credit = credit(at: now)
        lastNote = now
        switch lane {
        case .first: lastFirst = now
        case .ordinary: credit = max(credit - nanoseconds, -Self.maxCreditNanoseconds)
        }
    }
}
