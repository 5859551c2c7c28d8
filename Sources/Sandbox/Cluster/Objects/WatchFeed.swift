import JSON

package struct WatchEvent: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case added = "ADDED", modified = "MODIFIED", deleted = "DELETED"
        /// Nothing happened up to this resource version that was not told; only where it was asked for.
        case bookmark = "BOOKMARK"
    }

    package let kind: Kind
    /// The object after the change; before it for `.deleted`, with the deletion's resource version.
    package let object: JSON
    package let resourceVersion: Int
}

/// Recent changes, kept per kind for watches that start in the past, and the watches themselves.
struct WatchFeed {
    struct Entry {
        let old: JSON?
        let new: JSON?
        let revision: Int
    }

    private struct Watcher {
        let filter: ObjectFilter
        let isRemote: Bool
        let events: AsyncStream<WatchEvent>.Continuation
    }

    private var history: [ResourceKind: [Entry]] = [:]
    /// Changes up to and including this one are forgotten.
    private var forgotten: [ResourceKind: Int] = [:]
    private let start: Int
    private var watchers: [ResourceKind: [Int: Watcher]] = [:]
    private var lastWatcher = 0

    init(startingAt start: Int = 0) { self.start = start }

    /// What happened after `revision`; nil when that is too long ago to know.
    func entries(_ kind: ResourceKind, after revision: Int) -> [Entry]? {
        guard revision >= oldest(kind) else { return nil }
        return (history[kind] ?? []).filter { $0.revision > revision }
    }

    /// The oldest resource version a watch of this kind may start from.
    func oldest(_ kind: ResourceKind) -> Int { forgotten[kind] ?? start }

    /// Forgets everything, as etcd's compaction does.
    mutating func compact(at revision: Int) {
        for kind in ResourceKind.all { forgotten[kind] = revision }
        history = [:]
    }

    mutating func publish(_ changes: [ObjectStore.Change]) {
        for change in changes {
            let entry = Entry(old: change.old, new: change.new, revision: change.revision)
            remember(entry, of: change.key.kind)
            for (id, watcher) in watchers[change.key.kind] ?? [:] {
                guard let event = Self.event(entry, watcher.filter) else { continue }
                if case .dropped = watcher.events.yield(event) {
                    watcher.events.finish()
                    watchers[change.key.kind]?[id] = nil
                }
            }
        }
    }

    private mutating func remember(_ entry: Entry, of kind: ResourceKind) {
        history[kind, default: []].append(entry)
        // A quarter goes at a time: moving the rest for each single event would cost more.
        let limit = ObjectStore.maxHistoryEventsPerKind
        if let count = history[kind]?.count, count > limit {
            let surplus = count - limit + limit / 4
            forgotten[kind] = history[kind]?[surplus - 1].revision
            history[kind]?.removeFirst(surplus)
        }
    }

    /// What a watch with this filter hears of a change: an object that begins to match is new to it, one
    /// that no longer matches is gone for it.
    static func event(_ entry: Entry, _ filter: ObjectFilter) -> WatchEvent? {
        let before = entry.old.flatMap { filter.matches($0) ? $0 : nil }
        let after = entry.new.flatMap { filter.matches($0) ? $0 : nil }
        switch (before, after) {
        case (nil, nil): return nil
        case (nil, let new?): return WatchEvent(kind: .added, object: new, resourceVersion: entry.revision)
        case (_?, let new?): return WatchEvent(kind: .modified, object: new, resourceVersion: entry.revision)
        case (var old?, nil):
            old.set(.string(String(entry.revision)), at: "metadata", "resourceVersion")
            return WatchEvent(kind: .deleted, object: old, resourceVersion: entry.revision)
        }
    }

    mutating func add(
        _ kind: ResourceKind, _ filter: ObjectFilter, isRemote: Bool,
        _ events: AsyncStream<WatchEvent>.Continuation
    ) -> Int {
        lastWatcher += 1
        watchers[kind, default: [:]][lastWatcher] = Watcher(
            filter: filter, isRemote: isRemote, events: events)
        return lastWatcher
    }

    mutating func remove(_ kind: ResourceKind, _ id: Int) { watchers[kind]?[id] = nil }

    /// What waits to be sent to one watch; nil when it has ended.
    func events(_ kind: ResourceKind, _ id: Int) -> AsyncStream<WatchEvent>.Continuation? {
        watchers[kind]?[id]?.events
    }

    /// The watches of clients of the HTTP API.
    var remoteCount: Int { watchers.values.reduce(0) { $0 + $1.values.count(where: \.isRemote) } }

    mutating func drop(onlyRemote: Bool) {
        for (kind, all) in watchers {
            for (id, watcher) in all where watcher.isRemote || !onlyRemote {
                watcher.events.finish()
                watchers[kind]?[id] = nil
            }
        }
    }
}
