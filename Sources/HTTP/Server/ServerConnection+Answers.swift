import Glibc

extension ServerConnection {
    // MARK: From requests to answers

    /// Hands the request to its handler: the quick one at once, the other one off this thread.
    func begin(_ request: ParsedRequest) {
        let head = request.head
        let sequence = firstSequence &+ UInt32(exchanges.count)
        let whole = HTTPRequest(
            method: head.method, target: head.target, headers: head.headers, body: request.body,
            peer: peer)
        exchanges.append(
            Exchange(
                isHEAD: head.method == "HEAD", isHTTP10: head.isHTTP10, closes: !head.keepsAlive,
                state: promise(whole, sequence) ?? .waiting(handle(whole, sequence))))
        clock.noteRequest()
        if !head.keepsAlive { phase = .finishing }
    }

    private func promise(_ request: HTTPRequest, _ sequence: UInt32) -> Exchange.State? {
        guard let quick = loop.context.quickHandler, request.body.count <= settings.maxQuickBodyBytes else {
            return nil
        }
        let reply = HTTPReply(loop.mailbox, id, sequence: sequence)
        return quick(request, reply).map {
            loop.notePromise()
            return .promised(reply, $0, since: loop.now)
        }
    }

    private func handle(_ request: HTTPRequest, _ sequence: UInt32) -> Task<Void, Never> {
        let heldBytes = request.body.count
        loop.context.heldBodyBytes.add(heldBytes, ordering: .relaxed)
        return Task { [id, context = loop.context, mailbox = loop.mailbox] in
            let response = await context.handler(request)
            context.heldBodyBytes.subtract(heldBytes, ordering: .relaxed)
            mailbox.post(.answered(id, sequence: sequence, response))
        }
    }

    /// Answers in place of a handler, after the answers that are due before; then the connection ends.
    func refuse(_ refusal: HTTPRefusal) {
        guard phase == .serving else { return }
        loop.counters.refused.add(1, ordering: .relaxed)
        exchanges.append(
            Exchange(isHEAD: false, isHTTP10: false, closes: true, state: .ready(refusal.response)))
        phase = .finishing
    }

    /// A handler has answered.
    func take(_ response: HTTPResponse, sequence: UInt32) {
        guard let index = index(of: sequence) else { return }
        switch exchanges[index].state {
        case .waiting, .promised: exchanges[index].state = .ready(response)
        case .ready, .streaming: return
        }
        // Earlier answers must go first; they will take this one along.
        if index == 0 { becomeDue() }
    }

    /// The time of a promise is over.
    func answerLate() {
        guard case .promised(let reply, let promise, _) = exchanges.first?.state, reply.end() else { return }
        exchanges[0].state = .ready(promise.late())
    }

    private func index(of sequence: UInt32) -> Int? {
        let index = Int(sequence &- firstSequence)
        return index < exchanges.count ? index : nil
    }

    // MARK: From answers to bytes

    /// Moves answers to the socket's queue, in order, while the client keeps reading.
    func fillOutput() {
        while let first = exchanges.first, output.count < settings.maxUnsentBytes {
            guard case .ready(let response) = first.state else { return }
            write(response, first)
        }
    }

    private func write(_ handlers: HTTPResponse, _ exchange: Exchange) {
        let response = sendable(handlers)
        var framing = ResponseEncoder.framing(of: response, isHEAD: exchange.isHEAD)
        if framing == .chunked, exchange.isHTTP10 { framing = .untilClose }
        let asksToClose = response.headers["Connection"]?.equalsIgnoringASCIICase("close") ?? false
        let closes = exchange.closes || asksToClose || framing == .untilClose || isLastBeforeStop
        exchanges[0].closes = closes
        loop.counters.countAnswer(response.status)
        output.append { bytes in
            loop.encoder.appendHead(
                response, framing, isHTTP10: exchange.isHTTP10, closes: closes, to: &bytes)
        }
        switch (framing, response.body) {
        case (.length, .bytes(let bytes)) where !exchange.isHEAD && response.status != 205:
            output.append(bytes)
            complete()
        case (.chunked, .stream(let stream)), (.untilClose, .stream(let stream)):
            let pump = StreamPump(maxUnsentBytes: settings.maxUnsentBytes)
            exchanges[0].state = .streaming(pump, isChunked: framing == .chunked)
            pump.start(stream, to: loop.mailbox, id, sequence: firstSequence)
        default:
            // A stream that nobody wants is dropped here, which terminates its producer.
            complete()
        }
    }

    /// The handler's answer, or the one that is sent in its place.
    private func sendable(_ response: HTTPResponse) -> HTTPResponse {
        guard ResponseEncoder.isSendable(response) else {
            return .text(500, "The answer to this request cannot be put into HTTP.\n")
        }
        if loop.isStopping, case .stream = response.body {
            return .text(503, "The server is stopping.\n")
        }
        return response
    }

    /// While the server stops, the last answer says that no further request will be read.
    private var isLastBeforeStop: Bool {
        loop.isStopping && exchanges.count == 1 && !hasUnansweredInput
    }

    /// The first exchange is completely in the queue.
    private func complete() {
        let exchange = exchanges.removeFirst()
        firstSequence &+= 1
        clock.noteProgress(loop.now)
        guard exchange.closes else { return }
        phase = .finishing
        for later in exchanges { later.cancel() }
        exchanges = []
    }

    /// Returns false when the connection is broken.
    func flush() -> Bool {
        guard isWritable, !output.isEmpty else { return true }
        var sent = 0
        let progress = output.flush(descriptor, sent: &sent)
        loop.counters.bytesOut.add(sent, ordering: .relaxed)
        if sent > 0 { clock.noteProgress(loop.now) }
        if case .streaming(let pump, _) = exchanges.first?.state {
            pump.note(queued: output.count)
        }
        isWritable = progress == .all
        return progress != .broken
    }

    /// Tells the client to send the body, once all answers before are on their way
    /// (RFC 9110, section 10.1.1).
    func sendContinue() {
        guard parser.awaitsContinue, phase == .serving, exchanges.isEmpty, output.isEmpty else { return }
        parser.didContinue()
        clock.restartBody(loop.now)
        output.append { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
        if !flush() { abort() }
    }

    // MARK: Streams

    func takeChunk(_ bytes: [UInt8], sequence: UInt32) {
        guard sequence == firstSequence, case .streaming(let pump, let isChunked) = exchanges.first?.state
        else { return }
        if output.isEmpty { clock.noteProgress(loop.now) }
        if isChunked {
            output.append {
                $0.append(hexadecimal: bytes.count)
                $0.append("\r\n")
            }
        }
        output.append(bytes)
        if isChunked { output.append { $0.append("\r\n") } }
        pump.note(taken: bytes.count, queued: output.count)
        becomeDue()
    }

    /// A stream that did not come to its end is cut off, so that the client sees that there is a rest
    /// (RFC 9112, section 8).
    func endStream(sequence: UInt32, isComplete: Bool) {
        guard sequence == firstSequence, case .streaming(_, let isChunked) = exchanges.first?.state
        else { return }
        if isComplete, isChunked {
            output.append { $0.append("0\r\n\r\n") }
        } else if !isComplete {
            exchanges[0].closes = true
            // Without chunks, only a reset tells a broken end from the real one.
            if !isChunked { resetOnClose() }
        }
        complete()
        becomeDue()
    }

    private func resetOnClose() {
        var value = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        isReset = true
    }
}
