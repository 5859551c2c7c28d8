import CLinux
import Glibc

/// Names a connection for as long as it lives: its place in the loop, and how often that place was used.
typealias ConnectionID = UInt64

/// One thread that serves connections: it waits for sockets, messages and deadlines, and never for
/// anything else. All that belongs to it is touched by that thread alone.
final class ServerLoop {
    private static let wakeID = ConnectionID.max
    private static let listenerID = ConnectionID.max - 1
    private static let maxAcceptsPerTurn = 64
    private static let maxEventsPerTurn = 512
    private static let readBytes = 64 << 10

    let context: ServerContext
    let counters: ServerCounters
    let mailbox: LoopMailbox
    /// Shared by all connections, so that an idle one holds no buffer.
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: readBytes)
    var encoder = ResponseEncoder()
    /// Monotonic; read once a turn.
    private(set) var now: UInt64 = 0
    private(set) var isStopping = false
    /// When a promise was made or kept last.
    private var lastPromise: UInt64 = 0

    private let poller: Poller
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: maxEventsPerTurn)
    /// Only the first loop accepts; it deals the connections out to all.
    private var listener: Int32?
    private let loops: [LoopMailbox]
    private var nextLoop = 0
    private var acceptAgainAt: UInt64?
    private var cutAt: UInt64?

    private var slots: [ServerConnection?] = []
    private var freeSlots: [Int] = []
    private var generation: UInt64 = 0
    private var deadlines = DeadlineQueue()
    /// Connections with something to do that no event will announce.
    private var due: [ConnectionID] = []
    private var messages: [LoopMessage] = []

    /// `mailbox` is this loop's own, `loops` are those of all loops.
    init(
        _ context: ServerContext, _ counters: ServerCounters, poller: Poller, mailbox: LoopMailbox,
        listener: Int32?, loops: [LoopMailbox]
    ) {
        self.context = context
        self.counters = counters
        self.poller = poller
        self.mailbox = mailbox
        self.listener = listener
        self.loops = loops
    }

    deinit {
        scratch.deallocate()
        events.deallocate()
    }

    /// Returns when the server was stopped and all connections are closed.
    func run() {
        _ = poller.watchReading(mailbox.wakeDescriptor, id: Self.wakeID)
        if let listener { _ = poller.watchReading(listener, id: Self.listenerID) }
        now = Self.clock()
        while !isStopping || freeSlots.count < slots.count { turn() }
        for message in mailbox.shutDown() {
            if case .adopt(let descriptor, _, _) = message { drop(descriptor) }
        }
    }

    private func turn() {
        let isWatchful = Self.clock() < lastPromise + context.watchfulNanoseconds
        let mayWait = due.isEmpty && !isWatchful && mailbox.fallAsleep()
        let count = poller.wait(milliseconds: mayWait ? waitMilliseconds() : 0, events)
        now = Self.clock()
        var wasWoken = false
        var mustAccept = false
        for index in 0..<count {
            let event = Poller.Event(events[index])
            switch event.id {
            case Self.wakeID: wasWoken = true
            case Self.listenerID: mustAccept = true
            default: connection(event.id)?.note(event)
            }
        }
        mailbox.wakeUp(wasWoken)
        if mustAccept { accept() }
        takeMessages()
        let ids = due
        due.removeAll(keepingCapacity: true)
        for id in ids { connection(id)?.advance() }
        passDeadlines()
    }

    private func waitMilliseconds() -> Int32 {
        let times = [deadlines.next, acceptAgainAt, cutAt].compactMap { $0 }
        guard let next = times.min() else { return -1 }
        let current = Self.clock()
        // Rounded up: waking just before a deadline would only mean to wait again.
        return next <= current ? 0 : Int32(min((next - current) / 1_000_000 + 1, 60_000))
    }

    static func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: Connections

    func connection(_ id: ConnectionID) -> ServerConnection? {
        let slot = Int(id & 0xFFFF_FFFF)
        guard slot < slots.count, let found = slots[slot], found.id == id else { return nil }
        return found
    }

    /// Closes the connection whose client has owed a request the longest: whoever holds many open and sends nothing, or
    /// a byte now and then, keeps nobody else away. Returns false when all are being served.
    private func makeRoom(for newcomer: ServerConnection? = nil) -> Bool {
        var longest: (since: UInt64, connection: ServerConnection)?
        for case let connection? in slots where connection !== newcomer {
            guard let since = connection.owesSince, since < longest?.since ?? .max else { continue }
            longest = (since, connection)
        }
        longest?.connection.abort()
        return longest != nil
    }

    func notePromise() { lastPromise = Self.clock() }

    /// Has the connection looked at before this turn or the next ends.
    func makeDue(_ id: ConnectionID) { due.append(id) }

    func wake(_ id: ConnectionID, at nanoseconds: UInt64) { deadlines.insert(nanoseconds, id) }

    /// Closes the connection's socket and forgets it.
    func remove(_ connection: ServerConnection) {
        let slot = Int(connection.id & 0xFFFF_FFFF)
        slots[slot] = nil
        freeSlots.append(slot)
        drop(connection.descriptor)
    }

    private func drop(_ descriptor: Int32) {
        close(descriptor)
        context.openConnections.subtract(1, ordering: .relaxed)
    }

    private func adopt(_ descriptor: Int32, _ peer: String, _ refusal: HTTPRefusal?) {
        guard !isStopping else { return drop(descriptor) }
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(nil) }
        generation = (generation + 1) & 0x7FFF_FFFF
        let connection = ServerConnection(
            descriptor, id: generation << 32 | UInt64(slot), peer: peer, loop: self)
        slots[slot] = connection
        counters.accepted.add(1, ordering: .relaxed)
        guard poller.watchChanges(descriptor, id: connection.id) else { return remove(connection) }
        if let refusal, !makeRoom(for: connection) { connection.refuse(refusal) }
        connection.advance()
    }

    // MARK: Accepting

    private func accept() {
        guard let listener else { return }
        for _ in 0..<Self.maxAcceptsPerTurn {
            switch context.accept(listener) {
            case .connection(let descriptor, let peer): deal(descriptor, peer)
            case .nothing: return
            case .exhausted:
                poller.unwatch(listener)
                acceptAgainAt = now + UInt64(context.settings.acceptPauseMilliseconds) * 1_000_000
                return
            }
        }
    }

    private func deal(_ descriptor: Int32, _ peer: String) {
        let room = context.room
        let open = context.openConnections.add(1, ordering: .relaxed).newValue
        // The other loops may not yet have made the room that they can.
        if open > room.maxConnections + room.maxRefusedConnections, !makeRoom() {
            sendLastWords(descriptor)
            return drop(descriptor)
        }
        let refusal: HTTPRefusal? = open > room.maxConnections ? .tooManyConnections : nil
        nextLoop = (nextLoop + 1) % loops.count
        if loops[nextLoop] === mailbox {
            adopt(descriptor, peer, refusal)
        } else if !loops[nextLoop].post(.adopt(descriptor: descriptor, peer: peer, refusal: refusal)) {
            drop(descriptor)
        }
    }

    /// Too busy even to wait until the refusal is read: a new socket's buffer takes it whole.
    private func sendLastWords(_ descriptor: Int32) {
        let refusal = HTTPRefusal.tooManyConnections
        var bytes: [UInt8] = []
        let body = Array((refusal.reason + "\n").utf8)
        encoder.appendHead(refusal.response, .length(body.count), closes: true, to: &bytes)
        bytes += body
        send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        counters.refused.add(1, ordering: .relaxed)
        counters.countAnswer(refusal.status)
    }

    // MARK: Messages and deadlines

    private func takeMessages() {
        mailbox.take(into: &messages)
        for message in messages {
            switch message {
            case .adopt(let descriptor, let peer, let refusal): adopt(descriptor, peer, refusal)
            case .answered(let id, let sequence, let response):
                connection(id)?.take(response, sequence: sequence)
            case .promiseKept(let id, let sequence, let response):
                notePromise()
                connection(id)?.take(response(), sequence: sequence)
            case .chunk(let id, let sequence, let bytes):
                connection(id)?.takeChunk(bytes, sequence: sequence)
            case .streamEnded(let id, let sequence, let isComplete):
                connection(id)?.endStream(sequence: sequence, isComplete: isComplete)
            case .stop(let graceNanoseconds): stop(graceNanoseconds)
            }
        }
        messages.removeAll(keepingCapacity: true)
    }

    private func stop(_ graceNanoseconds: UInt64) {
        cutAt = min(cutAt ?? .max, now.addingReportingOverflow(graceNanoseconds).partialValue)
        guard !isStopping else { return }
        isStopping = true
        if let listener { close(listener) }
        listener = nil
        acceptAgainAt = nil
        for connection in slots { connection?.stop() }
    }

    private func passDeadlines() {
        while let entry = deadlines.pop(until: now) {
            connection(entry.id)?.passDeadline(entry.nanoseconds)
        }
        if let time = acceptAgainAt, time <= now, let listener {
            acceptAgainAt = nil
            _ = poller.watchReading(listener, id: Self.listenerID)
        }
        if let time = cutAt, time <= now {
            for connection in slots { connection?.abort() }
        }
    }
}
