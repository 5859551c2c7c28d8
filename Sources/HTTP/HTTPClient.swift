package struct HTTPClientRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// The whole exchange for `send`; the time until the response's head for `open`.
    package var timeout: Duration
    /// Connect to this Unix socket instead of the URL's host (the Docker Engine's, say).
    package var unixSocket: String?
    /// Connect to this address instead of resolving the URL's host: `127.0.0.1:8080`.
    package var connectTo: String?
    /// Whom to trust and how to introduce ourselves over TLS; nil means the system's authorities and nothing.
    package var tls: HTTPClientTLS?
    /// Do not verify the server's certificate chain; only for probes that say so.
    package var maxBodyBytes: Int

    package init(
        _ method: String, _ url: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeout: Duration = .seconds(30), unixSocket: String? = nil, connectTo: String? = nil,
        tls: HTTPClientTLS? = nil, maxBodyBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.unixSocket = unixSocket
        self.connectTo = connectTo
        self.tls = tls
        self.maxBodyBytes = maxBodyBytes
    }
}

/// What can go wrong before an answer is there. An answer with any status is no error.
package enum HTTPClientError: Error, Sendable, Equatable {
    case cannotResolve(host: String)
    case cannotConnect(reason: String)
    case timedOut
    /// The peer's certificate does not hold; `reason` is OpenSSL's sentence.
    case untrusted(reason: String)
    case bodyTooLarge(limit: Int)
    case broken(reason: String)
    case cancelled
}

package struct HTTPClientResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]
}

/// An answer whose body is read while it comes.
package struct HTTPClientStream: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// Ends with the body; throws `HTTPClientError` when the connection breaks. Dropping it ends the transfer.
    package let chunks: AsyncThrowingStream<[UInt8], any Error>
}

/// All transfers of one client share a connection pool on one thread of its own (libcurl's multi interface).
package final class HTTPClient: Sendable {
    package init() { fatalError("not written yet") }
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        fatalError("not written yet")
    }
    package func open(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientStream {
        fatalError("not written yet")
    }
}
