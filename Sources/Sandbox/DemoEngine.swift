import Bot
import Foundation
import HTTP

/// The Docker Engine that builds images and runs pods: one that is there, or a private one for the demo's life.
struct DemoEngine: Sendable {
    let socket: String
    private let own: PrivateEngine?

    static func find(
        directory: URL, environment: DemoEnvironment, http: HTTPClient
    ) async throws -> DemoEngine {
        let search = EngineSearch(
            dockerHost: environment.dockerHost, isRoot: environment.isRoot, path: environment.path)
        switch await search.find(http: http) {
        case .answers(let socket): return DemoEngine(socket: socket, own: nil)
        case .none(let advice): throw DemoError(advice)
        case .canStart(let program):
            let engine = PrivateEngine(
                program: program, directory: directory, environment: environment.programVariables)
            try await engine.start(http: http)
            return DemoEngine(socket: engine.socketPath, own: engine)
        }
    }

    func stop() async { await own?.stop() }
}
