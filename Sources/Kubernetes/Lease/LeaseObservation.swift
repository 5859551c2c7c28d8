/// Judges when somebody else's Lease has run out: by our own monotonic time since we last saw it change, never by the
/// times written in it, for the two clocks may be hours apart.
struct LeaseObservation {
    /// A holder that claims more is taken for dead after so long.
    static let maxDurationSeconds = 300

    private var last: (record: LeaseRecord, seenAt: ContinuousClock.Instant)?

    /// - Parameter record: as it was read at `now`.
    /// - Returns: whether it may be taken.
    mutating func isFree(_ record: LeaseRecord, at now: ContinuousClock.Instant) -> Bool {
        guard record.holder != nil else { return true }
        guard let last, last.record == record else {
            last = (record, now)
            return false
        }
        let seconds = min(max(record.durationSeconds, 1), Self.maxDurationSeconds)
        return now - last.seenAt >= .seconds(seconds)
    }
}
