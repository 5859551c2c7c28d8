import Foundation
import Synchronization

/// Answers one request. Runs off the event loop, so it may await; it must not block a thread. Its task
/// is cancelled when the client goes away.
package typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

/// An HTTP/1.1 server (RFC 9112) on a few threads of its own. It runs from `start` to `stop`, also
/// when nobody holds it any more.
package final class HTTPServer: Sendable {
    private struct State {
        var hasStarted = false
        var mailboxes: [LoopMailbox] = []
        var counters: [ServerCounters] = []
        var runningLoops = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let context: ServerContext
    private let state = Mutex(State())

    /// - Parameter quick: asked first, for requests with small bodies.
    package convenience init(
        _ settings: HTTPServerSettings, quick: HTTPQuickHandler? = nil, handler: @escaping HTTPHandler
    ) {
        self.init(settings, accept: { ListeningSocket.accept($0) }, quick: quick, handler: handler)
    }

    init(
        _ settings: HTTPServerSettings,
        accept: @escaping @Sendable (Int32) -> ListeningSocket.Accepted, quick: HTTPQuickHandler? = nil,
        handler: @escaping HTTPHandler
    ) {
        context = ServerContext(settings, handler, quick: quick, accept: accept)
    }

    /// Binds, listens and returns the port. Throws `HTTPServerError`, whose description names the
    /// address and says what to do.
    package func start() throws -> Int {
        let settings = context.settings
        return try state.withLock { state in
            guard !state.hasStarted else { throw HTTPServerError.alreadyStarted }
            let loops = 0..<max(1, settings.eventLoopThreads)
            let mailboxes = try loops.map { _ in try LoopMailbox() }
            let pollers = try loops.map { _ in try Poller() }
            // Last, because nothing but a running loop closes it.
            let socket = try ListeningSocket.open(host: settings.host, port: settings.port)
            state.hasStarted = true
            state.runningLoops = loops.count
            state.mailboxes = mailboxes
            state.counters = loops.map { _ in ServerCounters() }
            for (index, poller) in pollers.enumerated() {
                startLoop(index, state.counters[index], poller, mailboxes, socket.descriptor)
            }
            return socket.port
        }
    }

    private func startLoop(
        _ index: Int, _ counters: ServerCounters, _ poller: Poller, _ mailboxes: [LoopMailbox],
        _ listener: Int32
    ) {
        let thread = Thread { [self, context] in
            ServerLoop(
                context, counters, poller: poller, mailbox: mailboxes[index],
                listener: index == 0 ? listener : nil, loops: mailboxes
            ).run()
            endLoop()
        }
        thread.name = "http-\(index)"
        thread.start()
    }

    private func endLoop() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.runningLoops -= 1
            guard state.runningLoops == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Stops accepting, closes idle connections and streams at once, lets requests that are being
    /// answered finish for at most `grace`, cuts the rest. Returns when no connection is left.
    package func stop(grace: Duration) async {
        let seconds = max(0, min(grace.components.seconds, 86_400))
        let nanoseconds =
            UInt64(seconds) * 1_000_000_000 + UInt64(max(0, grace.components.attoseconds / 1_000_000_000))
        await withCheckedContinuation { continuation in
            let isRunning = state.withLock { state in
                guard state.runningLoops > 0 else { return false }
                state.waiters.append(continuation)
                for mailbox in state.mailboxes { mailbox.post(.stop(graceNanoseconds: nanoseconds)) }
                return true
            }
            if !isRunning { continuation.resume() }
        }
    }

    /// What happened so far; can be asked at any time, from any thread.
    package var statistics: HTTPServerStatistics {
        var sum = HTTPServerStatistics()
        sum.openConnections = context.openConnections.load(ordering: .relaxed)
        for counters in state.withLock({ $0.counters }) { counters.add(to: &sum) }
        return sum
    }
}
