import JSON
import Synchronization

/// One watch on all objects of one kind that carry our label, for everybody who follows some of them:
/// a thousand roll-outs cost the API server as much as one.
///
/// It starts with the first follower and then keeps running, so that the next one finds everything there.
actor SharedWatch {
    private let client: KubernetesClient
    private let resource: KubernetesResource
    private let labelSelector: String
    /// What is kept of an object; the rest is not held in memory.
    private let trim: @Sendable (JSON) -> JSON

    private var objects: [String: [String: JSON]] = [:]
    /// Where to go on; nil when everything has to be listed.
    private var resourceVersion: String?
    private var run: Task<Void, Never>?
    private var followers: [Int: Follower] = [:]
    private var lastFollowerID = 0
    /// What a list under way has brought so far.
    private var listed: [String: [String: JSON]] = [:]
    private var listedAt: ContinuousClock.Instant?

    /// Everything was listed at least once.
    private(set) var isSynchronized = false
    /// Why nothing comes in at the moment.
    private(set) var trouble: KubernetesError?

    private struct Follower {
        /// Nil for all.
        let namespace: String?
        /// With the namespaces in which something is different now; none when only the watch's own state is.
        let onChange: @Sendable (_ namespaces: Set<String>) -> Void
    }

    init(
        _ client: KubernetesClient, _ resource: KubernetesResource, labelSelector: String,
        trim: @escaping @Sendable (JSON) -> JSON
    ) {
        self.client = client
        self.resource = resource
        self.labelSelector = labelSelector
        self.trim = trim
    }

    /// Calls back whenever something in the namespace, or the watch's own state, has changed.
    /// - Returns: what `unfollow` takes.
    func follow(namespace: String, onChange: @escaping @Sendable () -> Void) -> Int {
        add(Follower(namespace: namespace) { _ in onChange() })
    }

    /// Calls back with the namespaces in which something that is kept of an object has changed, and with none when
    /// the watch's own state has.
    /// - Returns: what `unfollow` takes.
    func followAll(onChange: @escaping @Sendable (_ namespaces: Set<String>) -> Void) -> Int {
        add(Follower(namespace: nil, onChange: onChange))
    }

    private func add(_ follower: Follower) -> Int {
        if run == nil { run = Task { await keepWatching() } }
        lastFollowerID += 1
        followers[lastFollowerID] = follower
        return lastFollowerID
    }

    func unfollow(_ id: Int) { followers[id] = nil }

    /// The namespace's objects by name. An object that lives in none counts as one of the namespace of its own name,
    /// as a Namespace is.
    func objects(in namespace: String) -> [String: JSON] { objects[namespace] ?? [:] }

    /// What `read` makes of the objects of each namespace that has any, at one moment. Nil while nothing was listed
    /// yet, or what is here may be old.
    func reading<Value: Sendable>(
        _ namespaces: [String], _ read: @Sendable ([String: JSON]) -> Value
    ) -> [String: Value]? {
        guard isSynchronized, trouble == nil else { return nil }
        var values: [String: Value] = [:]
        for namespace in namespaces { values[namespace] = objects[namespace].map(read) }
        return values
    }

    /// Ends the watch; it starts again with the next follower.
    func stop() {
        run?.cancel()
        run = nil
        objects = [:]
        resourceVersion = nil
        isSynchronized = false
    }

    /// A watch that ends sooner than this counts as a failure: otherwise a server that closes every
    /// watch at once would be asked without a pause.
    private static let minWatchDuration: Duration = .seconds(1)

    /// A kind that the server does not serve may be installed one day.
    private static let missingKindPause: Duration = .seconds(300)

    /// A server that was replaced may refuse our version in other words than “expired”.
    private static let failuresBeforeListing = 3

    /// Then everything is listed again, once the watch has ended: a restored server may have gone on from our version
    /// with other changes than we saw.
    private static let maxListAge: Duration = .seconds(6 * 3600)

    /// How one attempt ended.
    private struct Ending {
        var error: KubernetesError?
        /// The server had begun to answer.
        var wasOpen = false
        /// A change or a bookmark came.
        var wasHeard = false

        private var isUnreachable: Bool { if case .unreachable = error { true } else { false } }
        /// The connection was lost while we watched.
        var isBreak: Bool { wasOpen && isUnreachable }
        /// Measured: asked for what comes after a version of the future, as after a restore, a server begins to answer
        /// and then gives nothing, not even bookmarks.
        var isMute: Bool { error == KubernetesClient.silence && !wasHeard }
        /// The server answered and gave nothing.
        var isRefusal: Bool { (wasOpen || !isUnreachable) && !wasHeard }
    }

    private func keepWatching() async {
        var failures = 0
        var refusals = 0
        while !Task.isCancelled {
            let start = client.timing.now()
            let ending = await watchOnce()
            if Task.isCancelled { return }
            let isBreak = ending.isBreak
            // A connection that breaks is no trouble before the next one fails, too.
            if let error = ending.error, error != .expired, !isBreak { report(error) }
            let wasBrief = client.timing.now() - start < Self.minWatchDuration
            if ending.wasHeard, !wasBrief { (failures, refusals) = (0, 0) }
            failures = wasBrief || isBreak || trouble != nil ? failures + 1 : 0
            // A server that is away forgets nothing by that; one that answers and refuses may have been replaced.
            refusals = failures == 0 ? 0 : refusals + (ending.isRefusal ? 1 : 0)
            if refusals >= Self.failuresBeforeListing || ending.isMute { (refusals, resourceVersion) = (0, nil) }
            if let listedAt, client.timing.now() - listedAt >= Self.maxListAge { resourceVersion = nil }
            guard failures > 0 else { continue }
            guard (try? await client.timing.sleep(pause(afterFailures: failures))) != nil else { return }
        }
    }

    private func pause(afterFailures failures: Int) -> Duration {
        if case .notFound = trouble { return Self.missingKindPause }
        let pause = client.retry.pause(afterFailures: failures, random: client.timing.random())
        let asked = min(trouble?.retryAfterSeconds ?? 0, client.retry.maxRetryAfterSeconds)
        return max(pause, .seconds(asked))
    }

    /// Lists, if that is needed, and follows the changes until the watch ends.
    private func watchOnce() async -> Ending {
        let state = Mutex(Ending())
        do throws(KubernetesError) {
            if resourceVersion == nil { try await list() }
            let (resource, trim) = (resource, trim)
            try await client.watch(
                resource, labelSelector: labelSelector, from: resourceVersion ?? "",
                onOpen: {
                    state.withLock { $0.wasOpen = true }
                    await self.report(nil)
                },
                // Trimmed outside of the actor, so that followers can ask meanwhile.
                onEvents: { events in
                    state.withLock { $0.wasHeard = true }
                    await self.take(events.map { WatchedChange($0, of: resource, trim: trim) })
                })
        } catch {
            if error == .expired { resourceVersion = nil }
            state.withLock { $0.error = error }
        }
        return state.withLock { $0 }
    }

    private func list() async throws(KubernetesError) {
        let (resource, trim) = (resource, trim)
        let version = try await client.pages(resource, labelSelector: labelSelector) { items, isFirst in
            await self.collect(items.map { WatchedChange(putting: $0, of: resource, trim: trim) }, isFirst: isFirst)
        }
        replaceWithListed(version)
    }

    private func report(_ error: KubernetesError?) {
        guard trouble != error else { return }
        trouble = error
        for follower in followers.values { follower.onChange([]) }
    }

    private func collect(_ page: [WatchedChange], isFirst: Bool) {
        if isFirst { listed = [:] }
        for case .put(let namespace, let name, let kept, _) in page { listed[namespace, default: [:]][name] = kept }
    }

    private func replaceWithListed(_ version: String) {
        defer { listed = [:] }
        // A stopped watch must not fill up again with what was still under way.
        guard !Task.isCancelled else { return }
        let before = objects
        objects = listed
        resourceVersion = version
        listedAt = client.timing.now()
        isSynchronized = true
        trouble = nil
        let changed = Set(before.keys).union(objects.keys).filter { before[$0] != objects[$0] }
        for follower in followers.values { follower.onChange(changed) }
    }

    private func take(_ changes: [WatchedChange]) {
        guard !Task.isCancelled else { return }
        var changed: Set<String> = []
        for change in changes {
            switch change {
            case .put(let namespace, let name, let kept, _):
                let before = objects[namespace, default: [:]].updateValue(kept, forKey: name)
                if before != kept { changed.insert(namespace) }
            case .removed(let namespace, let name, _):
                objects[namespace]?[name] = nil
                if objects[namespace]?.isEmpty == true { objects[namespace] = nil }
                changed.insert(namespace)
            case .reached: break
            }
            resourceVersion = change.version ?? resourceVersion
        }
        guard !changed.isEmpty else { return }
        for follower in followers.values where follower.namespace.map(changed.contains) ?? true {
            follower.onChange(changed)
        }
    }
}
