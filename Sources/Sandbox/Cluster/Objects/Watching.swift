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
        let backlog = try backlog(kind, filter, after: revision)
        let (stream, continuation) = AsyncStream.makeStream(
            of: WatchEvent.self,
            bufferingPolicy: .bufferingOldest(backlog.count + Self.maxWatchBufferEvents))
        for event in backlog { continuation.yield(event) }
        let id = feed.add(kind, filter, continuation)
        continuation.onTermination = { [weak self] _ in
            Task { await self?.unwatch(kind, id) }
        }
        return stream
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
            throw APIError(
                504, "Timeout", "Too large resource version: \(revision), current: \(self.revision)",
                details: ["causes": [[
                    "reason": "ResourceVersionTooLarge", "message": "Too large resource version",
                ]], "retryAfterSeconds": 1])
        }
        guard let entries = feed.entries(kind, after: revision) else {
            throw .expired("too old resource version: \(revision) (\(feed.oldest(kind)))")
        }
        return entries.compactMap { WatchFeed.event($0, filter) }
    }

    private func unwatch(_ kind: ResourceKind, _ id: Int) { feed.remove(kind, id) }

    /// Ends all watches, as a restart of the API server does.
    package func dropWatches() { feed.dropAll() }

    /// Forgets the history, as etcd's compaction does: older watches are told that they are too old.
    package func compact() { feed.compact(at: revision) }
}
