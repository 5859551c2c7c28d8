import JSON

extension ObjectStore {
    /// Changes of one kind, in order.
    ///
    /// - Parameter revision: hear what happened after this resource version; nil first gives every
    ///   object that is there as `.added`.
    /// - Returns: a stream that ends when its reader falls more than `maxWatchBufferEvents` behind
    ///   (list and watch again then). Dropping it ends the watch.
    /// - Throws: 410 `Expired` when the resource version is older than the history,
    ///   504 `Timeout` when it is one that was not given out yet.
    package func watch(
        _ kind: ResourceKind, _ filter: ObjectFilter = .everything, after revision: Int? = nil
    ) throws(APIError) -> AsyncStream<WatchEvent> {
        try openWatch(kind, filter, after: revision, isRemote: false).events
    }

    /// A watch that bookmarks can be put into: they go through the same queue as the events, so they
    /// never overtake one.
    struct OpenWatch: Sendable {
        let id: WatchID
        /// The watch ends when nobody holds this any more.
        let events: AsyncStream<WatchEvent>
    }

    struct WatchID: Sendable {
        let kind: ResourceKind
        let number: Int
    }

    /// - Parameter marksStart: put a bookmark behind what was there at the beginning.
    func openWatch(
        _ kind: ResourceKind, _ filter: ObjectFilter, after revision: Int?, isRemote: Bool, marksStart: Bool = false
    ) throws(APIError) -> OpenWatch {
        let backlog = try backlog(kind, filter, after: revision)
        let (stream, continuation) = AsyncStream.makeStream(
            of: WatchEvent.self,
            bufferingPolicy: .bufferingOldest(backlog.count + watchBufferEvents))
        for event in backlog { continuation.yield(event) }
        if marksStart {
            continuation.yield(bookmark(kind, annotations: ["k8s.io/initial-events-end": "true"]))
        }
        let id = feed.add(kind, filter, isRemote: isRemote, continuation)
        continuation.onTermination = { [weak self] _ in
            Task { await self?.unwatch(kind, id) }
        }
        return OpenWatch(id: WatchID(kind: kind, number: id), events: stream)
    }

    /// Puts a bookmark into a watch. Returns whether that still runs.
    func mark(_ watch: WatchID) -> Bool {
        guard let events = feed.events(watch.kind, watch.number) else { return false }
        events.yield(bookmark(watch.kind, annotations: [:]))
        return true
    }

    func isRunning(_ watch: WatchID) -> Bool { feed.events(watch.kind, watch.number) != nil }

    /// The watches of clients of the HTTP API.
    package var runningWatches: Int { feed.remoteCount }

    /// Ends a watch behind what is already in its queue.
    func end(_ watch: WatchID) { feed.events(watch.kind, watch.number)?.finish() }

    private func bookmark(_ kind: ResourceKind, annotations: [String: JSON]) -> WatchEvent {
        var object = Defaults.skeleton(of: kind)
        object["kind"] = .string(kind.kind)
        object["apiVersion"] = .string(kind.apiVersion)
        object["metadata"] = ["resourceVersion": .string(String(revision))]
        if !annotations.isEmpty { object.set(.object(annotations), at: "metadata", "annotations") }
        return WatchEvent(kind: .bookmark, object: object, resourceVersion: revision)
    }

    private func backlog(
        _ kind: ResourceKind, _ filter: ObjectFilter, after revision: Int?
    ) throws(APIError) -> [WatchEvent] {
        guard let revision else {
            return list(kind, filter).items.map {
                WatchEvent(kind: .added, object: $0, resourceVersion: $0.resourceVersion)
            }
        }
        guard revision <= self.revision else {
            throw .tooLargeVersion(revision, current: self.revision)
        }
        guard let entries = feed.entries(kind, after: revision) else {
            throw .expired("too old resource version: \(revision) (\(feed.oldest(kind)))")
        }
        return entries.compactMap { WatchFeed.event($0, filter) }
    }

    private func unwatch(_ kind: ResourceKind, _ id: Int) { feed.remove(kind, id) }

    /// Ends watches: those of clients of the HTTP API only, or the cluster's own too.
    package func dropWatches(onlyRemote: Bool = false) { feed.drop(onlyRemote: onlyRemote) }

    /// Forgets the history, as etcd's compaction does: older watches are told that they are too old.
    package func compact() { feed.compact(at: revision) }
}
