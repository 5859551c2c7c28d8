/// Where releases run.
package protocol Cluster: Sendable {
    /// What the cluster would be given for a release: the same for the same release and settings of ours. The cluster
    /// is not asked.
    /// - Throws: `.rejected` when it can't be put into the cluster's terms.
    func plan(_ release: Release) throws(RollOutError) -> ClusterPlan

    /// What of the release will not be as its settings ask for: sentences for its developers. Nothing is changed, and
    /// the cluster is not asked.
    func warnings(about release: Release) -> [String]

    /// Applies a plan and follows the roll-out to its end. Safe to repeat: the same plan applied twice is one roll-out.
    /// - Returns: what developers should know, such as a setting of somebody else that was left alone: sentences.
    func rollOut(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String]

    /// Brings back a plan that was in place before, after another one failed: what runs once for a release is not run
    /// again.
    /// - Returns: as `rollOut`.
    func putBack(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String]

    /// Compares the cluster with a plan that was rolled out, and applies what differs. What is right is not touched.
    /// - Returns: what was different, and who had changed it where that is known: sentences.
    func repair(_ plan: ClusterPlan) async throws(RollOutError) -> [String]
}

package enum RollOutError: Error, Sendable, Equatable {
    /// The new version does not become ready. `cause` is a sentence a developer can act on; the last good
    /// version keeps serving.
    case failed(appling: String, cause: String, advice: String?, evidence: [String])
    /// Something that the release needs besides its objects is not there, or can't be made; nothing was changed.
    case unmet(String, advice: String?)
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
