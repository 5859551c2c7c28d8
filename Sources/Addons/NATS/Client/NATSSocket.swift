import Foundation
import Glibc

/// A TCP connection for one thread, which may block on it: no wait is longer than its deadline.
final class NATSSocket {
    private static let maxReadBytes = 64 << 10
    private let number: Int32
    private let interrupt: NATSInterrupt

    /// Connects to the first of the host's addresses that takes it.
    init(to address: NATSAddress, deadline: ContinuousClock.Instant, _ interrupt: NATSInterrupt) throws(NATSError) {
        self.interrupt = interrupt
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, String(address.port), &hints, &found)
        guard code == 0 else { throw .unreachable("its name is not known: \(String(cString: gai_strerror(code)))") }
        defer { freeaddrinfo(found) }
        number = try Self.connectToAny(of: found, deadline, interrupt)
    }

    deinit { close(number) }

    func send(_ bytes: [UInt8], deadline: ContinuousClock.Instant) throws(NATSError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Without MSG_NOSIGNAL, a server that went away would end this program.
            let count = rest.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                try Self.wait(for: POLLOUT, number, deadline, interrupt)
            } else if errno != EINTR {
                throw .unreachable(Self.words(errno))
            }
        }
    }

    /// - Returns: at least one byte.
    func receive(deadline: ContinuousClock.Instant) throws(NATSError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Self.maxReadBytes)
        while true {
            try Self.wait(for: POLLIN, number, deadline, interrupt)
            let count = recv(number, &buffer, buffer.count, 0)
            if count > 0 { return Array(buffer.prefix(count)) }
            if count == 0 { throw .unreachable("it closed the connection") }
            if errno != EAGAIN, errno != EINTR { throw .unreachable(Self.words(errno)) }
        }
    }

    // MARK: One address

    private static func connectToAny(
        of addresses: UnsafeMutablePointer<addrinfo>?, _ deadline: ContinuousClock.Instant, _ interrupt: NATSInterrupt
    ) throws(NATSError) -> Int32 {
        var last = NATSError.unreachable("it has no address")
        var entry = addresses
        while let info = entry?.pointee {
            entry = info.ai_next
            do throws(NATSError) { return try connect(info, deadline, interrupt) } catch {
                if error == .cancelled { throw error }
                last = error
            }
        }
        throw last
    }

    private static func connect(
        _ info: addrinfo, _ deadline: ContinuousClock.Instant, _ interrupt: NATSInterrupt
    ) throws(NATSError) -> Int32 {
        let number = socket(info.ai_family, info.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw .unreachable(words(errno)) }
        do throws(NATSError) {
            if Glibc.connect(number, info.ai_addr, info.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw .unreachable(words(errno)) }
                try wait(for: POLLOUT, number, deadline, interrupt)
                var code: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size)
                guard code == 0 else { throw .unreachable(words(code)) }
            }
        } catch {
            close(number)
            throw error
        }
        // Small packets go at once: most of what we send waits for an answer.
        var yes: Int32 = 1
        setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return number
    }

    private static func wait(
        for event: Int32, _ number: Int32, _ deadline: ContinuousClock.Instant, _ interrupt: NATSInterrupt
    ) throws(NATSError) {
        while true {
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { throw .unreachable("it does not answer in time") }
            var entries = [
                pollfd(fd: number, events: Int16(event), revents: 0),
                pollfd(fd: interrupt.number, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&entries, nfds_t(entries.count), Int32(min(left.rounded(.up), 60_000)))
            if count < 0, errno != EINTR { throw .unreachable(words(errno)) }
            if entries[1].revents != 0 { throw .cancelled }
            if entries[0].revents != 0 { return }
        }
    }

    private static func words(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
