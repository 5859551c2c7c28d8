import CLinux
import Foundation
import TestSupport

struct GeneratorSettings: Sendable {
    let port: Int
    let connections: Int
    /// What a good answer's body has; empty for any.
    let mark: String
}

/// One thread of a run, with connections of its own.
struct GeneratorThread {
    static let maxSilenceSeconds = 20

    private struct Connection {
        let descriptor: Int32
        /// When its request was due.
        var since: UInt64 = 0
        var received: [UInt8] = []
    }

    private let settings: GeneratorSettings
    private let feed: RequestFeed
    private let poller: Int32
    private var connections: [Connection] = []
    private var idle: [Int] = []
    /// Taken from the feed, and not due yet.
    private var next: (range: Range<Int>, due: UInt64)?
    private var isAllSent = false
    private var outcome = LoadOutcome()
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ settings: GeneratorSettings, _ feed: RequestFeed) throws {
        self.settings = settings
        self.feed = feed
        poller = epoll_create1(Int32(EPOLL_CLOEXEC))
        for index in 0..<settings.connections {
            let descriptor = try Self.connect(to: settings.port)
            var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: UInt64(index)))
            guard epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw POSIXError(.EMFILE) }
            connections.append(Connection(descriptor: descriptor))
            idle.append(index)
        }
    }

    func close() {
        for connection in connections { Glibc.close(connection.descriptor) }
        Glibc.close(poller)
    }

    /// - Throws: when nobody listens there.
    static func connect(to port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let sentence = "nobody listens at port \(port): error \(errno)"
            Glibc.close(descriptor)
            throw TestFailure(sentence)
        }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    /// Nanoseconds on a clock that is never set.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    mutating func run() throws -> LoadOutcome {
        let start = Self.now
        var lastAnswer = start
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            let pause = try sendWhatIsDue()
            let waiting = connections.count - idle.count
            if isAllSent, waiting == 0 { break }
            let count = Int(epoll_wait(poller, &events, Int32(events.count), pause))
            for event in events.prefix(max(0, count)) { try receive(Int(event.data.u64)) }
            let now = Self.now
            if count > 0 || waiting == 0 { lastAnswer = now }
            if now - lastAnswer > UInt64(Self.maxSilenceSeconds) * 1_000_000_000 {
                throw TestFailure("\(waiting) requests are not answered")
            }
        }
        outcome.nanoseconds = lastAnswer - start
        return outcome
    }

    /// - Returns: for how many milliseconds nothing else is to send. A due time within a millisecond is waited for with
    ///   open eyes.
    private mutating func sendWhatIsDue() throws -> Int32 {
        let untilAnswer: Int32 = 1_000
        while !isAllSent, let index = idle.last {
            let now = Self.now
            guard now < feed.end, let request = next ?? feed.next() else {
                isAllSent = true
                break
            }
            next = request
            if request.due > now { return min(untilAnswer, Int32((request.due - now) / 1_000_000)) }
            next = nil
            idle.removeLast()
            connections[index].since = request.due == 0 ? now : request.due
            try send(request.range, to: connections[index].descriptor)
        }
        return untilAnswer
    }

    private func send(_ range: Range<Int>, to descriptor: Int32) throws {
        let sent = feed.requests.bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress?.advanced(by: range.lowerBound), range.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == range.count else { throw TestFailure("a request could not be sent: error \(errno)") }
    }

    private mutating func receive(_ index: Int) throws {
        let count = recv(connections[index].descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw TestFailure("the server closed a connection") }
        connections[index].received += buffer[..<count]
        guard let answer = ReceivedAnswer(connections[index].received) else { return }
        outcome.waits.append(Self.now - connections[index].since)
        if !answer.isGood(settings.mark) {
            outcome.refused += 1
            outcome.refusal = outcome.refusal ?? String(decoding: connections[index].received, as: UTF8.self)
        }
        connections[index].received.removeAll(keepingCapacity: true)
        idle.append(index)
    }
}
