import Foundation
import Synchronization

/// Passes connections on to the engine's socket until it is cut: an engine that goes away.
final class SocketProxy: Sendable {
    private struct State {
        var listener: Int32
        var connections: [Int32] = []
        var isCut = false
    }

    let path: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - path: of the new socket.
    ///   - target: the engine's.
    init(_ path: String, to target: String) throws {
        self.path = path
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let isListening = Self.withAddress(path) { bind(listener, $0, $1) == 0 && listen(listener, 50) == 0 }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        state = Mutex(State(listener: listener))
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                let engine = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
                let isConnected = Self.withAddress(target) { connect(engine, $0, $1) == 0 }
                let isKept = state.withLock { state in
                    state.connections += [client, engine]
                    return isConnected && !state.isCut
                }
                guard isKept else { return cut() }
                for (from, to) in [(client, engine), (engine, client)] {
                    Thread.detachNewThread { Self.pump(from, to) }
                }
            }
        }
    }

    /// Ends all connections and takes no more. Sockets stay open until the test process ends: their numbers
    /// must not be given to others while threads still use them.
    func cut() {
        unlink(path)
        state.withLock { state in
            state.isCut = true
            shutdown(state.listener, Int32(SHUT_RDWR))
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    /// Ends the connections that there are; the next one is passed on.
    func breakOff() {
        state.withLock { state in
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private static func pump(_ from: Int32, _ to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(from, &buffer, buffer.count)
            guard count > 0 else { break }
            var rest = buffer[..<count]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard sent > 0 else { return }
                rest = rest.dropFirst(sent)
            }
        }
        shutdown(to, Int32(SHUT_WR))
    }

    private static func withAddress<T>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
