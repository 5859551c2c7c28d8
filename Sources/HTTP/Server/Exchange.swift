/// One request whose answer is not completely handed to the socket's queue yet.
struct Exchange {
    enum State {
        /// The handler works on it.
        case waiting(Task<Void, Never>)
        /// The answer comes by the reply, or is made when the time is over; monotonic nanoseconds.
        case promised(HTTPReply, HTTPPromise, since: UInt64)
        case ready(HTTPResponse)
        /// The body comes in pieces.
        case streaming(StreamPump, isChunked: Bool)
    }

    let isHEAD: Bool
    let isHTTP10: Bool
    /// Whether the connection ends with this answer.
    var closes: Bool
    var state: State

    /// Ends the work on it; what still comes of it is dropped.
    func cancel() {
        switch state {
        case .waiting(let task): task.cancel()
        case .ready: break
        case .promised(let reply, _, _): _ = reply.end()
        case .streaming(let pump, _): pump.cancel()
        }
    }
}
