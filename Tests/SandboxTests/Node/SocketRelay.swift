import Foundation
import Synchronization

/// A Unix socket that passes everything on to another one, until it is cut: an engine that can go away
/// without anybody else's going with it. Each direction of each connection has a thread, since reading
/// blocks.
final class SocketRelay: Sendable {
    let path: String
    private let target: String
    private struct State {
        var listener: Int32 = -1
        var connections: Set<Int32> = []
    }
    private let state = Mutex(State())

    init(target: String) {
        self.target = target
        let name = "relay-\(UUID().uuidString.prefix(8)).sock"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
    }

    func open() throws {
        unlink(path)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = Self.withAddress(path) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, listen(listener, 64) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
        state.withLock { $0.listener = listener }
        Thread.detachNewThread { self.accept(on: listener) }
    }

    /// Ends all connections and takes no new ones.
    func cut() {
        unlink(path)
        let (listener, connections) = state.withLock { state in
            defer { state = State() }
            return (state.listener, state.connections)
        }
        if listener >= 0 {
            shutdown(listener, Int32(SHUT_RDWR))
            close(listener)
        }
        // Closed by the threads that read from them.
        for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    private func accept(on listener: Int32) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
                close(client)
                close(server)
                continue
            }
            let isOpen = state.withLock { state in
                guard state.listener == listener else { return false }
                state.connections.formUnion([client, server])
                return true
            }
            guard isOpen else {
                close(client)
                close(server)
                return
            }
            let shared = SharedEnds(client: client, server: server, relay: self)
            for (from, to) in [(client, server), (server, client)] {
                Thread.detachNewThread { shared.copy(from: from, to: to) }
            }
        }
    }

    fileprivate func forget(_ connections: Set<Int32>) {
        state.withLock { $0.connections.subtract(connections) }
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1))
        }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Both ends of a relayed connection; closed when both directions have ended.
private final class SharedEnds: Sendable {
    private let client: Int32
    private let server: Int32
    private let relay: SocketRelay
    private let ended = Mutex(0)

    init(client: Int32, server: Int32, relay: SocketRelay) {
        (self.client, self.server, self.relay) = (client, server, relay)
    }

    func copy(from: Int32, to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        copying: while true {
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let step = buffer[sent..<count].withUnsafeBytes {
                    send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard step > 0 else { break copying }
                sent += step
            }
        }
        shutdown(to, Int32(SHUT_WR))
        let isLast = ended.withLock { count in
            count += 1
            return count == 2
        }
        guard isLast else { return }
        relay.forget([client, server])
        close(client)
        close(server)
    }
}
