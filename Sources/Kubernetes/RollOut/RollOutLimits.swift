/// How long a roll-out may take, and how much is told about its failure.
package struct RollOutLimits: Sendable, Equatable {
    /// Kubernetes reports a roll-out that stands still; this much later we stop waiting for its word.
    package var graceAfterDeadline: Duration = .seconds(30)
    /// A roll-out that moves, but very slowly, ends here.
    package var maxRollOut: Duration = .seconds(3600)
    /// Without news from the cluster for so long, the roll-out's end is unknown.
    package var maxSilence: Duration = .seconds(120)
    /// Time also moves a roll-out: how often to look when nothing else happens.
    package var lookAgainEvery: Duration = .seconds(1)
    /// How often to ask for events while a pod does not begin to start.
    package var lookAtEventsEvery: Duration = .seconds(10)
    package var maxEvidenceLines = 20
    package var maxEvidenceLineCharacters = 500
    /// Requests under way at once for one release.
    package var maxParallelRequests = 8

    package init() {}
}
