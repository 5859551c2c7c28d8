import Glibc
import XCTest

/// An answer as it stood on the wire, with chunks taken off the body.
struct RawResponse: Equatable {
    var statusLine: String
    var fields: [String]
    var body: [UInt8]

    var status: Int { Int(statusLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    func field(_ name: String) -> String? {
        fields.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingPrefix(" ") }.map(String.init)
    }
}

/// A client that sends what it is told to, right or wrong, and blocks until the answer is there.
final class RawClient {
    struct Failure: Error { let what: String }

    private(set) var descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: Int, timeoutSeconds: Int = 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(what: "connect: \(String(cString: strerror(errno)))") }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes so that the server gets a reset.
    func reset() {
        var value = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func setReceiveBuffer(bytes: Int32) {
        var bytes = bytes
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, 4)
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    /// Returns false at the end of the stream.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw Failure(what: "recv: \(String(cString: strerror(errno)))") }
        buffer += chunk[..<count]
        return count > 0
    }

    /// Everything until the server closes.
    func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw Failure(what: "the connection ended") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    func readLine() throws -> String {
        while true {
            if let end = buffer.indices.dropFirst().first(where: {
                buffer[$0] == 0x0A && buffer[$0 - 1] == 0x0D
            }) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<(end - 1)], as: UTF8.self)
            }
            guard try fill() else { throw Failure(what: "the connection ended in a line") }
        }
    }

    func readHead() throws -> RawResponse {
        var response = RawResponse(statusLine: try readLine(), fields: [], body: [])
        while case let line = try readLine(), !line.isEmpty { response.fields.append(line) }
        return response
    }

    func readChunk() throws -> [UInt8] {
        guard let count = Int(try readLine(), radix: 16) else { throw Failure(what: "no chunk size") }
        let bytes = try read(count)
        _ = try readLine()
        return bytes
    }

    func readResponse(toHEAD: Bool = false) throws -> RawResponse {
        var response = try readHead()
        if toHEAD || response.status < 200 || response.status == 204 || response.status == 304 {
            return response
        }
        if let length = response.field("Content-Length").flatMap(Int.init) {
            response.body = try read(length)
        } else if response.field("Transfer-Encoding") == "chunked" {
            while case let chunk = try readChunk(), !chunk.isEmpty { response.body += chunk }
        } else {
            response.body = try readToEnd()
        }
        return response
    }

    /// Whether the server has closed, with nothing more to read.
    func isAtEnd() throws -> Bool { try buffer.isEmpty && !fill() }
}
