/// A source that is asked again when it does not answer.
struct PatientSource: SourceHost {
    let source: any SourceHost
    let limits: WorkLimits

    init(_ source: any SourceHost, limits: WorkLimits) {
        self.source = source
        self.limits = limits
    }

    func defaultBranch(of app: AppID) async throws(SourceError) -> String {
        try await patiently { () async throws(SourceError) in try await source.defaultBranch(of: app) }
    }

    func resolve(_ revision: Revision, of app: AppID) async throws(SourceError) -> Commit {
        try await patiently { () async throws(SourceError) in try await source.resolve(revision, of: app) }
    }

    func checkOut(_ commit: CommitID, of app: AppID) async throws(SourceError) -> Checkout {
        try await patiently { () async throws(SourceError) in try await source.checkOut(commit, of: app) }
    }

    /// Somebody waits for it.
    func commits(
        from old: CommitID, to new: CommitID, of app: AppID, atMost maxCount: Int, within limit: Duration
    ) async throws(SourceError) -> CommitRange {
        try await source.commits(from: old, to: new, of: app, atMost: maxCount, within: limit)
    }

    private func patiently<T>(_ ask: () async throws(SourceError) -> T) async throws(SourceError) -> T {
        var pause = limits.sourcePause
        for _ in 1..<max(1, limits.maxSourceTries) {
            do throws(SourceError) { return try await ask() } catch {
                guard case .unreachable = error else { throw error }
            }
            do { try await Task.sleep(for: pause) } catch { throw .cancelled }
            pause *= 2
        }
        return try await ask()
    }
}
