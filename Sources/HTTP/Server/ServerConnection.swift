import Glibc

/// One client's connection, on its event loop's thread: bytes in, requests out to handlers, answers back
/// in the order of the requests (RFC 9112, section 9.3.2).
///
/// `advance` does whatever can be done now; everything else only notes what has become possible.
final class ServerConnection {
    enum Phase {
        case serving
        /// No further request is read; the answers still under way are the last.
        case finishing
        /// All is sent. What the client still sends is read and dropped, since closing now would
        /// destroy the answer on its way (RFC 9112, section 9.6).
        case lingering
        case closed
    }

    /// So that one busy client does not keep its neighbours waiting.
    private static let maxReadsPerTurn = 16

    let descriptor: Int32
    let id: ConnectionID
    let peer: String
    unowned let loop: ServerLoop

    var phase = Phase.serving
    var parser: RequestParser
    /// Bytes read but not parsed: the beginning of a request, or requests past the limit in flight.
    private var carry: [UInt8] = []
    /// Whether the parser has seen the carried bytes and wants more.
    private var isCarryStalled = false
    private var isReadable = true
    var isWritable = true
    /// Whether the peer has ended its sending side.
    private(set) var isHalfClosed = false

    /// In the order of the requests; the first has the number `firstSequence`.
    var exchanges: [Exchange] = []
    var firstSequence: UInt32 = 0
    var output = OutputQueue()
    var clock: ConnectionClock
    /// Whether closing must look like a failure to the client.
    var isReset = false
    private var reportedBodyBytes = 0
    private var isDue = false

    var settings: HTTPServerSettings { loop.context.settings }

    init(_ descriptor: Int32, id: ConnectionID, peer: String, loop: ServerLoop) {
        self.descriptor = descriptor
        self.id = id
        self.peer = peer
        self.loop = loop
        parser = RequestParser(loop.context.settings)
        clock = ConnectionClock(now: loop.now)
    }

    /// Takes in what epoll reports.
    func note(_ event: Poller.Event) {
        if event.isBroken, phase != .closed {
            return abort()
        }
        if event.isReadable { isReadable = true }
        if event.isWritable { isWritable = true }
        if event.isHalfClosed { noteHalfClose() }
        becomeDue()
    }

    /// Has `advance` called before the loop waits again.
    func becomeDue() {
        guard !isDue else { return }
        isDue = true
        loop.makeDue(id)
    }

    private func noteHalfClose() {
        guard !isHalfClosed else { return }
        isHalfClosed = true
        clock.noteProgress(loop.now)
    }

    /// Whether a request has begun to come that is not in `exchanges` yet.
    var hasUnansweredInput: Bool { parser.stage != .idle || !carry.isEmpty }

    func advance() {
        isDue = false
        guard phase != .closed else { return }
        var reads = Self.maxReadsPerTurn
        repeat {
            takeInput(&reads)
            // The descriptor's number may be another connection's already.
            guard phase != .closed else { return }
            fillOutput()
            guard flush() else { return abort() }
        } while phase == .serving && mayTakeRequest && hasInput && reads > 0
        if hasInput, reads == 0 { becomeDue() }
        sendContinue()
        finishIfDone()
        schedule()
    }

    // MARK: Input

    private var hasInput: Bool { isReadable || (!carry.isEmpty && !isCarryStalled) }

    /// Reading pauses while enough requests are in flight, those included whose answers are not read.
    private var mayTakeRequest: Bool {
        phase == .serving && exchanges.count < settings.maxPipelinedRequests
    }

    private func takeInput(_ reads: inout Int) {
        while reads > 0 {
            if phase == .lingering {
                guard isReadable, let count = read(&reads) else { return }
                if count == 0 { return close() }
            } else if mayTakeRequest, !carry.isEmpty, !isCarryStalled {
                parseCarry()
            } else if mayTakeRequest, isReadable {
                guard let count = read(&reads) else { return }
                if count == 0 { return endInput() }
                parse(count)
            } else {
                return
            }
        }
    }

    /// Returns how many bytes now stand in the loop's buffer, 0 at the end, nil when there is nothing.
    private func read(_ reads: inout Int) -> Int? {
        reads -= 1
        let count = recv(descriptor, loop.scratch.baseAddress, loop.scratch.count, 0)
        if count < 0 {
            if errno == EINTR { return nil }
            isReadable = false
            if errno != EAGAIN { abort() }
            return nil
        }
        loop.counters.bytesIn.add(count, ordering: .relaxed)
        // A short read has emptied the socket (epoll(7)); only the end can still be behind it.
        if count < loop.scratch.count, !isHalfClosed { isReadable = false }
        return count
    }

    private func parse(_ count: Int) {
        let bytes = UnsafeBufferPointer(rebasing: loop.scratch[..<count])
        if carry.isEmpty {
            let taken = parse(bytes.span)
            if taken < count, phase == .serving { carry = Array(bytes[taken...]) }
        } else {
            carry.append(contentsOf: bytes)
            parseCarry()
        }
    }

    private func parseCarry() {
        var bytes: [UInt8] = []
        swap(&bytes, &carry)
        let taken = parse(bytes.span)
        guard taken < bytes.count, phase == .serving else { return }
        bytes.removeFirst(taken)
        carry = bytes
    }

    /// Starts all requests that are complete, as far as the limit allows. Returns how many bytes it took.
    private func parse(_ input: Span<UInt8>) -> Int {
        var position = 0
        isCarryStalled = false
        while mayTakeRequest, !isCarryStalled {
            switch parser.parse(input, from: &position) {
            case .needMore: isCarryStalled = true
            case .request(let request): begin(request)
            case .refused(let refusal): refuse(refusal)
            }
        }
        reportBodyBytes()
        clock.note(parser.stage, loop.now)
        return position
    }

    /// Keeps all connections' unfinished bodies together under one limit.
    private func reportBodyBytes() {
        let held = phase == .serving ? parser.bodyBytes : 0
        guard held != reportedBodyBytes else { return }
        let total = loop.context.heldBodyBytes.add(held - reportedBodyBytes, ordering: .relaxed).newValue
        let isGrowing = held > reportedBodyBytes
        reportedBodyBytes = held
        guard isGrowing, total > settings.maxTotalBodyBytes else { return }
        refuse(.tooManyBodyBytes)
        reportBodyBytes()
    }

    private func endInput() {
        noteHalfClose()
        isReadable = false
        if parser.stage != .idle {
            refuse(.cutShort)
        } else {
            phase = .finishing
        }
    }

    // MARK: The end

    /// Idle connections close at once and streams are cut; the rest ends with its next answer.
    func stop() {
        advance()
        if case .streaming = exchanges.first?.state { return abort() }
        if phase == .serving, exchanges.isEmpty, output.isEmpty, !hasUnansweredInput { close() }
    }

    /// Ends all work for this connection and closes it without waiting for anything.
    func abort() {
        guard phase != .closed else { return }
        for exchange in exchanges { exchange.cancel() }
        exchanges = []
        close()
    }

    private func finishIfDone() {
        guard phase == .finishing, exchanges.isEmpty, output.isEmpty else { return }
        if isHalfClosed || isReset { return close() }
        shutdown(descriptor, Int32(SHUT_WR))
        phase = .lingering
        carry = []
        clock.beginLinger(loop.now)
        // What has already come would not be announced again.
        if isReadable { becomeDue() }
    }

    private func close() {
        guard phase != .closed else { return }
        phase = .closed
        reportBodyBytes()
        loop.remove(self)
    }
}
