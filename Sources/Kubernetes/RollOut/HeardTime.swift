/// Time as far as the cluster could be heard. Deadlines run on it: whatever moves while the cluster does not answer
/// cannot be seen.
///
/// It is counted on our own steady clock; no clock of the cluster's takes part.
struct HeardTime {
    private(set) var silentSince: ContinuousClock.Instant?
    private var pastSilence: Duration = .zero

    /// - Returns: how long the cluster was silent, when it is heard again with this look.
    mutating func look(isSilent: Bool, at now: ContinuousClock.Instant) -> Duration? {
        guard isSilent else {
            guard let since = silentSince else { return nil }
            silentSince = nil
            pastSilence += now - since
            return now - since
        }
        silentSince = silentSince ?? now
        return nil
    }

    /// Where the clock stands; it stands still during a silence.
    func moment(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        (silentSince ?? now) - pastSilence
    }
}
