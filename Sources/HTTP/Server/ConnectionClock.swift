/// When the things happened that a connection's time limits are counted from; monotonic nanoseconds.
struct ConnectionClock {
    /// The last time that the client opened, took bytes, got a whole answer or ended its sending side.
    private(set) var progressAt: UInt64
    /// When the first byte of the unfinished head came.
    private(set) var headBeganAt: UInt64?
    private(set) var bodyBeganAt: UInt64?
    private(set) var lingerBeganAt: UInt64 = 0
    /// When the loop will look at the connection; `.max` for not at all.
    var scheduledAt = UInt64.max

    init(now: UInt64) { progressAt = now }

    mutating func noteProgress(_ now: UInt64) { progressAt = now }

    mutating func noteRequest() {
        headBeganAt = nil
        bodyBeganAt = nil
    }

    mutating func note(_ stage: RequestParser.Stage, _ now: UInt64) {
        switch stage {
        case .idle: noteRequest()
        case .head: headBeganAt = headBeganAt ?? now
        case .body:
            headBeganAt = nil
            bodyBeganAt = bodyBeganAt ?? now
        }
    }

    mutating func restartBody(_ now: UInt64) { bodyBeganAt = now }

    mutating func beginLinger(_ now: UInt64) { lingerBeganAt = now }
}
