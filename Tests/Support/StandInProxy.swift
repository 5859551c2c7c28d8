import Foundation
import Synchronization

/// A proxy for tunnels: HTTP's CONNECT (RFC 9110, section 9.3.6) and SOCKS5 (RFC 1928) with a password (RFC 1929). It
/// leads every tunnel to the same address, and notes where it was asked to lead.
package final class StandInProxy: Sendable {
    private final class Notes: Sendable {
        let targets = Mutex<[String]>([])
    }

    private let peer: ClientPeer
    private let notes: Notes

    package var address: String { peer.address }
    /// Targets, with the credentials in front: `me:pw@kube.test:6443`.
    package var targets: [String] { notes.targets.withLock { $0 } }

    /// - Parameter target: `127.0.0.1:4711`.
    package init(to target: String) throws {
        let notes = Notes()
        self.notes = notes
        peer = try ClientPeer { connection in
            let first = try connection.read(1)
            let asked = first == [5] ? try Self.socks(connection) : try Self.connect(connection)
            notes.targets.withLock { $0.append(asked) }
            let inner = try Self.open(target)
            let back = Thread { Self.pump(inner, connection.number) }
            back.start()
            Self.pump(connection.number, inner)
        }
    }

    package func stop() { peer.stop() }

    private static func connect(_ connection: PeerConnection) throws -> String {
        let head = try connection.readRequest().head
        let words = head.split(separator: " ")
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("proxy-authorization: basic ") }
        let credentials = line.flatMap { Data(base64Encoded: String($0.split(separator: " ")[2])) }
        try connection.write("HTTP/1.1 200 Connected\r\n\r\n")
        return (credentials.map { String(decoding: $0, as: UTF8.self) + "@" } ?? "") + words[1]
    }

    private static func socks(_ connection: PeerConnection) throws -> String {
        let methods = try connection.read(Int(try connection.read(1)[0]))
        var credentials = ""
        if methods.contains(2) {
            try connection.write([5, 2])
            _ = try connection.read(1)
            let name = try connection.read(Int(try connection.read(1)[0]))
            let password = try connection.read(Int(try connection.read(1)[0]))
            credentials = String(decoding: name, as: UTF8.self) + ":" + String(decoding: password, as: UTF8.self) + "@"
            try connection.write([1, 0])
        } else {
            try connection.write([5, 0])
        }
        let request = try connection.read(4)
        let host =
            request[3] == 3
            ? String(decoding: try connection.read(Int(try connection.read(1)[0])), as: UTF8.self)
            : try connection.read(4).map(String.init).joined(separator: ".")
        let port = try connection.read(2)
        try connection.write([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        return credentials + host + ":\(Int(port[0]) << 8 | Int(port[1]))"
    }

    private static func open(_ target: String) throws -> Int32 {
        let parts = target.split(separator: ":")
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = (UInt16(parts[1]) ?? 0).bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeBytes(of: &name) {
            Glibc.connect(
                number, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
        return number
    }

    private static func pump(_ from: Int32, _ to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = recv(from, &buffer, buffer.count, 0), count > 0 {
            guard send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
    }
}
