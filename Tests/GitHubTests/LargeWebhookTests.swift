import Deploys
import Foundation
import Glibc
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

/// The largest payload that GitHub sends, over a socket, through the server that the bot has.
final class LargeWebhookTests: XCTestCase {
    private static let pieceBytes = 256 << 10

    private func server(_ bench: WebhookBench) throws -> (HTTPServer, Int) {
        var settings = HTTPServerSettings()
        settings.port = 0
        settings.maxTotalBodyBytes = WebhookRoute.maxLargeBodies * WebhookRoute.maxBodyBytes
        settings.maxBodyBytes = { _ in WebhookRoute.maxBodyBytes }
        let server = HTTPServer(settings) { await bench.route.answer($0) ?? .text(404, "") }
        return (server, try server.start())
    }

    /// A push that is as large as can be, of pieces that a test can send without holding them all.
    private struct Payload {
        let head: [UInt8]
        let filler: [UInt8]
        let tail = Array("\"\"]}".utf8)
        let fillers: Int

        init(bytes: Int) throws {
            var push = try WebhookBench.fixture("push-new-branch").object ?? [:]
            push["commits"] = nil
            let text = JSON.object(push).text
            head = Array((text.dropLast() + ",\"commits\":[").utf8)
            let item = "{\"id\":\"c0ffee\",\"message\":\"Ærlig \\u00e5 talt\",\"added\":[1,2.5e3,true,null]},"
            filler = Array(String(repeating: item, count: LargeWebhookTests.pieceBytes / item.utf8.count).utf8)
            fillers = (bytes - head.count - tail.count) / filler.count
        }

        var pieces: [[UInt8]] { [head] + Array(repeating: filler, count: fillers) + [tail] }
        var count: Int { head.count + fillers * filler.count + tail.count }

        func signature() -> String {
            // As GitHub makes it: over the whole.
            WebhookSignature(secret: WebhookBench.secret).signature(of: pieces.flatMap { $0 })
        }

        func requestHead(_ signature: String) -> [UInt8] {
            Array("""
                POST /github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                X-GitHub-Event: push\r\nX-GitHub-Delivery: 1\r\nX-Hub-Signature-256: \(signature)\r\n\
                Content-Length: \(count)\r\n\r\n
                """.utf8)
        }
    }

    func testItIsTakenWithinTheMemoryThatItMayCost() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            let (server, port) = try server(bench)
            let payload = try Payload(bytes: WebhookRoute.maxBodyBytes)
            XCTAssertGreaterThan(payload.count, 24 << 20)
            let signature = payload.signature()
            let before = try Self.residentBytes(peak: false)
            try Self.forgetPeak()
            let answer = try await Self.send(payload, signature, to: port)
            XCTAssertTrue(answer.hasPrefix("HTTP/1.1 202 "), answer)
            XCTAssertTrue(answer.hasSuffix("Accepted as operation 2.\n"), answer)
            let cost = try Self.residentBytes(peak: true) - before
            XCTAssertLessThan(cost, 64 << 20)
            XCTAssertGreaterThan(cost, 20 << 20, "the body at least: so it was measured")
            await server.stop(grace: .zero)
        }
    }

    /// Who comes when too many are held is asked to come again.
    func testOnlySoManyAreHeldAtTheSameTime() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            let (server, port) = try server(bench)
            let payload = try Payload(bytes: WebhookRoute.maxBodyBytes)
            var held: [SlowSender] = []
            for _ in 1...WebhookRoute.maxLargeBodies {
                let sender = try SlowSender(port: port)
                try await sender.send(payload.requestHead("sha256=00") + payload.head)
                for _ in 0..<payload.fillers { try await sender.send(payload.filler) }
                held.append(sender)
            }
            let answer = try await Self.send(payload, payload.signature(), to: port)
            XCTAssertTrue(answer.hasPrefix("HTTP/1.1 503 "), answer)
            XCTAssertTrue(answer.lowercased().contains("retry-after: "), answer)
            for sender in held { sender.close() }
            await server.stop(grace: .zero)
        }
    }

    private static func send(_ payload: Payload, _ signature: String, to port: Int) async throws -> String {
        let sender = try SlowSender(port: port)
        defer { sender.close() }
        do {
            try await sender.send(payload.requestHead(signature))
            for piece in payload.pieces { try await sender.send(piece) }
        } catch is SlowSender.Refused {}
        return try await sender.answer()
    }

    // MARK: Memory, as the kernel counts it (proc(5))

    private static func residentBytes(peak: Bool) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let name = peak ? "VmHWM:" : "VmRSS:"
        let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix(name) })
        return try XCTUnwrap(line.split(separator: " ").compactMap { Int($0) }.first) << 10
    }

    private static func forgetPeak() throws {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else {
            throw XCTSkip("the peak of a process's memory can't be reset here")
        }
        try file.write(contentsOf: Data("5".utf8))
        try file.close()
    }

}

/// A client that sends piece by piece, on a thread of its own.
private final class SlowSender: Sendable {
    struct Refused: Error {}

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "slow-sender")

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw TestFailure("no connection") }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await onQueue { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Refused() }
                sent += count
            }
        }
    }

    /// All that comes until there is an answer with its body.
    func answer() async throws -> String {
        try await onQueue { [descriptor] in
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                if count > 0 { bytes += buffer[..<count] }
                let text = String(decoding: bytes, as: UTF8.self)
                let parts = text.components(separatedBy: "\r\n\r\n")
                if count <= 0 || parts.count > 1 && parts[1].hasSuffix("\n") { return text }
            }
        }
    }

    func close() { _ = shutdown(descriptor, Int32(SHUT_RDWR)); _ = Glibc.close(descriptor) }

    private func onQueue<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
