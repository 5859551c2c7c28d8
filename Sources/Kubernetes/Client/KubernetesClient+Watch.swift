import HTTP
import JSON

extension KubernetesClient {
    /// The server ends a watch after so many seconds, spread so that many do not end at once.
    static let watchSeconds = 300...600
    /// A watch without a sign of life for so long is dead: servers send a bookmark about once a minute
    /// (https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks).
    static let maxWatchSilence: Duration = .seconds(100)
    /// What such a watch throws.
    static let silence = KubernetesError.unreachable("a watch fell silent")

    /// Follows the changes after `resourceVersion` until the server ends the watch.
    /// - Parameter onOpen: called once the server has begun to answer.
    /// - Throws: `.expired` when the changes since then are no longer known: list again. `.unreachable`
    ///   when the connection breaks: go on from the last version seen.
    func watch(
        _ resource: KubernetesResource, namespace: String? = nil, labelSelector: String?,
        from resourceVersion: String, onOpen: @Sendable () async -> Void,
        onEvents: @escaping @Sendable ([WatchEvent]) async -> Void
    ) async throws(KubernetesError) {
        let spread = Double(Self.watchSeconds.count) * timing.random()
        var query = [
            (name: "watch", value: "1"), (name: "resourceVersion", value: resourceVersion),
            (name: "allowWatchBookmarks", value: "true"),
            (name: "timeoutSeconds", value: String(Self.watchSeconds.lowerBound + Int(spread))),
        ]
        if let labelSelector { query.append((name: "labelSelector", value: labelSelector)) }
        let stream = try await open(Call(path: resource.path(namespace: namespace), query: query))
        await onOpen()
        try await read(stream, onEvents: onEvents)
    }

    private func read(
        _ stream: HTTPClientStream, onEvents: @escaping @Sendable ([WatchEvent]) async -> Void
    ) async throws(KubernetesError) {
        let lastSign = LastSign(timing.now())
        let timing = timing
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var decoder = WatchDecoder()
                    for try await chunk in stream.chunks {
                        await lastSign.set(timing.now())
                        let events = try decoder.push(chunk)
                        if !events.isEmpty { await onEvents(events) }
                    }
                }
                group.addTask {
                    while true {
                        let silence = await timing.now() - lastSign.moment
                        guard silence < Self.maxWatchSilence else {
                            throw Self.silence
                        }
                        try await timing.sleep(Self.maxWatchSilence - silence)
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch let error as KubernetesError {
            throw error
        } catch let error as HTTPClientError {
            throw KubernetesError(error)
        } catch {
            throw .cancelled
        }
    }

    /// When the watch was heard last.
    private actor LastSign {
        private(set) var moment: ContinuousClock.Instant
        init(_ moment: ContinuousClock.Instant) { self.moment = moment }
        func set(_ moment: ContinuousClock.Instant) { self.moment = moment }
    }
}
