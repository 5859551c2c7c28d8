import AppFile
import Deploys
import Dispatch
import JSON

/// Keeps the RoleBindings in apps' namespaces as the operators' file says: at the start, when the file changes, when a
/// namespace appears, and every now and then, should somebody have changed one of ours.
package actor AccessKeeper {
    /// How often the file is read again by itself; a signal does it at once.
    static let readInterval: Duration = .seconds(60)
    /// How often the bindings are compared although nothing seems to have changed.
    static let compareInterval: Duration = .seconds(600)

    private let client: KubernetesClient
    private let path: String
    private let wake: Signal
    private let log: Log
    private let namespaces: SharedWatch

    private var grants: AccessGrants
    private var problems: [Problem] = []
    private var lastComparison: ContinuousClock.Instant?
    /// Said once, not every minute.
    private var lastTrouble: String?
    private var foreign: Set<String> = []
    /// Something may be different in the cluster since the last comparison.
    private var isStale = true

    /// - Parameters:
    ///   - path: the file's.
    ///   - grants: what it said at the start.
    ///   - wake: fired when the file shall be read again at once.
    package init(_ client: KubernetesClient, path: String, grants: AccessGrants, wake: Signal, log: Log) {
        self.client = client
        self.path = path
        self.grants = grants
        self.wake = wake
        self.log = log
        namespaces = SharedWatch(
            client, .namespaces, labelSelector: ObjectScope.managedBySelector,
            trim: Self.trim)
    }

    /// Works until the task is cancelled.
    package func run() async {
        isStale = true
        let id = await namespaces.followAll { [weak self, wake] _ in
            Task {
                await self?.noteChange()
                wake.fire()
            }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keep() }
            group.addTask { [client, wake] in
                while (try? await client.timing.sleep(Self.readInterval)) != nil { wake.fire() }
            }
        }
        await namespaces.unfollow(id)
        await namespaces.stop()
    }

    private func noteChange() { isStale = true }

    private func keep() async {
        while !Task.isCancelled {
            await read()
            if await isDue() { await compare() }
            await wake.wait()
        }
    }

    // MARK: - The file

    /// A file with mistakes changes nothing: nobody shall lose access by a comma.
    private func read() async {
        let file = await Self.file(path)
        if let grants = file.grants {
            if !problems.isEmpty { log.info("\(path) is right again") }
            problems = []
            guard grants != self.grants else { return }
            self.grants = grants
            isStale = true
            log.info("\(path) was read again")
        } else if file.problems != problems {
            problems = file.problems
            for problem in problems { log.error("\(problem)") }
            log.error("\(path) has problems, so access stays as it was before")
        }
    }

    /// On a thread of Dispatch's: file systems can hang.
    private static func file(_ path: String) async -> AccessFile {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: AccessFile.read(path)) }
        }
    }

    // MARK: - The cluster

    private func isDue() async -> Bool {
        guard await namespaces.isSynchronized else { return false }
        guard !isStale, let lastComparison else { return true }
        return client.timing.now() - lastComparison >= Self.compareInterval
    }

    private func compare() async {
        isStale = false
        do throws(KubernetesError) {
            let bindings = try await client.list(.roleBindings, labelSelector: AccessPlan.selector).items
            for step in AccessPlan.steps(grants, namespaces: await existing(), bindings: bindings) {
                try await take(step)
            }
            lastComparison = client.timing.now()
            lastTrouble = nil
        } catch {
            isStale = true
            guard error != .cancelled, error.sentence != lastTrouble else { return }
            lastTrouble = error.sentence
            log.error("access cannot be brought into the cluster: \(error.sentence)")
        }
    }

    /// Of the namespaces that the file names, those of ours that are there and stay.
    private func existing() async -> Set<String> {
        var existing: Set<String> = []
        for name in grants.namespaces.keys {
            guard let namespace = await namespaces.objects(in: name)[name],
                namespace.at("metadata", "deletionTimestamp") == nil
            else { continue }
            existing.insert(name)
        }
        return existing
    }

    private func take(_ step: AccessPlan.Step) async throws(KubernetesError) {
        do throws(KubernetesError) {
            switch step {
            case .create(let binding):
                _ = try await client.create(binding, as: .roleBindings)
                log.info("made \(Self.title(binding))")
                foreign.remove(Self.title(binding))
            case .replace(let binding):
                _ = try await client.replace(binding, as: .roleBindings)
                log.info("changed \(Self.title(binding))")
            case .delete(let binding):
                try await client.delete(
                    .roleBindings, namespace: binding.at("metadata", "namespace")?.string,
                    name: binding.at("metadata", "name")?.string ?? "", uid: binding.at("metadata", "uid")?.string)
                log.info("removed \(Self.title(binding))")
                // One that was of another role is made anew.
                isStale = true
                wake.fire()
            }
        } catch {
            switch error {
            case .notFound, .namespaceTerminating: return
            case .conflict: report(conflictAt: step)
            default: throw error
            }
        }
    }

    private func report(conflictAt step: AccessPlan.Step) {
        guard case .create(let binding) = step else {
            // Somebody was quicker; it is looked at again.
            isStale = true
            return
        }
        let title = Self.title(binding)
        guard foreign.insert(title).inserted else { return }
        log.warning(
            "\(title) is there already and is not ours, so it stays as it is; remove it, or give it another name, and "
                + "\(path) will count")
    }

    private static func title(_ binding: JSON) -> String {
        let namespace = binding.at("metadata", "namespace")?.string ?? ""
        return "RoleBinding \(namespace)/\(binding.at("metadata", "name")?.string ?? "")"
    }

    private static func trim(_ namespace: JSON) -> JSON {
        [
            "metadata": .compact([
                "name": namespace.at("metadata", "name"),
                "deletionTimestamp": namespace.at("metadata", "deletionTimestamp"),
            ])
        ]
    }
}
