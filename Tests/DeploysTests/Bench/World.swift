import Deploys
import Foundation
import Synchronization
import TestSupport

/// The outside world as a test wants it. Everything that is asked of it is an event; a test can hold an event up, let
/// it fail, or be told when it comes.
final class World: Sendable {
    private struct Script {
        var held: Set<String> = []
        var failures: [String: [any Error & Sendable]] = [:]
        var onEvent: (@Sendable (_ event: String, _ count: Int) async -> Void)?
    }

    /// Everything that was asked, in order: `resolve main`, `build aaaaaaa #1`, `roll out cats to test #1`.
    let events = Watched<[String]>([])
    private let script = Mutex(Script())
    private let changed = Watched(0)

    /// The commit behind each branch; its settings and other files.
    let branches = Mutex<[String: Commit]>([:])
    let files = Mutex<[CommitID: [String: String]]>([:])
    let images = Mutex<Set<String>>([])
    /// Then nobody can say which images are still there.
    let isRegistrySilent = Mutex(false)
    /// What applings are made of, by name.
    let fingerprints = Mutex<[String: String]>([:])
    /// What each appling's newest build was given, by name.
    let secrets = Mutex<[String: BuildSecrets]>([:])
    /// Lines that each build writes.
    let logLength = Mutex(1)
    /// The commits between any two, newest first.
    let between = Mutex<[Commit]>([])
    /// What each URL waits for; nothing when it answers.
    let obstacles = Mutex<[String: String]>([:])
    /// The pods that a roll-out reports, one after the other.
    let progress = Mutex<[(ready: Int, wanted: Int)]>([(0, 1), (1, 1)])
    let releases = Mutex<[Release]>([])
    /// What the cluster remarks on a roll-out.
    let remarks = Mutex<[String]>([])
    /// What a comparison with the cluster finds.
    let differences = Mutex<[String]>([])
    /// What the cluster says about every release.
    let warnings = Mutex<[String]>([])
    let logLines = Mutex<[String: [String]]>([:])

    // MARK: What a test says

    /// From now on, events that begin like this wait.
    func hold(_ beginning: String) { script.withLock { _ = $0.held.insert(beginning) } }

    func release(_ beginning: String) {
        script.withLock { _ = $0.held.remove(beginning) }
        changed.change { $0 += 1 }
    }

    /// The next events that begin like this fail so, one after the other.
    func fail(_ beginning: String, _ errors: (any Error & Sendable)...) {
        script.withLock { $0.failures[beginning, default: []] += errors }
    }

    func onEvent(_ body: (@Sendable (_ event: String, _ count: Int) async -> Void)?) {
        script.withLock { $0.onEvent = body }
    }

    func waitFor(_ beginning: String, times: Int = 1) async throws {
        try await events.wait(for: "\(times)x \(beginning)") { events in
            events.count { $0.hasPrefix(beginning) } >= times
        }
    }

    func count(_ beginning: String) -> Int { events.value.count { $0.hasPrefix(beginning) } }

    // MARK: What the doubles ask

    /// Throws what was scripted, or `CancellationError`.
    func happen(_ event: String) async throws {
        events.change { $0.append(event) }
        let onEvent = script.withLock { $0.onEvent }
        await onEvent?(event, events.value.count)
        while isHeld(event), !Task.isCancelled {
            let count = changed.value
            guard isHeld(event) else { break }
            try await waitForChange(since: count)
        }
        let failure = script.withLock { script -> (any Error & Sendable)? in
            guard let key = script.failures.first(where: { event.hasPrefix($0.key) && !$0.value.isEmpty })?.key
            else { return nil }
            return script.failures[key]?.removeFirst()
        }
        if let failure { throw failure }
        try Task.checkCancellation()
    }

    private func isHeld(_ event: String) -> Bool {
        script.withLock { $0.held.contains { event.hasPrefix($0) } }
    }

    private func waitForChange(since count: Int) async throws {
        try await withTaskCancellationHandler {
            try await changed.wait(for: "a release") { $0 != count }
        } onCancel: {
            changed.change { $0 += 1 }
        }
    }
}

extension World {
    /// The same files and images, and nothing that was scripted.
    convenience init(continuing world: World) {
        self.init()
        branches.withLock { $0 = world.branches.withLock { $0 } }
        files.withLock { $0 = world.files.withLock { $0 } }
        images.withLock { $0 = world.images.withLock { $0 } }
    }

    /// Puts a commit at a branch's head.
    @discardableResult
    func commit(_ digit: Character, on branch: String = "main", _ files: [String: String] = [:]) -> Commit {
        let commit = Commit(
            id: CommitID(String(repeating: digit, count: 40))!, subject: "Change \(digit)", author: "Kari")
        branches.withLock { $0[branch] = commit }
        self.files.withLock { $0[commit.id] = files }
        return commit
    }
}
