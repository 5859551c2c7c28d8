import Foundation
import Synchronization
import XCTest

/// A web server on the loopback for one test: answers each request with what `answer` makes of it, then
/// closes the connection.
final class WebServer: Sendable {
    let port: Int
    private let socketNumber: Int32
    private let seen = Mutex<[String]>([])

    /// The heads of all requests so far.
    var requests: [String] { seen.withLock { $0 } }

    /// - Parameter answer: from the request's head to status and body.
    init(_ answer: @escaping @Sendable (String) -> (status: Int, body: Data)) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 50) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        socketNumber = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { return }
                let head = Self.readHead(connection)
                self?.seen.withLock { $0.append(head) }
                Self.write(answer(head), to: connection)
                close(connection)
            }
        }
    }

    deinit { shutdown(socketNumber, Int32(SHUT_RDWR)) }

    private static func readHead(_ connection: Int32) -> String {
        var head = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while head.range(of: Data("\r\n\r\n".utf8)) == nil {
            let count = read(connection, &buffer, buffer.count)
            if count <= 0 { break }
            head += buffer[..<count]
            // A client that tries TLS first would wait for an answer to its greeting.
            if head.first == 0x16 { break }
        }
        return String(decoding: head, as: UTF8.self)
    }

    private static func write(_ answer: (status: Int, body: Data), to connection: Int32) {
        let challenge = answer.status == 401 ? "WWW-Authenticate: Basic realm=\"x\"\r\n" : ""
        let head =
            "HTTP/1.1 \(answer.status) X\r\nContent-Length: \(answer.body.count)\r\n\(challenge)"
            + "Connection: close\r\n\r\n"
        var rest = [UInt8](Data(head.utf8) + answer.body)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}
