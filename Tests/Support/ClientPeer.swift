import Foundation
import Synchronization

/// The other end of a client's connection: a plain socket whose every byte the test decides on.
package final class ClientPeer: Sendable {
    private let listener: Int32
    private let accepted = Atomic(0)
    /// Empty for a Unix socket.
    package let address: String

    package var url: String { "http://\(address.isEmpty ? "localhost" : address)" }
    package var connections: Int { accepted.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - unixSocket: listen there instead of on a free port of 127.0.0.1.
    ///   - serve: called for each connection on a thread of its own; the connection is closed afterwards.
    package init(unixSocket: String? = nil, _ serve: @escaping @Sendable (PeerConnection) throws -> Void) throws {
        let listener = socket(unixSocket == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        if let unixSocket {
            address = ""
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: unixSocket.utf8) }
            try Self.bind(listener, to: &name)
        } else {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            try Self.bind(listener, to: &name)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = withUnsafeMutableBytes(of: &name) {
                getsockname(listener, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
            }
            address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        }
        self.listener = listener
        guard listen(listener, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [listener] in
            while case let number = accept(listener, nil, nil), number >= 0 {
                self.accepted.add(1, ordering: .relaxed)
                Thread.detachNewThread {
                    let connection = PeerConnection(number)
                    try? serve(connection)
                    connection.close()
                }
            }
            Glibc.close(listener)
        }
    }

    /// Ends `accept`; connections end with their threads.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func bind<Name>(_ listener: Int32, to name: inout Name) throws {
        let result = withUnsafeBytes(of: &name) {
            let address = $0.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return Glibc.bind(listener, address, socklen_t(MemoryLayout<Name>.size))
        }
        guard result == 0 else { throw POSIXError(.EADDRINUSE) }
    }
}

/// One accepted connection. Used by its own thread; `close` by anyone.
package final class PeerConnection: Sendable {
    package struct Ended: Error {}

    package let number: Int32
    private let isClosed = Atomic(false)

    init(_ number: Int32) { self.number = number }

    /// The head as it came, and the body that Content-Length announces. Throws when the client has gone.
    package func readRequest() throws -> (head: String, body: [UInt8]) {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while !bytes.suffix(4).elementsEqual(end) {
            var byte: UInt8 = 0
            guard recv(number, &byte, 1, 0) == 1 else { throw Ended() }
            bytes.append(byte)
        }
        let head = String(decoding: bytes, as: UTF8.self)
        let announced = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let count = announced.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        return (head, try read(count))
    }

    package func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = recv(number, &bytes[filled], count - filled, 0)
            guard got > 0 else { throw Ended() }
            filled += got
        }
        return bytes
    }

    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                let start = $0.baseAddress?.advanced(by: sent)
                return send(number, start, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Ended() }
            sent += count
        }
    }

    /// Answers with a body and keeps the connection.
    package func answer(_ body: String, status: String = "200 OK", headers: String = "") throws {
        try write("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Returns when the client has closed its end.
    package func waitForEnd() {
        var byte: UInt8 = 0
        while recv(number, &byte, 1, 0) > 0 {}
    }

    package func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { Glibc.close(number) }
    }
}
