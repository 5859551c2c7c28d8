import Foundation
import Subprocess
import Synchronization

/// A real HTTP/2 server over TLS (nghttp2's `nghttpx`) in front of a plain HTTP/1.1 server of the test's, behind a relay
/// that counts connections, and cuts or freezes them.
package final class HTTP2FrontEnd: Sendable {
    /// What clients trust; the certificate is for `cats.example` and 127.0.0.1.
    package let authorityPEM: String
    package let relay: Relay
    private let program: RunningProgram

    package var address: String { relay.address }

    /// - Parameters:
    ///   - directory: for its socket, key and log.
    ///   - protocols: offered in the handshake.
    ///   - clientAuthority: a PEM file; clients must show a certificate of this authority.
    ///   - maxStreams: on one connection.
    package init(
        backendPort: Int, directory: URL, protocols: String = "h2,http/1.1", clientAuthority: String? = nil,
        maxStreams: Int = 1_000
    ) async throws {
        let path = { (name: String) in directory.appending(path: name).path }
        let certificates = TestCertificates(in: directory)
        try await certificates.make("front", for: "DNS:cats.example,IP:127.0.0.1")
        authorityPEM = try certificates.text("front.pem")
        let socket = path("front.sock")
        var arguments = [
            "--conf=/dev/null", "--frontend=unix:\(socket)", "--backend=127.0.0.1,\(backendPort)", "--workers=1",
            "--single-process", "--no-ocsp", "--frontend-http2-max-concurrent-streams=\(maxStreams)",
            "--npn-list=\(protocols)", "--backend-read-timeout=600", "--errorlog-file=/dev/stderr",
        ]
        if let clientAuthority { arguments += ["--verify-client", "--verify-client-cacert=\(clientAuthority)"] }
        program = try Self.start(arguments + [path("front.key"), path("front.pem")], logFile: path("front.log"))
        relay = try Relay(to: socket)
        let deadline = ContinuousClock.now + .seconds(10)
        // The file alone is no sign: it is there before anybody listens.
        while !Relay.answers(socket) {
            guard program.isRunning, ContinuousClock.now < deadline else { throw TestFailure("nghttpx did not start") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func start(_ arguments: [String], logFile: String) throws -> RunningProgram {
        do {
            return try RunningProgram("nghttpx", arguments, logFile: logFile)
        } catch ProgramError.notFound {
            throw TestFailure("no nghttpx program; `.ci/prepare` installs it (nghttp2-proxy)")
        }
    }

    /// Tells clients to go away (GOAWAY), finishes what it is answering, and ends.
    package func stop() async {
        relay.stop()
        await program.terminate(grace: .zero)
    }

    /// Passes bytes on, both ways, from a TCP port to a Unix socket.
    package final class Relay: Sendable {
        package let address: String
        private let peer: ClientPeer
        private let state: State

        private final class State: Sendable {
            struct Values {
                var open: Set<Int32> = []
                var frozen: Set<Int32> = []
            }
            let values = Mutex(Values())
        }

        init(to socket: String) throws {
            let state = State()
            self.state = state
            peer = try ClientPeer { connection in
                let inner = try Relay.connect(socket)
                var yes: Int32 = 1
                setsockopt(
                    connection.number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                state.values.withLock { $0.open.formUnion([connection.number, inner]) }
                let isBack = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    Relay.pump(inner, connection.number, state)
                    isBack.signal()
                }
                Relay.pump(connection.number, inner, state)
                // A number that is closed may be the next connection's at once, which is not to be shut.
                isBack.wait()
                state.values.withLock { values in
                    values.open.subtract([connection.number, inner])
                    values.frozen.subtract([connection.number, inner])
                }
                Glibc.close(inner)
            }
            address = peer.address
        }

        /// How many connections there have been.
        package var connections: Int { peer.connections }

        /// Cuts all connections, as a server does that is killed.
        package func cut() {
            state.values.withLock { values in
                for number in values.open { shutdown(number, Int32(SHUT_RDWR)) }
            }
        }

        /// From now on nothing more passes on the connections that there are: as when a machine has vanished. New ones
        /// work.
        package func freeze() {
            state.values.withLock { $0.frozen = $0.open }
        }

        package func stop() {
            peer.stop()
            cut()
        }

        static func answers(_ path: String) -> Bool {
            guard let number = try? connect(path) else { return false }
            Glibc.close(number)
            return true
        }

        private static func connect(_ path: String) throws -> Int32 {
            let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
            let result = withUnsafeBytes(of: &name) {
                Glibc.connect(
                    number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(MemoryLayout<sockaddr_un>.size))
            }
            guard result == 0 else {
                Glibc.close(number)
                throw POSIXError(.ECONNREFUSED)
            }
            return number
        }

        private static func pump(_ from: Int32, _ to: Int32, _ state: State) {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            loop: while true {
                let count = recv(from, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                // What comes is swallowed without a sign, as by a machine that is gone.
                if state.values.withLock({ $0.frozen.contains(from) }) { continue }
                var sent = 0
                while sent < count {
                    let done = buffer.withUnsafeBytes {
                        send(to, $0.baseAddress?.advanced(by: sent), count - sent, Int32(MSG_NOSIGNAL))
                    }
                    guard done > 0 else { break loop }
                    sent += done
                }
            }
            shutdown(from, Int32(SHUT_RDWR))
            shutdown(to, Int32(SHUT_RDWR))
        }
    }
}
