import Foundation
import HTTP
import Synchronization

/// The stand-in behind a socket of its own.
package final class SlackServer: Sendable {
    package let standIn: SlackStandIn
    private let server = Mutex<(server: HTTPServer, port: Int)?>(nil)

    package var workspace: Workspace { standIn.workspace }
    package var faults: SlackFaults { standIn.faults }
    package var calls: SlackCalls { standIn.calls }
    package var grant: SlackGrant { standIn.grant }

    package init(_ standIn: SlackStandIn) { self.standIn = standIn }

    /// A workspace that is gone with the server.
    /// - Parameter token: what calls must carry.
    package convenience init(
        token: String = "xoxb-test", scopes: Set<String> = SlackGrant.allScopes, limits: SlackLimits = .generous,
        now: @escaping @Sendable () -> Date = { .now }
    ) throws {
        let workspace = try Workspace(path: ":memory:", now: now)
        self.init(SlackStandIn(
            workspace: workspace, grant: SlackGrant(token: token, scopes: scopes), limits: limits, now: now))
    }

    /// Starts, or comes back on the port that it had.
    /// - Returns: `http://127.0.0.1:PORT`; methods are below `/api/`.
    @discardableResult
    package func start() throws -> String {
        try server.withLock { current in
            var settings = HTTPServerSettings()
            settings.port = current?.port ?? 0
            settings.maxBodyBytes = { path in
                path.hasPrefix(SlackStandIn.uploadPath) ? SlackStandIn.maxFileBytes : SlackStandIn.maxBodyBytes
            }
            let server = HTTPServer(settings, handler: standIn.answer)
            let port = try server.start()
            current = (server, port)
            return "http://127.0.0.1:\(port)"
        }
    }

    /// Nobody answers any more: connections are refused until `start`.
    package func stop() async {
        faults.clear()
        await server.withLock { $0?.server }?.stop(grace: .zero)
    }

    /// Empty before the first start.
    package var url: String { server.withLock { $0.map { "http://127.0.0.1:\($0.port)" } } ?? "" }

    /// Calls a bot in the name of this workspace. The server must have started.
    package func caller(botURL: String, signingSecret: String, client: HTTPClient = HTTPClient()) -> SlackCaller {
        var caller = SlackCaller(
            workspace: workspace, client: client, botURL: botURL, signingSecret: signingSecret,
            responseBaseURL: url + SlackStandIn.responsePath, now: workspace.now)
        caller.grant = grant
        return caller
    }
}
