import AppFile
import Foundation

/// From images to an app that answers: apply, follow the roll-out, look at the URLs.
struct DeployStep: Sendable {
    let ports: Ports
    let naming: Naming
    let limits: WorkLimits
    let policy: WorkPolicy

    /// How often a URL that does not answer yet is looked at.
    static let siteInterval = Duration.milliseconds(100)

    func run(_ built: BuiltCommit, _ story: Story) async throws -> Outcome {
        let operation = await story.operation
        let release = try release(for: operation, built)
        let apps = try await ports.journal.apps().map(\.id)
        // What had begun is finished: half a release helps nobody.
        if operation.releaseNumber == nil, !apps.contains(release.app) {
            throw LifecycleWords.deregistered(naming.label(release.app))
        }
        try release.refuseHosts(of: apps, naming)
        await story.warn(ports.cluster.warnings(about: release))
        let plan = try await plan(release)
        if needsApproval(operation, release) {
            // Only what can be deployed is worth anybody's word.
            return try await story.hold(approvers: ports.gate.approvers(of: release.app, in: release.environment))
        }
        let previous = try? await ports.journal.currentRelease(of: release.app, in: release.environment)
        let number = try await ports.journal.reserveRelease(for: operation, plan: plan, at: ports.now())
        await story.note { $0.releaseNumber = number }
        try await story.tell(.applying)
        if let failed = try await rollOuts.run(release, plan, story) { return .ends(failed) }
        let sites = try await visit(urls(of: release), story)
        var ending = Ending(.live(sites), .released, isAnnounced: true)
        ending.previousRelease = previous ?? nil
        return .ends(ending)
    }

    /// Goes on undoing a deploy that had failed before the service stopped.
    func putBack(after failure: Failure, _ story: Story) async throws -> Outcome {
        .ends(try await rollOuts.putBack(after: failure, story))
    }

    private var rollOuts: RollOutStep { RollOutStep(ports: ports, policy: policy) }

    private func needsApproval(_ operation: Operation, _ release: Release) -> Bool {
        if operation.approval?.by != nil { return false }
        // Where a push goes is known from its own settings only.
        if operation.kind == .push { return ports.gate.holdsPushes(to: release.environment, of: release.app) }
        return operation.approval != nil
    }

    private func release(for operation: Operation, _ built: BuiltCommit) throws(Failure) -> Release {
        guard let environment = operation.environment, let images = built.build.images else {
            throw ServiceWords.noEnvironment
        }
        try MissingConnection.refuse(.deploy(to: environment), of: built.file, ports.connections)
        let plan = ReleasePlan(
            operation: operation.id, app: operation.app, environment: environment, file: built.file,
            commit: built.build.commit, buildNumber: built.build.number, images: images)
        return try plan.release(naming)
    }

    private func plan(_ release: Release) async throws -> ClusterPlan {
        do throws(RollOutError) { return try ports.cluster.plan(release) } catch {
            // Without the journal, what is wrong with a release is told all the same.
            let current = try? await ports.journal.currentRelease(of: release.app, in: release.environment)
            throw error.ending(release, serving: current ?? nil)
        }
    }

    /// Waits for every URL to answer, but not for ever: a certificate or a name server never fails a deploy.
    private func visit(_ urls: [String], _ story: Story) async throws -> [Site] {
        let deadline = ContinuousClock.now + limits.maxSiteWait
        var sites = urls.map { Site(url: $0, waitingFor: "its first answer") }
        while true {
            try Task.checkCancellation()
            let looked = await look(at: sites)
            if looked.allSatisfy({ $0.waitingFor == nil }) || ContinuousClock.now >= deadline { return looked }
            if looked != sites { try await story.tell(.waitingForSites(looked)) }
            sites = looked
            try await Task.sleep(for: Self.siteInterval)
        }
    }

    private func look(at sites: [Site]) async -> [Site] {
        await withTaskGroup(of: (Int, Site).self) { group in
            for (index, site) in sites.enumerated() where site.waitingFor != nil {
                group.addTask { (index, Site(url: site.url, waitingFor: await ports.sites.obstacle(at: site.url))) }
            }
            var looked = sites
            for await (index, site) in group { looked[index] = site }
            return looked
        }
    }

    private func urls(of release: Release) -> [String] {
        release.applings.flatMap(\.hosts).map { naming.url(host: $0) }
    }
}
