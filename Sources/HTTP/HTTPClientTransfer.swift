import CCurl

/// One request on its way. Used by its client's thread only.
final class HTTPClientTransfer {
    let easy: UnsafeMutableRawPointer
    let request: HTTPClientRequest
    let ticket: HTTPClientTicket
    /// When it fails as timed out; nil for a stream whose head is there.
    private(set) var deadline: ContinuousClock.Instant?

    private let engine: HTTPClientEngine
    private let vigil: HTTPClientVigil
    private let sink: HTTPClientSink
    private var head = HTTPClientHead()
    private var body: [UInt8] = []
    /// Where the body goes once a stream's head was handed out. Weak: the reader decides how long it lives.
    private weak var stream: HTTPClientBody?
    private var isStreaming = false
    /// Why a callback has stopped the transfer.
    private var failure: HTTPClientError?

    /// libcurl reads these until the transfer ends.
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let sentBody: UnsafeMutableBufferPointer<UInt8>
    private let sentence = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(
        easy: UnsafeMutableRawPointer, request: HTTPClientRequest, ticket: HTTPClientTicket,
        sink: HTTPClientSink, engine: HTTPClientEngine, vigil: HTTPClientVigil, deadline: ContinuousClock.Instant
    ) {
        self.easy = easy
        self.request = request
        self.ticket = ticket
        self.sink = sink
        self.engine = engine
        self.vigil = vigil
        self.deadline = deadline
        // One byte more, for an empty body needs an address as well.
        sentBody = .allocate(capacity: request.body.count + 1)
        _ = sentBody.initialize(from: request.body)
        sentence.initialize(repeating: 0)
    }

    deinit {
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        sentBody.deallocate()
        sentence.deallocate()
    }

    /// Nil when it can start.
    func prepare(_ sockets: HTTPClientSockets) -> HTTPClientError? {
        var options = HTTPClientOptions(easy: easy)
        options.check(sockets.observe(easy))
        options.set(request, body: UnsafeBufferPointer(sentBody), sentence: sentence)
        options.setBuffer(bytes: isWhole ? request.maxBodyBytes : HTTPClientBody.maxUnofferedBytes)
        lists = options.lists
        let me = Unmanaged.passUnretained(self).toOpaque()
        curl_set_header_function(easy, { bytes, size, count, me in
            HTTPClientTransfer.called(me, bytes, size * count) { $0.takeHeadLine($1) }
        }, me)
        curl_set_write_function(easy, { bytes, size, count, me in
            HTTPClientTransfer.called(me, bytes, size * count) { $0.takeBody($1) }
        }, me)
        return options.problem
    }

    private var isWhole: Bool {
        if case .whole = sink { true } else { false }
    }

    /// Of the connection that it uses; 0 before there is one.
    var localPort: Int { max(curl_get_long(easy, CURLINFO_LOCAL_PORT), 0) }

    /// What libcurl's answer means; nil for a complete response.
    func verdict(_ code: CURLcode) -> HTTPClientError? {
        if let failure { return failure }
        if code == CURLE_OK { return head.isComplete ? nil : .broken(reason: "no response came") }
        return HTTPClientError(
            code: code, sentence: sentence.baseAddress.map { String(cString: $0) } ?? "",
            systemError: curl_get_long(easy, CURLINFO_OS_ERRNO), request: request)
    }

    /// Tells whoever waits, once, at the end.
    func finish(_ error: HTTPClientError?) {
        if isStreaming {
            stream?.finish(error)
        } else if let error {
            sink.fail(error)
        } else if case .whole(let continuation) = sink {
            continuation.resume(returning: .success(
                HTTPClientResponse(status: head.status, headers: head.headers, body: body)))
        }
    }

    /// - Returns: what libcurl wants back: the count when all is well.
    private static func called(
        _ me: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
        _ body: (HTTPClientTransfer, UnsafeBufferPointer<UInt8>) -> HTTPClientCallbackAnswer
    ) -> Int {
        guard let me, let bytes else { return count }
        let transfer = Unmanaged<HTTPClientTransfer>.fromOpaque(me).takeUnretainedValue()
        transfer.vigil.begin()
        return bytes.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            switch body(transfer, UnsafeBufferPointer(start: bytes, count: count)) {
            case .goOn: return count
            case .pause: return Int(CURL_WRITEFUNC_PAUSE)
            case .stop(let reason):
                transfer.failure = reason
                // Any other number than the count ends the transfer, also when the count is 0.
                return count + 1
            }
        }
    }

    private func takeHeadLine(_ line: UnsafeBufferPointer<UInt8>) -> HTTPClientCallbackAnswer {
        let wasComplete = head.isComplete
        guard head.take(line: line) else {
            let limit = HTTPClientHead.maxHeadBytes
            return .stop(.broken(reason: "the response's head is larger than \(limit) bytes"))
        }
        guard head.isComplete, !wasComplete else { return .goOn }
        switch sink {
        case .whole:
            let announced = head.headers["Content-Length"].flatMap { Int($0) } ?? 0
            // The answer to HEAD announces a body that does not come.
            if request.method != "HEAD", announced > request.maxBodyBytes {
                return .stop(.bodyTooLarge(limit: request.maxBodyBytes))
            }
        case .stream(let continuation):
            handOut(continuation)
        }
        return .goOn
    }

    private func handOut(
        _ continuation: CheckedContinuation<Result<HTTPClientStream, HTTPClientError>, Never>
    ) {
        let reader = HTTPClientReader(engine: engine, ticket: ticket)
        stream = reader.body
        isStreaming = true
        deadline = nil
        let chunks = AsyncThrowingStream { try await reader.next() }
        continuation.resume(returning: .success(
            HTTPClientStream(status: head.status, headers: head.headers, chunks: chunks)))
    }

    private func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> HTTPClientCallbackAnswer {
        if isStreaming {
            // Without a reader the cancellation is on its way.
            guard let stream else { return .stop(.cancelled) }
            return stream.offer(bytes) ? .goOn : .pause
        }
        guard body.count + bytes.count <= request.maxBodyBytes else {
            return .stop(.bodyTooLarge(limit: request.maxBodyBytes))
        }
        body.append(contentsOf: bytes)
        return .goOn
    }
}

enum HTTPClientCallbackAnswer {
    case goOn, pause, stop(HTTPClientError)
}

/// What a stream's reader holds on to; its end ends the transfer.
private final class HTTPClientReader: Sendable {
    let body = HTTPClientBody()
    private let engine: HTTPClientEngine
    private let ticket: HTTPClientTicket

    init(engine: HTTPClientEngine, ticket: HTTPClientTicket) {
        self.engine = engine
        self.ticket = ticket
    }

    deinit { engine.post(.cancel(ticket)) }

    func next() async throws(HTTPClientError) -> [UInt8]? {
        try await body.next { engine.post(.resume(ticket)) }
    }
}
