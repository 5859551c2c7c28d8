import Foundation
import Glibc

/// Opens a connection and closes it at once: whether something listens there.
struct TCPDial: Sendable {
    /// IPv4.
    let address: String
    let port: Int

    /// Nil when it was opened; else why not, in the words of Go's `net` package.
    func attempt(timeout: Duration) async -> String? {
        let failure = await withCheckedContinuation { continuation in
            // Waiting for the other side blocks, so it has a thread of its own.
            Thread.detachNewThread { continuation.resume(returning: connect(timeout)) }
        }
        return failure.map { "dial tcp \(address):\(port): \($0)" }
    }

    private func connect(_ timeout: Duration) -> String? {
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        guard inet_pton(AF_INET, address, &target.sin_addr) == 1 else { return "no IPv4 address" }
        let socket = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return Self.words(errno) }
        defer { close(socket) }
        let result = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return nil }
        guard errno == EINPROGRESS else { return Self.words(errno) }
        var waiting = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        let milliseconds =
            timeout.components.seconds * 1_000 + timeout.components.attoseconds / 1_000_000_000_000_000
        guard poll(&waiting, 1, Int32(clamping: milliseconds)) > 0 else { return "i/o timeout" }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size)
        return code == 0 ? nil : Self.words(code)
    }

    private static func words(_ code: Int32) -> String {
        "connect: " + String(cString: strerror(code)).lowercased()
    }
}
