/// A cluster of which nothing that it or its containers say brings a known secret into the journal, and from there to
/// people.
struct MaskedCluster: Cluster {
    private let cluster: any Cluster
    private let mask: SecretMask
    private let naming: Naming

    init(_ cluster: any Cluster, _ mask: SecretMask, _ naming: Naming) {
        self.cluster = cluster
        self.mask = mask
        self.naming = naming
    }

    /// Asked each time: a roll-out opens values itself.
    private func mask(_ plan: ClusterPlan) -> SecretMask { mask.of(namespace: plan.namespace, naming) }

    func plan(_ release: Release) throws(RollOutError) -> ClusterPlan {
        do throws(RollOutError) { return try cluster.plan(release) } catch {
            throw error.masked(by: mask.of(release.app))
        }
    }

    func warnings(about release: Release) -> [String] {
        cluster.warnings(about: release).map(mask.of(release.app).masked)
    }

    func rollOut(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        do throws(RollOutError) {
            return try await cluster.rollOut(plan) { onProgress($0.masked(by: mask(plan))) }
                .map { mask(plan).masked($0) }
        } catch { throw error.masked(by: mask(plan)) }
    }

    func putBack(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        do throws(RollOutError) {
            return try await cluster.putBack(plan) { onProgress($0.masked(by: mask(plan))) }
                .map { mask(plan).masked($0) }
        } catch { throw error.masked(by: mask(plan)) }
    }

    func repair(_ plan: ClusterPlan) async throws(RollOutError) -> [String] {
        do throws(RollOutError) {
            return try await cluster.repair(plan).map { mask(plan).masked($0) }
        } catch { throw error.masked(by: mask(plan)) }
    }
}

extension RollOutError {
    fileprivate func masked(by mask: SecretMask) -> RollOutError {
        switch self {
        case .failed(let appling, let cause, let advice, let evidence):
            .failed(
                appling: appling, cause: mask.masked(cause), advice: advice.map(mask.masked),
                evidence: LineMask.masked(evidence, by: mask))
        case .unmet(let sentence, let advice): .unmet(mask.masked(sentence), advice: advice.map(mask.masked))
        case .rejected(let sentence): .rejected(mask.masked(sentence))
        case .refusedMidway(let sentence): .refusedMidway(mask.masked(sentence))
        case .unreachable(let sentence): .unreachable(mask.masked(sentence))
        case .unrecorded(let sentence): .unrecorded(mask.masked(sentence))
        case .cancelled: .cancelled
        }
    }
}

extension Failure {
    /// Without what must be read nowhere.
    func masked(by mask: SecretMask) -> Failure {
        var failure = Failure(
            stage, mask.masked(sentence), advice: advice.map(mask.masked),
            evidence: LineMask.masked(evidence, by: mask))
        failure.build = build
        return failure
    }
}
