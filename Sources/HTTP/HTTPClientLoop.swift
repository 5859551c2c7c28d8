import CCurl

/// Drives the transfers of one client, on its thread.
final class HTTPClientLoop {
    private let multi: UnsafeMutableRawPointer
    private let engine: HTTPClientEngine
    private let clock = ContinuousClock()
    private let sockets = HTTPClientSockets()
    private let vigil = HTTPClientVigil()
    private var transfers: [UnsafeMutableRawPointer: HTTPClientTransfer] = [:]

    init(multi: UnsafeMutableRawPointer, engine: HTTPClientEngine) {
        self.multi = multi
        self.engine = engine
    }

    var isIdle: Bool { transfers.isEmpty }

    /// Obeys, and moves all transfers on.
    func step(_ commands: [HTTPClientEngine.Command]) {
        for command in commands { obey(command) }
        if !commands.isEmpty { vigil.begin() }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        finishDoneTransfers()
        finishLateTransfers()
    }

    /// Until bytes, a command, the next deadline or the next look comes.
    func wait() {
        let look = Duration.milliseconds(vigil.millisecondsToNextLook)
        let start = clock.now
        var ready: Int32 = 0
        curl_multi_poll(multi, nil, 0, millisecondsToWait(), &ready)
        // Who is woken before the time has work, if only for a timer of libcurl's own.
        if ready > 0 || start.duration(to: clock.now) < look { vigil.begin() } else { vigil.goOn() }
    }

    private func obey(_ command: HTTPClientEngine.Command) {
        switch command {
        case .start(let request, let ticket, let sink):
            start(request, ticket, sink)
        case .cancel(let ticket):
            if let transfer = find(ticket) { finish(transfer, .cancelled) }
        case .resume(let ticket):
            if let transfer = find(ticket) { curl_easy_pause(transfer.easy, CURLPAUSE_CONT) }
        }
    }

    private func find(_ ticket: HTTPClientTicket) -> HTTPClientTransfer? {
        transfers.values.first { $0.ticket === ticket }
    }

    private func start(_ request: HTTPClientRequest, _ ticket: HTTPClientTicket, _ sink: HTTPClientSink) {
        if ticket.isCancelled { return sink.fail(.cancelled) }
        guard let easy = curl_easy_init() else { return sink.fail(.broken(reason: "out of memory")) }
        let transfer = HTTPClientTransfer(
            easy: easy, request: request, ticket: ticket, sink: sink, engine: engine, vigil: vigil,
            deadline: clock.now + request.timeout)
        if let problem = transfer.prepare(sockets) {
            transfer.finish(problem)
            return
        }
        guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
            transfer.finish(.broken(reason: "libcurl refused the transfer"))
            return
        }
        transfers[easy] = transfer
    }

    private func finishDoneTransfers() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = transfers[easy]
            else { continue }
            finish(transfer, transfer.verdict(message.pointee.data.result))
        }
    }

    private func finishLateTransfers() {
        let now = clock.now
        for transfer in transfers.values {
            guard let deadline = transfer.deadline, deadline <= now else { continue }
            sockets.leave(localPort: transfer.localPort, silentFor: transfer.request.timeout)
            finish(transfer, .timedOut)
        }
    }

    private func finish(_ transfer: HTTPClientTransfer, _ error: HTTPClientError?) {
        transfers[transfer.easy] = nil
        curl_multi_remove_handle(multi, transfer.easy)
        transfer.finish(error)
    }

    private func millisecondsToWait() -> Int32 {
        let longest = Duration.milliseconds(vigil.millisecondsToNextLook)
        let next = transfers.values.compactMap(\.deadline).min()
        let left = next.map { clock.now.duration(to: $0) } ?? longest
        // A deadline is rounded up, so that its moment has come when the wait is over.
        return left < longest ? Int32(max(left, .zero) / .milliseconds(1)) + 1 : vigil.millisecondsToNextLook
    }
}
