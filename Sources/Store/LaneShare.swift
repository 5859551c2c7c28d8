/// Whose turn it is at the writing thread: jobs that people wait for come before all others, and those get at least a
/// tenth of the time all the same.
struct LaneShare {
    enum Lane { case first, ordinary }

    /// For each nanosecond of the first lane's, one of the ordinary lane's in so many is due.
    private static let firstPerOrdinary: Int64 = 9
    /// What idle times leave behind, in either direction.
    private static let maxCreditNanoseconds: Int64 = 50_000_000

    /// What is due to the ordinary lane, in nanoseconds; negative when it had more than its share.
    private var credit: Int64 = 0

    /// One of the two has jobs.
    func lane(hasFirst: Bool, hasOrdinary: Bool) -> Lane {
        guard hasFirst else { return .ordinary }
        return hasOrdinary && credit > 0 ? .ordinary : .first
    }

    mutating func note(_ lane: Lane, nanoseconds: Int64) {
        switch lane {
        case .first: credit += nanoseconds / Self.firstPerOrdinary
        case .ordinary: credit -= nanoseconds
        }
        credit = min(max(credit, -Self.maxCreditNanoseconds), Self.maxCreditNanoseconds)
    }
}
