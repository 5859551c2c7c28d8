import CLinux
import Foundation
import TestSupport

/// Sends requests over keep-alive connections from one thread, with epoll, and notes how long each answer took.
///
/// It runs in the process that measures: what it costs weighs on all servers alike.
struct LoadGenerator {
    enum Pace {
        /// Each connection sends its next request when it has its answer.
        case asFastAsAnswered
        /// So many in a second, whether the ones before were answered or not; the wait counts from the time at which
        /// the request was due.
        case perSecond(Int)
    }

    struct Outcome: Sendable {
        /// Nanoseconds, in the order of the answers.
        var waits: [UInt64] = []
        var nanoseconds: UInt64 = 0
        /// Answers with another status than 200, or without what they shall say.
        var refused = 0
        /// The first of them.
        var refusal: String?

        var perSecond: Double { Double(waits.count) / (Double(nanoseconds) / 1e9) }

        /// In milliseconds.
        func percentile(_ percent: Double) -> Double {
            let sorted = waits.sorted()
            guard !sorted.isEmpty else { return 0 }
            return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))]) / 1e6
        }
    }

    let port: Int
    let connections: Int
    var pace = Pace.asFastAsAnswered
    /// What a good answer's body has; empty for any.
    var mark = ""

    /// - Throws: when the server closes a connection or does not answer for `silenceSeconds`.
    func run(_ requests: CommandRequests) throws -> Outcome {
        var run = try GeneratorRun(self, requests)
        defer { run.close() }
        return try run.run()
    }

    static let silenceSeconds = 20
}

/// One run of it.
private struct GeneratorRun {
    private struct Connection {
        let descriptor: Int32
        /// When its request was due; 0 while it has none.
        var since: UInt64 = 0
        var received: [UInt8] = []
    }

    private let generator: LoadGenerator
    private let requests: CommandRequests
    private let poller: Int32
    private var connections: [Connection] = []
    private var idle: [Int] = []
    private var next = 0
    private var outcome = LoadGenerator.Outcome()
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ generator: LoadGenerator, _ requests: CommandRequests) throws {
        self.generator = generator
        self.requests = requests
        poller = epoll_create1(Int32(EPOLL_CLOEXEC))
        outcome.waits.reserveCapacity(requests.count)
        for index in 0..<generator.connections {
            let descriptor = try Self.connect(to: generator.port)
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

    private static func connect(to port: Int) throws -> Int32 {
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
        guard result == 0 else { throw TestFailure("nobody listens at port \(port): error \(errno)") }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    mutating func run() throws -> LoadGenerator.Outcome {
        let start = Self.now
        var lastAnswer = start
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while outcome.waits.count < requests.count {
            let pause = try sendWhatIsDue(start)
            let count = Int(epoll_wait(poller, &events, Int32(events.count), pause))
            for event in events.prefix(max(0, count)) { try receive(Int(event.data.u64)) }
            let now = Self.now
            if count > 0 { lastAnswer = now }
            if next > outcome.waits.count, now - lastAnswer > UInt64(LoadGenerator.silenceSeconds) * 1_000_000_000 {
                throw TestFailure("\(next - outcome.waits.count) requests are not answered")
            }
        }
        outcome.nanoseconds = Self.now - start
        return outcome
    }

    /// - Returns: for how many milliseconds nothing else is to send; -1 until an answer comes. A due time within a
    ///   millisecond is waited for with open eyes.
    private mutating func sendWhatIsDue(_ start: UInt64) throws -> Int32 {
        while next < requests.count {
            let now = Self.now
            var due = now
            if case .perSecond(let rate) = generator.pace {
                due = start + UInt64(next) * 1_000_000_000 / UInt64(rate)
                if due > now { return Int32((due - now) / 1_000_000) }
            }
            guard let index = idle.popLast() else { break }
            try send(on: index, since: due)
        }
        return 1_000
    }

    private mutating func send(on index: Int, since due: UInt64) throws {
        let range = requests.offsets[next]..<requests.offsets[next + 1]
        next += 1
        connections[index].since = due
        let descriptor = connections[index].descriptor
        let sent = requests.bytes.withUnsafeBytes {
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
        if !answer.isGood(generator.mark) {
            outcome.refused += 1
            outcome.refusal = outcome.refusal ?? String(decoding: connections[index].received, as: UTF8.self)
        }
        connections[index].received.removeAll(keepingCapacity: true)
        idle.append(index)
    }
}
