import Deploys
import Foundation

extension World: SourceHost {
    func defaultBranch(of app: AppID) async throws(SourceError) -> String {
        try await sourceEvent("default branch of \(app.name)")
        return "main"
    }

    func resolve(_ revision: Revision, of app: AppID) async throws(SourceError) -> Commit {
        try await sourceEvent("resolve \(revision.text)")
        guard let commit = branches.withLock({ $0[revision.text] }) else {
            throw .noSuchRevision(nearest: branches.withLock { $0.keys.sorted().first })
        }
        return commit
    }

    func checkOut(_ commit: CommitID, of app: AppID) async throws(SourceError) -> Checkout {
        try await sourceEvent("check out \(commit.short)")
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-test-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let tree: [String: String] = files.withLock { $0[commit] } ?? [:]
            for entry in tree {
                let file = directory.appending(path: entry.key)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(entry.value.utf8).write(to: file)
            }
        } catch {
            throw .broken("\(error)")
        }
        return Checkout(directory: directory) { try? FileManager.default.removeItem(at: directory) }
    }

    func commits(
        from old: CommitID, to new: CommitID, of app: AppID, atMost maxCount: Int, within limit: Duration
    ) async throws(SourceError) -> CommitRange {
        try await sourceEvent("commits \(old.short)..\(new.short)")
        return CommitRange(newest: Array(between.withLock { $0 }.prefix(maxCount)), count: between.withLock { $0.count })
    }

    private func sourceEvent(_ event: String) async throws(SourceError) {
        do { try await happen(event) } catch { throw error as? SourceError ?? .cancelled }
    }
}

extension World: ImageBuilder {
    func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void,
        onSteps: @escaping @Sendable (StepCount) -> Void
    ) async throws(BuildError) -> ImageReference {
        let part = request.appling.map { " \($0)" } ?? ""
        secrets.withLock { $0[request.appling ?? ""] = request.secrets }
        do {
            try await happen("build \(request.commit.short)\(part) #\(request.buildNumber)")
            onLine("built \(request.dockerfile)")
            for number in 1..<max(1, logLength.withLock { $0 }) { onLine("line \(number)") }
            onSteps(StepCount(done: 1, total: 2))
            try await happen("built \(request.commit.short)\(part) #\(request.buildNumber)")
        } catch {
            throw error as? BuildError ?? .cancelled
        }
        let image = "\(request.commit.short)-\(request.buildNumber)\(part)"
        images.withLock { _ = $0.insert(image) }
        return ImageReference(image)
    }

    /// Tests that say nothing about it build each time.
    func fingerprint(of request: ImageRequest) async -> BuildFingerprint? {
        fingerprints.withLock { $0[request.appling ?? ""] }.map(BuildFingerprint.init)
    }

    func has(_ image: ImageReference) async -> Bool? {
        isRegistrySilent.withLock { $0 } ? nil : images.withLock { $0.contains(image.text) }
    }
}

extension World: BuildLogs {
    struct Writer: BuildLogWriter {
        let world: World
        let name: String
        func write(_ line: String) { world.logLines.withLock { $0[name, default: []].append(line) } }
        func close() { write("(closed)") }
    }

    func open(app: AppID, build: Int, appling: String?) throws -> any BuildLogWriter {
        Writer(world: self, name: "\(app.name) \(build) \(appling ?? "")")
    }
}

/// A disk that takes no log.
struct NoLogs: BuildLogs {
    func open(app: AppID, build: Int, appling: String?) throws -> any BuildLogWriter {
        throw SourceError.diskFull("no space left on device")
    }
}

extension World: Cluster {
    func plan(_ release: Release) throws(RollOutError) -> ClusterPlan {
        releases.withLock { $0.append(release) }
        return ClusterPlan(
            namespace: release.namespace,
            text: "\(release.app.name) to \(release.environment) #\(release.buildNumber)")
    }

    func rollOut(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        try await clusterEvent("roll out \(plan.text)")
        for (ready, wanted) in progress.withLock({ $0 }) { onProgress(RollOutProgress(ready: ready, wanted: wanted)) }
        try await clusterEvent("rolled out \(plan.text)")
        return remarks.withLock { $0 }
    }

    func putBack(
        _ plan: ClusterPlan, onProgress: @escaping @Sendable (RollOutProgress) -> Void
    ) async throws(RollOutError) -> [String] {
        try await clusterEvent("put back \(plan.text)")
        onProgress(RollOutProgress(ready: 1, wanted: 1))
        try await clusterEvent("putting back done \(plan.text)")
        return []
    }

    func repair(_ plan: ClusterPlan) async throws(RollOutError) -> [String] {
        try await clusterEvent("repair \(plan.text)")
        return differences.withLock { $0 }
    }

    private func clusterEvent(_ event: String) async throws(RollOutError) {
        do { try await happen(event) } catch { throw error as? RollOutError ?? .cancelled }
    }
}

extension World {
    func warnings(about release: Release) -> [String] { warnings.withLock { $0 } }
}

extension World: SiteProbe {
    func obstacle(at url: String) async -> String? {
        try? await happen("look at \(url)")
        return obstacles.withLock { $0[url] }
    }
}
