/// All transfers of one client share a connection pool on one thread of its own (libcurl's multi interface).
///
/// Connections are kept and used again, HTTP/2 is spoken over TLS where the server offers it, redirects are
/// not followed. Dropping the client lets transfers that run come to their end.
package final class HTTPClient: Sendable {
    private let engine: HTTPClientEngine

    package init() {
        engine = HTTPClientEngine()
    }

    deinit { engine.stopWhenIdle() }

    /// The whole answer. Cancelling the task ends the transfer.
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        if let problem = request.problem { throw .broken(reason: problem) }
        let ticket = HTTPClientTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.post(.start(request, ticket, .whole(continuation)))
            }
        } onCancel: {
            ticket.cancel()
            engine.post(.cancel(ticket))
        }
        return try result.get()
    }

    /// Returns when the head is there. Cancelling the task until then, or dropping the stream, ends the
    /// transfer.
    package func open(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientStream {
        if let problem = request.problem { throw .broken(reason: problem) }
        let ticket = HTTPClientTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.post(.start(request, ticket, .stream(continuation)))
            }
        } onCancel: {
            ticket.cancel()
            engine.post(.cancel(ticket))
        }
        return try result.get()
    }
}
