import Foundation
import HTTP
import JSON

/// What the workers of all pods share.
struct NodeContext: Sendable {
    let store: ObjectStore
    let engine: DockerEngineClient
    let http: HTTPClient
    let settings: NodeSettings
    let events: EventRecorder
    let starts: StartGate
    let files: NodeFiles
    let images: OwnImages
    let services: ServiceDirectory
    let now: @Sendable () -> Date

    init(
        store: ObjectStore, engine: DockerEngineClient, http: HTTPClient, settings: NodeSettings,
        now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.engine = engine
        self.http = http
        self.settings = settings
        self.now = now
        events = EventRecorder(store: store, now: now, node: settings.name)
        starts = StartGate(limit: settings.maxConcurrentStarts)
        files = NodeFiles(root: settings.directory)
        images = OwnImages(engine: engine, programs: settings.programs, toolsTag: settings.toolsTag)
        services = ServiceDirectory(
            store: store, engine: engine, images: images, files: files, cluster: settings.cluster)
    }
}

/// Lets so many through at a time, in the order in which they came.
actor StartGate {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(limit: Int) { free = limit }

    func run<Result: Sendable>(
        _ body: @Sendable () async throws(EngineError) -> Result
    ) async throws(EngineError) -> Result {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
        defer {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
        return try await body()
    }
}
