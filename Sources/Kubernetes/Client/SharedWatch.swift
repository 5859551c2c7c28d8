import JSON

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

    /// A server that was restored from a backup does not know our version yet and never says “expired”.
    private static let failuresBeforeListing = 3

    private func keepWatching() async {
        var failures = 0
        while !Task.isCancelled {
            let start = client.timing.now()
            let result = await watchOnce()
            let wasBrief = client.timing.now() - start < Self.minWatchDuration
            if case .failure(.cancelled) = result { return }
            if case .failure(let error) = result, error != .expired { report(error) }
            failures = wasBrief || trouble != nil ? failures + 1 : 0
            if failures >= Self.failuresBeforeListing { resourceVersion = nil }
            guard failures > 0 else { continue }
            let pause = pause(afterFailures: failures)
            guard (try? await client.timing.sleep(pause)) != nil else { return }
        }
    }

    private func pause(afterFailures failures: Int) -> Duration {
        if case .notFound = trouble { return Self.missingKindPause }
        return client.retry.pause(afterFailures: failures, random: client.timing.random())
    }

    /// Lists, if that is needed, and follows the changes until the watch ends.
    private func watchOnce() async -> Result<Void, KubernetesError> {
        do throws(KubernetesError) {
            if resourceVersion == nil {
                replace(with: try await client.list(resource, labelSelector: labelSelector))
            }
            try await client.watch(
                resource, labelSelector: labelSelector, from: resourceVersion ?? "",
                onOpen: { await self.report(nil) }, onEvents: { await self.take($0) })
            return .success(())
        } catch {
            if error == .expired { resourceVersion = nil }
            return .failure(error)
        }
    }

    private func report(_ error: KubernetesError?) {
        guard trouble != error else { return }
        trouble = error
        for follower in followers.values { follower.onChange([]) }
    }

    private func replace(with list: KubernetesList) {
        // A stopped watch must not fill up again with what was still under way.
        guard !Task.isCancelled else { return }
        let before = objects
        objects = [:]
        for item in list.items { put(item) }
        resourceVersion = list.resourceVersion
        isSynchronized = true
        trouble = nil
        let changed = Set(before.keys).union(objects.keys).filter { before[$0] != objects[$0] }
        for follower in followers.values {
            follower.onChange(changed)
        }
    }

    private func take(_ events: [WatchEvent]) {
        guard !Task.isCancelled else { return }
        var changed: Set<String> = []
        for event in events {
            switch event {
            case .added(let object), .modified(let object):
                if put(object) { changed.insert(namespace(of: object)) }
                note(object)
            case .deleted(let object):
                let namespace = namespace(of: object)
                objects[namespace]?[Self.name(object)] = nil
                if objects[namespace]?.isEmpty == true { objects[namespace] = nil }
                changed.insert(namespace)
                note(object)
            case .bookmark(let version): resourceVersion = version
            }
        }
        guard !changed.isEmpty else { return }
        for follower in followers.values where follower.namespace.map(changed.contains) ?? true {
            follower.onChange(changed)
        }
    }

    private func note(_ object: JSON) {
        if let version = object.at("metadata", "resourceVersion")?.string { resourceVersion = version }
    }

    /// Whether what is kept of it is another thing now.
    @discardableResult
    private func put(_ object: JSON) -> Bool {
        let kept = trim(object)
        let before = objects[namespace(of: object), default: [:]].updateValue(kept, forKey: Self.name(object))
        return before != kept
    }

    private func namespace(of object: JSON) -> String {
        resource.isNamespaced ? object.at("metadata", "namespace")?.string ?? "" : Self.name(object)
    }

    private static func name(_ object: JSON) -> String { object.at("metadata", "name")?.string ?? "" }
}
