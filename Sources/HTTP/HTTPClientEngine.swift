import CCurl
import Foundation
import Synchronization

/// Names one transfer between threads.
final class HTTPClientTicket: Sendable {
    private let cancelled = Atomic(false)

    /// Cancelling can overtake starting; the start then sees it.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
    func cancel() { cancelled.store(true, ordering: .releasing) }
}

/// Who waits for a transfer, and for how much of it.
enum HTTPClientSink: Sendable {
    case whole(CheckedContinuation<Result<HTTPClientResponse, HTTPClientError>, Never>)
    case stream(CheckedContinuation<Result<HTTPClientStream, HTTPClientError>, Never>)

    func fail(_ error: HTTPClientError) {
        switch self {
        case .whole(let continuation): continuation.resume(returning: .failure(error))
        case .stream(let continuation): continuation.resume(returning: .failure(error))
        }
    }
}

/// The way to the thread that owns libcurl's handles.
// `multi` is used by that thread alone, except for `curl_multi_wakeup`, which libcurl allows from any
// thread (https://curl.se/libcurl/c/curl_multi_wakeup.html) and which `inbox` keeps from coming too late.
final class HTTPClientEngine: @unchecked Sendable {
    /// Connections of one client, idle ones included; further transfers wait for one.
    static let maxConnections = 256
    /// Idle connections that are kept for the next transfer.
    static let maxIdleConnections = 32

    /// Transfers that share one HTTP/2 connection; the server may want fewer. libcurl's own limit is 100.
    static let maxStreamsPerConnection = 1_000

    enum Command: Sendable {
        case start(HTTPClientRequest, HTTPClientTicket, HTTPClientSink)
        case cancel(HTTPClientTicket)
        /// The reader of a paused stream has caught up.
        case resume(HTTPClientTicket)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isStopping = false
        /// The thread has ended; `multi` must not be touched any more.
        var isClosed = false
    }

    private let multi: UnsafeMutableRawPointer
    private let inbox = Mutex(Inbox())

    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    init() {
        precondition(Self.libraryIsReady, "libcurl could not be initialised")
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory") }
        curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.maxConnections)
        curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.maxIdleConnections)
        curl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, Self.maxStreamsPerConnection)
        self.multi = multi
        Thread.detachNewThread { self.run() }
    }

    private func run() {
        blockSignals()
        let loop = HTTPClientLoop(multi: multi, engine: self)
        while let commands = takeCommands(whenIdle: loop.isIdle) {
            loop.step(commands)
            // Nobody would wake a loop that has nothing left to do.
            if !loop.isIdle || !inbox.withLock({ $0.isStopping }) { loop.wait() }
        }
        // Closing its connections, libcurl still calls the loop's sockets.
        withExtendedLifetime(loop) { _ = curl_multi_cleanup(multi) }
    }

    func post(_ command: Command) {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return }
            inbox.commands.append(command)
            curl_multi_wakeup(multi)
        }
    }

    func stopWhenIdle() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            curl_multi_wakeup(multi)
        }
    }

    /// Nil when the thread shall end.
    private func takeCommands(whenIdle isIdle: Bool) -> [Command]? {
        inbox.withLock { inbox in
            if inbox.commands.isEmpty, inbox.isStopping, isIdle {
                inbox.isClosed = true
                return nil
            }
            defer { inbox.commands = [] }
            return inbox.commands
        }
    }

    /// Signals belong to the program's other threads; SIGPIPE of a broken connection would end the program.
    private func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }
}
