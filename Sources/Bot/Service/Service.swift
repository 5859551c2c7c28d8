import Deploys
import Foundation
import GitHub
import HTTP
import Images
import Kubernetes
import Slack
import Store

/// The bot: every adapter in its place, from the settings to the end of the process. `serve` and `demo` run the same.
package struct Service: Sendable {
    /// May answer a request before the bot does: the demo's page and its apps.
    package typealias Front = @Sendable (HTTPRequest) async -> HTTPResponse?

    let settings: Settings
    let log: Log
    let front: Front
    let reload: Signal

    /// How long answers that are under way may take after the stop.
    static let maxAnswerGrace = Duration.seconds(3)
    /// How long answers that were promised to people may take, when Slack has had its own.
    static let maxPromiseGrace = Duration.seconds(1)
    /// How long the worker and the courier may take to let go.
    static let maxWorkGrace = Duration.seconds(5)

    /// Of requests that are coming or being answered.
    static let maxTotalBodyBytes = WebhookRoute.maxLargeBodies * WebhookRoute.maxBodyBytes

    /// - Parameter reload: fired when files shall be read again.
    package init(
        _ settings: Settings, log: Log, reload: Signal = Signal(), front: @escaping Front = { _ in nil }
    ) {
        self.settings = settings
        self.log = log
        self.reload = reload
        self.front = front
    }

    /// Starts, tells the port, and runs until `stop` returns; then lets go of everything, within 10 seconds.
    package func run(
        until stop: @Sendable () async -> Void, onReady: @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let parts = try await ServiceParts(settings, reload: reload, log: log)
        do {
            try await run(parts, until: stop, onReady: onReady)
        } catch {
            await parts.close()
            throw error
        }
        await parts.close()
        log.info("stopped")
    }

    private func run(
        _ parts: ServiceParts, until stop: @Sendable () async -> Void,
        onReady: @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let state = ServiceState()
        let routes = parts.slack.routes
        let server = HTTPServer(
            serverSettings, quick: { routes.takeAtOnce($0, $1) }, handler: handler(parts, state))
        let port = try server.start()
        state.server = server
        let work = Task {
            await parts.run()
        }
        let tidying = Task { await StartMemory.release() }
        defer { tidying.cancel() }
        let startError: (any Error)?
        do {
            try await onReady(port)
            startError = nil
            await stop()
        } catch { startError = error }
        state.isStopping = true
        log.info("stopping")
        await server.stop(grace: Self.maxAnswerGrace)
        await finish(Task { await parts.slack.routes.waitForAnswers() }, within: Self.maxPromiseGrace)
        work.cancel()
        await finish(work, within: Self.maxWorkGrace)
        if let startError { throw startError }
    }

    private func finish(_ work: Task<Void, Never>, within limit: Duration) async {
        let isDone = Signal()
        let watch = Task {
            await work.value
            isDone.fire()
        }
        await isDone.wait(atMost: limit)
        watch.cancel()
    }

    private func handler(_ parts: ServiceParts, _ state: ServiceState) -> HTTPHandler {
        let routes = Routes(parts: parts, state: state)
        return { request in
            if let answer = await front(request) { return answer }
            return await routes.answer(request)
        }
    }

    private var serverSettings: HTTPServerSettings {
        var server = HTTPServerSettings()
        server.host = settings.host
        server.port = settings.port
        server.maxTotalBodyBytes = Self.maxTotalBodyBytes
        server.maxBodyBytes = { path in
            path.hasPrefix("/slack/") ? SlackRoutes.maxBodyBytes : WebhookRoute.maxBodyBytes
        }
        return server
    }
}
