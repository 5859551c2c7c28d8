package struct HTTPClientResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]
}

/// An answer whose body is read while it comes.
package struct HTTPClientStream: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// For one reader. Ends with the body; throws `HTTPClientError` when the connection breaks or the
    /// reading task is cancelled. Dropping it ends the transfer. A reader that is slower than the peer slows
    /// the peer down: no more than about `HTTPClientBody.maxBufferedBytes` wait here.
    package let chunks: AsyncThrowingStream<[UInt8], any Error>
}
