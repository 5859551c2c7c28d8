import HTTP
import JSON

/// `?watch=1`: one JSON object per line, for as long as the client listens
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
struct WatchRoute: Sendable {
    let store: ObjectStore
    let settings: EmbeddedAPISettings
    let faults: APIFaults

    func answer(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let seconds = try call.query.number("timeoutSeconds") ?? 0
        let filter = try call.filter()
        guard await store.runningWatches < settings.maxWatches else {
            throw APIError(
                429, "TooManyRequests", "Too many requests: \(settings.maxWatches) watches run already",
                details: ["retryAfterSeconds": 1])
        }
        let encode = encoder(call)
        do throws(APIError) {
            let watch = try await store.openWatch(
                call.kind, filter, after: try revision(call), isRemote: true,
                marksStart: call.query.flag("sendInitialEvents")
            )
            keep(
                watch.id, seconds: seconds > 0 ? seconds : settings.defaultWatchSeconds,
                bookmarks: call.query.flag("allowWatchBookmarks"))
            let lines = WatchLines(watch.events, faults: faults, encode: encode)
            return stream(AsyncThrowingStream(unfolding: { try await lines.next() }))
        } catch where error.code == 410 && !faults.expiresByStatus {
            // Kubernetes has begun its answer by the time it finds out.
            let line: JSON = ["type": "ERROR", "object": error.status]
            return stream(
                AsyncThrowingStream { continuation in
                    continuation.yield(line.bytes + [0x0A])
                    continuation.finish()
                })
        }
    }

    /// Nil for a watch that begins with what is there.
    private func revision(_ call: APICall) throws(APIError) -> Int? {
        guard let text = call.query["resourceVersion"], text != "0" else { return nil }
        guard let revision = Int(text), revision >= 0 else {
            throw .badRequest(
                "resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": "
                    + "invalid syntax"
            )
        }
        // The name is kept apart from a list's version: initial events start from now.
        return call.query.flag("sendInitialEvents") ? nil : revision
    }

    private func encoder(_ call: APICall) -> @Sendable (WatchEvent) -> [UInt8] {
        let table = call.wantsTable ? ObjectTable(call.kind, store.now()) : nil
        let isPartial = call.wantsMetadataOnly
        return { event in
            let isBookmark = event.kind == .bookmark
            let whole = isPartial ? event.object.metadataOnly : event.object
            let object = isBookmark ? whole : table?.table([event.object]) ?? whole
            let line: JSON = ["type": .string(event.kind.rawValue), "object": object]
            return line.bytes + [0x0A]
        }
    }

    /// Puts bookmarks into the watch and ends it in time.
    private func keep(_ watch: ObjectStore.WatchID, seconds: Int, bookmarks: Bool) {
        let (store, interval) = (store, settings.bookmarkInterval)
        Task {
            var left = Duration.seconds(seconds)
            while left > .zero {
                let step = min(left, interval)
                try? await Task.sleep(for: step)
                left -= step
                if bookmarks {
                    guard await store.mark(watch) else { return }
                } else {
                    guard await store.isRunning(watch) else { return }
                }
            }
            await store.end(watch)
        }
    }

    private func stream(_ lines: AsyncThrowingStream<[UInt8], any Error>) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: ["Content-Type": "application/json", "Cache-Control": "no-cache, private"],
            body: .stream(lines))
    }
}
