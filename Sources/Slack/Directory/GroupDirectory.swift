import Deploys
import Foundation
import JSON
import Synchronization

/// Who is in the workspace's user groups: kept in memory and on disk, and read again in the background, so that hardly
/// anybody who asks has to wait for Slack.
package actor GroupDirectory: UserGroups {
    /// What is older is read again in the background.
    static let refreshSeconds: TimeInterval = 240
    /// What is older is read again before it decides, when that takes no longer than `maxWait`.
    static let maxFreshSeconds: TimeInterval = 600
    /// What is older decides nothing: who left a group meanwhile must not keep its rights for ever.
    static let maxKnownSeconds: TimeInterval = 24 * 3_600
    /// How long a group that could not be read is left alone.
    static let pauseSeconds: TimeInterval = 30
    static let maxWait = Duration.seconds(1)
    /// How often the background looks for groups that are due.
    static let lookInterval = Duration.seconds(30)
    /// Between two calls of the background: usergroups.users.list takes 20 a minute (docs.slack.dev, "Rate limits",
    /// Tier 2), and those who wait come first.
    static let callPause = Duration.seconds(4)

    private struct Waiter {
        var groups: Set<String>
        let continuation: CheckedContinuation<Void, Never>
    }

    private let reader: GroupReader
    private let memory: any UserGroupMemory
    private let now: @Sendable () -> Date
    private let log: Log
    private let wake = Signal()
    private let followed = Mutex<@Sendable () -> Set<String>>({ [] })

    private var known: [String: UserGroup] = [:]
    private var isLoaded = false
    /// Those that have changed since they were read, with the number of what Slack said last about each.
    private var changed: [String: Int] = [:]
    private var changes = 0
    private var reading: Set<String> = []
    private var notBefore: [String: Date] = [:]
    /// Slack wants no more of these calls until then.
    private var restUntil: Date?
    private var waiters: [Int: Waiter] = [:]
    private var nextTicket = 0
    /// Said once per group, not at every try.
    private var troubles: [String: String] = [:]

    /// - Parameter memory: keeps what was read over restarts.
    package init(
        api: SlackWebAPI, memory: any UserGroupMemory, now: @escaping @Sendable () -> Date, log: Log
    ) {
        reader = GroupReader(api: api)
        self.memory = memory
        self.now = now
        self.log = log
    }

    // MARK: - Asked

    package func members(of groups: Set<String>) async -> [String: Set<String>] {
        await load()
        let due = groups.filter { isOlder($0, than: Self.maxFreshSeconds) && mayRead($0) }
        if !due.isEmpty {
            for id in due { begin(id) }
            await wait(for: due)
        }
        return stillKnown(groups)
    }

    package func knownMembers(of groups: Set<String>) async -> [String: Set<String>] {
        await load()
        if groups.contains(where: { isOlder($0, than: Self.refreshSeconds) }) { wake.fire() }
        return stillKnown(groups)
    }

    private func stillKnown(_ groups: Set<String>) -> [String: Set<String>] {
        groups.reduce(into: [:]) { members, id in
            if let group = known[id], !isOlder(id, than: Self.maxKnownSeconds, evenIfChanged: false) {
                members[id] = group.members
            }
        }
    }

    /// Slack says that somebody came into the group or left it.
    package func groupChanged(_ id: String) {
        guard known[id] != nil || followed.withLock({ $0 })().contains(id) else { return }
        changes += 1
        changed[id] = changes
        notBefore[id] = nil
        wake.fire()
    }

    // MARK: - In the background

    /// - Parameter groups: those that are kept fresh.
    package nonisolated func follow(_ groups: @escaping @Sendable () -> Set<String>) {
        followed.withLock { $0 = groups }
        wake.fire()
    }

    /// Other groups may be followed from now on.
    package nonisolated func look() { wake.fire() }

    /// Works until the task is cancelled.
    package func run() async {
        await load()
        while !Task.isCancelled {
            guard let id = mostUrgent else {
                await wake.wait(atMost: Self.lookInterval)
                continue
            }
            begin(id)
            await wait(for: [id])
            await wake.wait(atMost: Self.callPause)
        }
    }

    /// What changed before what is unknown, and that before what is only old.
    private var mostUrgent: String? {
        followed.withLock { $0 }().filter { isOlder($0, than: Self.refreshSeconds) && mayRead($0) }
            .min { left, right in rank(left) < rank(right) }
    }

    private func rank(_ id: String) -> (Int, Date, String) {
        (changed[id] == nil ? 1 : 0, known[id]?.readAt ?? .distantPast, id)
    }

    // MARK: - What is known

    /// What cannot be read from the disk is read from Slack.
    private func load() async {
        guard !isLoaded else { return }
        isLoaded = true
        for group in (try? await memory.userGroups()) ?? [] where known[group.id] == nil { known[group.id] = group }
    }

    private func isOlder(_ id: String, than seconds: TimeInterval, evenIfChanged: Bool = true) -> Bool {
        guard let group = known[id], !(evenIfChanged && changed[id] != nil) else { return true }
        // A clock that was set back makes nothing fresh for ever.
        return abs(now().timeIntervalSince(group.readAt)) > seconds
    }

    private func mayRead(_ id: String) -> Bool {
        [notBefore[id], restUntil].allSatisfy { $0.map { $0 <= now() } ?? true }
    }

    // MARK: - Reading

    private func begin(_ id: String) {
        guard reading.insert(id).inserted else { return }
        let change = changed[id]
        Task {
            guard let group = finish(id, await reader.members(of: id), since: change) else { return }
            do throws(JournalError) { try await memory.remember(group) } catch {
                log.warning("what user group \(id) is like can't be kept: \(error)")
            }
        }
    }

    /// - Returns: what is new.
    private func finish(_ id: String, _ result: GroupReader.Result, since change: Int?) -> UserGroup? {
        reading.remove(id)
        defer {
            // What changed while it was read is read again for those who wait for it.
            let isStale = changed[id] != nil && changed[id] != change
            if isStale && isAwaited(id) && mayRead(id) { begin(id) } else { release(id) }
        }
        switch result {
        case .members(let members):
            if troubles.removeValue(forKey: id) != nil { log.info("user group \(id) can be read again") }
            return learn(id, members, since: change)
        case .gone(let sentence):
            // Whoever was in it has no right by it any more.
            tell(id, sentence)
            return learn(id, [], since: change)
        case .failed(let sentence, let seconds):
            notBefore[id] = now().addingTimeInterval(Self.pauseSeconds)
            if let seconds { restUntil = now().addingTimeInterval(seconds) }
            tell(id, sentence)
            return nil
        }
    }

    private func learn(_ id: String, _ members: Set<String>, since change: Int?) -> UserGroup {
        if changed[id] == change { changed[id] = nil }
        let group = UserGroup(id: id, members: members, readAt: now())
        known[id] = group
        return group
    }

    private func isAwaited(_ id: String) -> Bool { waiters.values.contains { $0.groups.contains(id) } }

    /// Lets those go on who have waited for this group, and for no other one any more.
    private func release(_ id: String) {
        for (ticket, var waiter) in waiters {
            waiter.groups.remove(id)
            waiters[ticket] = waiter
            if waiter.groups.isEmpty { resume(ticket) }
        }
    }

    private func tell(_ id: String, _ sentence: String) {
        guard troubles.updateValue(sentence, forKey: id) != sentence else { return }
        log.warning("user group \(id) of the policy can't be read: \(sentence)")
    }

    // MARK: - Waiting

    private func wait(for groups: Set<String>) async {
        let ticket = nextTicket
        nextTicket += 1
        let timer = Task {
            try? await Task.sleep(for: Self.maxWait)
            resume(ticket)
        }
        await withCheckedContinuation { continuation in
            let open = groups.intersection(reading)
            guard !open.isEmpty else { return continuation.resume() }
            waiters[ticket] = Waiter(groups: open, continuation: continuation)
        }
        timer.cancel()
    }

    private func resume(_ ticket: Int) { waiters.removeValue(forKey: ticket)?.continuation.resume() }
}
