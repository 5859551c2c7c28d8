import Foundation

/// Looks where branches are, at the start and again and again, and takes what nobody told of as if it had been told:
/// sources send a push once, whether or not somebody listens.
package struct CatchUp: Sendable {
    /// Apps that are looked at side by side.
    static let maxParallelLooks = 4
    /// A source that so many looks in a row can't reach is left alone until the next round.
    static let maxFailuresInARow = 4
    /// However often a look is asked for.
    static let minPause = Duration.seconds(15)
    /// Pauses differ by so much, so that many bots don't ask at once.
    static let jitter = 0.1

    let journal: any Journal
    let heads: any BranchHeads
    let source: any SourceHost
    let pushes: PushDesk
    let signals: Signals
    let interval: Duration
    let now: @Sendable () -> Date
    let log: Log

    /// - Parameters:
    ///   - source: tells what commits are about.
    ///   - interval: between two rounds, when nobody asks for one.
    package init(
        journal: any Journal, heads: any BranchHeads, source: any SourceHost, pushes: PushDesk, signals: Signals,
        interval: Duration, now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.journal = journal
        self.heads = heads
        self.source = source
        self.pushes = pushes
        self.signals = signals
        self.interval = interval
        self.now = now
        self.log = log
    }

    /// Works until the task is cancelled.
    /// - Parameter random: from 0 to 1.
    package func run(random: @Sendable () -> Double = { .random(in: 0...1) }) async {
        while !Task.isCancelled {
            await lookAtAll()
            try? await Task.sleep(for: min(Self.minPause, interval))
            await signals.looks.wait(atMost: interval * (1 + Self.jitter * (2 * random() - 1)))
        }
    }

    /// One round over all apps.
    func lookAtAll() async {
        let apps: [App]
        do throws(JournalError) { apps = try await journal.apps() } catch {
            log.error("branches are looked at later: \(error)")
            return
        }
        var waiting = apps.filter { $0.sourceTrouble != .deleted }.map(\.id)[...]
        var failures = 0
        await withTaskGroup(of: Bool.self) { group in
            for app in waiting.prefix(Self.maxParallelLooks) { group.addTask { await self.look(at: app) } }
            waiting = waiting.dropFirst(Self.maxParallelLooks)
            for await isReached in group {
                failures = isReached ? 0 : failures + 1
                guard failures < Self.maxFailuresInARow, !Task.isCancelled, let next = waiting.popFirst() else {
                    continue
                }
                group.addTask { await self.look(at: next) }
            }
        }
        if !waiting.isEmpty, !Task.isCancelled {
            log.info("the source does not answer; branches of \(waiting.count) apps are looked at later")
        }
    }

    /// - Returns: whether the source answered.
    func look(at app: AppID) async -> Bool {
        do {
            // Known before it is asked: whatever is told meanwhile is newer than its answer.
            let known = try await journal.knownHeads(of: app)
            let answer: BranchHeadsAnswer
            do throws(SourceError) {
                answer = try await heads.heads(of: app, since: known.askedSince)
            } catch {
                if case .unreachable = error { return false }
                // One repository that can't be read says nothing about the others; whoever deploys it is told why.
                return true
            }
            if case .heads(let heads, let tag) = answer { try await take(heads, tag, known, app) }
        } catch { log.error("the branches of \(app.key) are looked at later: \(error)") }
        return true
    }

    private func take(
        _ heads: [String: CommitID], _ tag: String?, _ known: KnownHeads, _ app: AppID
    ) async throws(JournalError) {
        var look = BranchLook()
        look.tag = tag
        look.moves = known.moves
        look.ends = known.ends
        for (branch, commit) in heads.sorted(by: { $0.key < $1.key })
        where known.heads[branch] != commit || known.overtaken.contains(branch) {
            // One that was told to be gone, and is there, was made again by a push.
            if known.isFirstLook, known.heads[branch] == nil, known.ends[branch] == nil {
                look.noted[branch] = commit
            } else if try await take(commit, on: branch, before: known.heads[branch], app) == .duplicate {
                // Somebody told of the branch meanwhile, and may have told of this or of something older: to be seen
                // by the next look, whatever the source marks as unchanged.
                look.tag = nil
            }
        }
        for (branch, commit) in known.heads where heads[branch] == nil { look.gone[branch] = commit }
        // Last: what was not written is found by the next look.
        try await journal.note(look, of: app, at: now())
    }

    private func take(
        _ id: CommitID, on branch: String, before: CommitID?, _ app: AppID
    ) async throws(JournalError) -> PushDesk.Decision {
        guard Revision(branch) != nil, let repository = try await journal.app(app)?.sourceRepository else {
            return .ignored
        }
        let commit = await commit(id, app)
        let decision = try await pushes.take(
            Push(
                repository: repository, branch: branch, before: before, commit: commit, defaultBranch: nil,
                trigger: .look, deliveryID: nil))
        if case .accepted(let operation) = decision {
            log.info("\(app.key): nobody told of a push to \(branch); it is operation \(operation)")
        }
        return decision
    }

    /// It is built all the same when nobody can say what it is about.
    private func commit(_ id: CommitID, _ app: AppID) async -> Commit {
        guard let revision = Revision(id.sha), let commit = try? await source.resolve(revision, of: app),
            commit.id == id
        else { return Commit(id: id, subject: "", author: "") }
        return commit
    }
}

extension App {
    /// As far as it is known.
    fileprivate var sourceRepository: SourceRepository { repository ?? SourceRepository(id: nil, name: id) }
}
