/// Where releases run.
package protocol Cluster: Sendable {
    /// What the cluster would be given for a release: the same for the same release and settings of ours. The cluster
    /// is not asked.
    /// - Throws: `.rejected` when it can't be put into the cluster's terms.
    func plan(_ release: Release) throws(RollOutError) -> ClusterPlan

    /// Applies the release's objects and follows the roll-out to its end. Safe to repeat: the same
    /// release applied twice is one roll-out.
    /// - Parameter onProgress: pods of the new version that are ready, of those wanted, over all applings.
    func rollOut(
        _ release: Release, onProgress: @escaping @Sendable (_ ready: Int, _ wanted: Int) -> Void
    ) async throws(RollOutError)

    /// What of the release will not be as its settings ask for: sentences for its developers. Nothing is changed, and
    /// the cluster is not asked.
    func warnings(about release: Release) -> [String]
}

package enum RollOutError: Error, Sendable, Equatable {
    /// The new version does not become ready. `cause` is a sentence a developer can act on; the last good
    /// version keeps serving.
    case failed(appling: String, cause: String, advice: String?, evidence: [String])
    /// The cluster refuses an object; nothing was changed.
    case rejected(String)
    /// The cluster refused an object after others had been changed, though it had said that it would take them all.
    case refusedMidway(String)
    /// No answer from the cluster, after retries.
    case unreachable(String)
    /// What was put into the cluster cannot be written down: a sentence for the operator. Nothing more was put there.
    case unrecorded(String)
    case cancelled
}

/// Looks at a URL as a visitor would.
package protocol SiteProbe: Sendable {
    /// Nil when it answers; else what it waits for.
    func obstacle(at url: String) async -> String?
}
