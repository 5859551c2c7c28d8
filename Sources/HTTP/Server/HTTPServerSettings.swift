/// Where the server listens, and every limit that it keeps.
package struct HTTPServerSettings: Sendable {
    /// An address or a name of this machine: `127.0.0.1`, `0.0.0.0`, `::1`, `[::]`, `localhost`.
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port = 8080
    /// Threads that serve connections; handlers do not run on them, but for the quick one.
    package var eventLoopThreads = 2
    /// For so long after the quick handler has promised an answer, or one was sent, an event loop looks for news and
    /// does not fall asleep: being woken takes as long as what is promised. 0 where processors are few.
    package var watchfulMicroseconds = 200
    /// Other methods are answered with 501. They are matched byte by byte (RFC 9110, section 9.1).
    package var methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// The most bytes a body may have, by request path; more is refused with 413 before it is read.
    package var maxBodyBytes: @Sendable (_ path: String) -> Int = { _ in 1 << 20 }
    /// A request with a larger body never goes to the quick handler, which runs on an event loop.
    package var maxQuickBodyBytes = 16 << 10
    /// Body bytes over all connections, from their coming until their requests are answered; a body that would pass
    /// it gets 503.
    package var maxTotalBodyBytes = 256 << 20
    /// A longer request target is refused with 414.
    package var maxTargetBytes = 8 << 10
    /// Request line and header fields together, line ends included; more is refused with 431.
    package var maxHeadBytes = 32 << 10
    /// More header fields are refused with 431.
    package var maxHeaderFields = 100
    /// Chunk extensions of one body together, and zeros in front of sizes; they carry nothing for us but cost us time.
    package var maxChunkExtensionBytes = 4 << 10
    /// Trailer fields of one chunked body; they are checked and dropped.
    package var maxTrailerBytes = 8 << 10

    /// For one past it, the connection that has owed us a request the longest is closed; when none does, it gets 503.
    package var maxConnections = 8_192
    /// Connections past `maxConnections` that may wait for their client to read the 503;
    /// past these too, a connection is closed as soon as the 503 is sent.
    package var maxRefusedConnections = 256
    /// File descriptors that connections leave to the rest of the program, whatever the limits above.
    package var reservedDescriptors = 256
    /// Requests of one connection that are read ahead of their answers; then reading pauses.
    package var maxPipelinedRequests = 16
    /// Bytes of one answer that wait for the client to read; then the stream's producer waits.
    package var maxUnsentBytes = 256 << 10

    /// From a request's first byte to the end of its head; later gets 408.
    package var headMilliseconds = 10_000
    /// What a body may take in addition to the time that `minBodyBytesPerSecond` gives it.
    package var bodyMilliseconds = 15_000
    /// A body that comes slower than this gets 408.
    package var minBodyBytesPerSecond = 16 << 10
    /// A connection without a request closes silently after this long.
    package var idleMilliseconds = 60_000
    /// A client that reads nothing of an answer for this long is cut off.
    package var writeStallMilliseconds = 30_000
    /// How long we read on after the last answer, so that the client gets to read it.
    package var lingerMilliseconds = 3_000
    /// A client that ends its sending side may still read. We cannot see whether it does, so its
    /// request lives on this long; then its handler is cancelled.
    package var halfCloseMilliseconds = 1_000
    /// How long no connection is accepted when the process has no file descriptors left.
    package var acceptPauseMilliseconds = 100

    package init() {}
}
