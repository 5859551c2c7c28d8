/// Stops the build of a push once a newer push to its branch has come: nobody waits for what nobody will use.
struct OvertakingWatch: Sendable {
    enum Run: Sendable {
        case built(BuiltCommit)
        /// It was stopped, and has ended.
        case overtaken(by: CommitID)
    }

    let ports: Ports
    let signals: Signals

    /// - Parameter build: is cancelled when it is overtaken; what it has finished by then counts all the same.
    /// - Throws: what `build` does.
    func run(
        _ push: Operation, _ build: @escaping @Sendable () async throws -> BuiltCommit
    ) async throws -> Run {
        let building = Task { try await build() }
        let watching = Task { () -> CommitID? in
            guard let head = await successor(of: push) else { return nil }
            building.cancel()
            return head
        }
        let result = await withTaskCancellationHandler { await building.result } onCancel: { building.cancel() }
        watching.cancel()
        let head = await watching.value
        switch result {
        case .success(let built): return .built(built)
        case .failure(let error):
            guard let head, !Task.isCancelled else { throw error }
            return .overtaken(by: head)
        }
    }

    /// - Returns: where the branch is, once it has moved on; nil when this is cancelled first, or the build is to end.
    private func successor(of push: Operation) async -> CommitID? {
        let news = Signal()
        let watch = signals.work.forward(to: news)
        defer { withExtendedLifetime(watch) {} }
        // Other operations make news, too: the source is asked once about each commit that the branch may be at.
        var doubted: CommitID?
        while !Task.isCancelled {
            // A journal that can't be read stops no build.
            if let known = try? await newer(than: push), known.commit != doubted {
                if let head = await head(known, after: push) {
                    // A build that has ended meanwhile has ended by itself.
                    return await isToEnd(push) || Task.isCancelled ? nil : head
                }
                doubted = known.commit
            }
            await news.wait()
        }
        return nil
    }

    private func newer(than push: Operation) async throws(JournalError) -> KnownHead? {
        guard let branch = push.revision?.text, let commit = push.commit?.id else { return nil }
        let known = try await ports.journal.knownHead(of: branch, app: push.app)
        if let known, known.commit != commit { return known }
        let doubtful = try await ports.journal.doubtfulPush(on: branch, of: push.app)?.commit?.id
        return doubtful.map { KnownHead(commit: $0, before: nil) }
    }

    private func head(_ known: KnownHead, after push: Operation) async -> CommitID? {
        if known.before == push.commit?.id { return known.commit }
        // Other pushes came between, or were told in the wrong order.
        guard case .elsewhere(let head)? = try? await ports.standing(of: push) else { return nil }
        return head
    }

    /// Where people push more often than a build takes, each build would stop the one before, and none would ever be
    /// finished: after one that was stopped, the next one is not.
    private func isToEnd(_ push: Operation) async -> Bool {
        (try? await ports.journal.wasStopped(before: push)) ?? true
    }
}
