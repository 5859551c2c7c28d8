import Foundation
import JSON

/// The embedded cluster's objects: what etcd and the registry layer are to Kubernetes.
///
/// Every write is one transaction: it is on disk (see `ObjectFile`) before the call returns and before a
/// watch hears of it, and what it entails (owned objects, a namespace's contents) belongs to it.
package actor ObjectStore {
    /// Watches that reach further back are told to list again.
    package static let maxHistoryEventsPerKind = 1_000
    /// A watcher that is this far behind is cut off; it lists again.
    package static let maxWatchBufferEvents = 10_000
    /// `Event` objects older than this are dropped when new ones come, as Kubernetes does after an hour.
    package static let maxEventAgeSeconds: TimeInterval = 3_600
    package static let maxEvents = 5_000

    private nonisolated let executor = BlockingExecutor(label: "iterapp.objects")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let watchBufferEvents: Int
    let now: @Sendable () -> Date
    let makeUID: @Sendable () -> String

    var objects: [ResourceKind: [ObjectKey: JSON]] = [:]
    var keysByUID: [String: ObjectKey] = [:]
    /// What names an owner by uid, whether the owner is still there or not.
    var keysByOwner: [String: Set<ObjectKey>] = [:]
    var keysByNamespace: [String: Set<ObjectKey>] = [:]
    /// One counter for all kinds, as etcd's revision.
    var revision = 1
    var file: ObjectFile?
    /// What the running transaction has done so far.
    var changes: [Change] = []
    var feed = WatchFeed()

    struct Change: Sendable {
        let key: ObjectKey
        let old: JSON?
        let new: JSON?
        let revision: Int
    }

    /// In memory only until `open(_:)` gives it a file.
    package init(
        watchBufferEvents: Int = maxWatchBufferEvents, now: @escaping @Sendable () -> Date = { Date() },
        makeUID: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) {
        self.watchBufferEvents = watchBufferEvents
        self.now = now
        self.makeUID = makeUID
        for (key, object) in BuiltInRoles.objects {
            objects[key.kind, default: [:]][key] = object
            keysByUID[object.uid] = key
        }
    }

    /// Reads what the file holds, or makes it, and keeps it up to date from then on.
    /// Throws an error whose description says what to do when the file cannot be used.
    package func open(_ path: String) throws {
        let file = try ObjectFile(path: path)
        let (stored, revision) = try file.load()
        for (key, object) in stored { place(object, at: key) }
        self.revision = max(self.revision, revision)
        self.file = file
        // What happened before is not in memory: older watches must list again.
        feed = WatchFeed(startingAt: self.revision)
    }

    // MARK: Reading

    package func get(_ kind: ResourceKind, namespace: String = "", name: String) throws(APIError) -> JSON {
        guard let object = object(ObjectKey(kind, namespace: namespace, name: name)) else {
            throw .notFound(kind, name)
        }
        return object
    }

    /// The objects in order of namespace and name, and the resource version to watch from.
    package func list(
        _ kind: ResourceKind, _ filter: ObjectFilter = .everything
    ) -> (items: [JSON], resourceVersion: Int) {
        var found: [(key: ObjectKey, value: JSON)] = []
        if kind.isNamespaced, let namespace = filter.namespace {
            for key in keysByNamespace[namespace] ?? [] where key.kind == kind {
                if let object = object(key), filter.matches(object) { found.append((key, object)) }
            }
        } else {
            found = (objects[kind] ?? [:]).filter { filter.matches($0.value) }.map { ($0.key, $0.value) }
        }
        return (found.sorted { $0.key < $1.key }.map(\.value), revision)
    }

    /// The list as it was at an earlier resource version; nil when that is too long ago to know.
    func list(_ kind: ResourceKind, _ filter: ObjectFilter, asOf revision: Int) -> [JSON]? {
        guard revision <= self.revision, let later = feed.entries(kind, after: revision) else { return nil }
        var found = objects[kind] ?? [:]
        for entry in later.reversed() {
            guard let object = entry.old ?? entry.new else { continue }
            found[ObjectKey(kind, namespace: object.namespace, name: object.name)] = entry.old
        }
        return found.filter { filter.matches($0.value) }.sorted { $0.key < $1.key }.map(\.value)
    }

    package var resourceVersion: Int { revision }

    func object(_ key: ObjectKey) -> JSON? { objects[key.kind]?[key] }

    // MARK: Transactions

    /// Runs `body`; then its changes are written to disk and told to the watches. When it throws, the
    /// disk refuses or it was only tried (`dryRun`), everything is as it was before.
    func transact<Result: Sendable>(
        dryRun: Bool = false, _ body: () throws(APIError) -> Result
    ) throws(APIError) -> Result {
        let before = revision
        do {
            let result = try body()
            if dryRun {
                undo(to: before)
                return result
            }
            try file?.write(changes, revision: revision)
            feed.publish(changes)
            changes = []
            return result
        } catch let error as APIError {
            undo(to: before)
            throw error
        } catch {
            undo(to: before)
            throw .storage("\(error)")
        }
    }

    private func undo(to before: Int) {
        for change in changes.reversed() { place(change.old, at: change.key) }
        changes = []
        revision = before
    }

    /// The next resource version goes to `object`, which replaces what was there.
    @discardableResult
    func put(_ object: JSON, at key: ObjectKey) -> JSON {
        revision += 1
        var object = object
        object.set(.string(String(revision)), at: "metadata", "resourceVersion")
        changes.append(Change(key: key, old: self.object(key), new: object, revision: revision))
        place(object, at: key)
        return object
    }

    /// Takes the object out, with nothing that follows from it.
    func take(_ key: ObjectKey) {
        guard let old = object(key) else { return }
        revision += 1
        changes.append(Change(key: key, old: old, new: nil, revision: revision))
        place(nil, at: key)
    }

    private func place(_ object: JSON?, at key: ObjectKey) {
        if let old = objects[key.kind]?[key] {
            keysByUID[old.uid] = nil
            for owner in old.ownerReferences.compactMap({ $0["uid"]?.string }) {
                keysByOwner[owner]?.remove(key)
                if keysByOwner[owner]?.isEmpty == true { keysByOwner[owner] = nil }
            }
        }
        objects[key.kind, default: [:]][key] = object
        guard let object else {
            keysByNamespace[key.namespace]?.remove(key)
            if keysByNamespace[key.namespace]?.isEmpty == true { keysByNamespace[key.namespace] = nil }
            return
        }
        if key.kind.isNamespaced { keysByNamespace[key.namespace, default: []].insert(key) }
        keysByUID[object.uid] = key
        for owner in object.ownerReferences.compactMap({ $0["uid"]?.string }) {
            keysByOwner[owner, default: []].insert(key)
        }
    }

    // MARK: Time

    var timestamp: String { Self.timestamp(now()) }

    /// RFC 3339 in whole seconds, as `metav1.Time` is written.
    package static func timestamp(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle())
    }
}
