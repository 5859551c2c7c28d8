/// What became of a run's requests.
struct LoadOutcome: Sendable {
    /// Nanoseconds from each request to its answer, in no order.
    var waits: [UInt64] = []
    /// From the first request to the last answer.
    var nanoseconds: UInt64 = 0
    /// Answers with another status than 200, or without what they shall say.
    var refused = 0
    /// The first of them.
    var refusal: String?

    var perSecond: Double { Double(waits.count) / (Double(nanoseconds) / 1e9) }

    /// In milliseconds.
    func percentiles(_ percents: [Double]) -> [Double] {
        let sorted = waits.sorted()
        guard !sorted.isEmpty else { return percents.map { _ in 0 } }
        return percents.map { Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * $0 / 100))]) / 1e6 }
    }

    /// With what another thread of the same run saw.
    mutating func add(_ other: LoadOutcome) {
        waits += other.waits
        nanoseconds = max(nanoseconds, other.nanoseconds)
        refused += other.refused
        refusal = refusal ?? other.refusal
    }
}
