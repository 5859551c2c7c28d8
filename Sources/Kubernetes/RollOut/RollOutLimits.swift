/// How long a roll-out may take, and how much is told about its failure.
package struct RollOutLimits: Sendable, Equatable {
    /// Kubernetes reports a roll-out that stands still; this much later we stop waiting for its word.
    package var graceAfterDeadline: Duration = .seconds(30)
    /// A roll-out that moves, but very slowly, ends here.
    package var maxRollOut: Duration = .seconds(3600)
    /// Without news from the cluster for so long, the roll-out's end is unknown. An API server that is away for ten
    /// minutes is waited for.
    package var maxSilence: Duration = .seconds(900)
    /// What keeps a roll-out from going on is told when it lasts this long.
    package var holdUpShownAfter: Duration = .seconds(5)
    /// Time also moves a roll-out: how often to look when nothing else happens.
    package var lookAgainEvery: Duration = .seconds(1)
    /// When to ask for events first, if pods do not begin to start or do not become ready.
    package var lookAtEventsAfter: Duration = .seconds(2)
    package var lookAtEventsEvery: Duration = .seconds(5)
    /// What is not told by then is left out of a failure's evidence.
    package var maxEvidenceWait: Duration = .seconds(10)
    package var maxEvidenceLines = 20
    package var maxEvidenceLineCharacters = 500
    /// Requests under way at once for one release.
    package var maxParallelRequests = 8
    /// How long a namespace that is being deleted may take to be gone.
    package var maxNamespaceWait: Duration = .seconds(300)

    package init() {}
}
