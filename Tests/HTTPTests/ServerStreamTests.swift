import Synchronization
import XCTest

@testable import HTTP

/// Answers that come in pieces.
final class ServerStreamTests: ServerTestCase {
    private struct Broken: Error {}

    /// A stream that a test feeds, and whose end it sees.
    private final class Feed: Sendable {
        let stream: AsyncThrowingStream<[UInt8], any Error>
        let input: AsyncThrowingStream<[UInt8], any Error>.Continuation
        private let ended = Mutex<String?>(nil)

        var end: String? { ended.withLock { $0 } }

        init() {
            (stream, input) = AsyncThrowingStream.makeStream()
            input.onTermination = { [weak self] reason in
                guard case .cancelled = reason else { return }
                self?.ended.withLock { $0 = "cancelled" }
            }
        }
    }

    private func startStreaming(
        _ feed: Feed, _ change: (inout HTTPServerSettings) -> Void = { _ in }
    ) throws {
        try start(change) { request in
            request.target == "/stream"
                ? HTTPResponse(status: 200, body: .stream(feed.stream)) : .text(200, "plain")
        }
    }

    private let get = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"

    func testPiecesArriveAsChunksWhenTheyCome() throws {
        let feed = Feed()
        try startStreaming(feed)
        let client = try connect()
        try client.send(get + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try client.readHead()
        XCTAssertEqual(head.field("Transfer-Encoding"), "chunked")
        XCTAssertNil(head.field("Content-Length"))
        for piece in ["one", "", "second piece", String(repeating: "x", count: 40_000)] {
            feed.input.yield(Array(piece.utf8))
            if !piece.isEmpty { XCTAssertEqual(try client.readChunk(), Array(piece.utf8)) }
        }
        feed.input.finish()
        XCTAssertEqual(try client.readChunk(), [])
        // The connection goes on with the next request.
        XCTAssertEqual(try client.readResponse().text, "plain")
    }

    func testHTTP10GetsTheBodyUntilTheEndOfTheConnection() throws {
        let feed = Feed()
        try startStreaming(feed)
        let client = try connect()
        try client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        feed.input.yield(Array("one".utf8))
        feed.input.yield(Array("two".utf8))
        feed.input.finish()
        let response = try client.readResponse()
        XCTAssertEqual(response.field("Connection"), "close")
        XCTAssertNil(response.field("Transfer-Encoding"))
        XCTAssertEqual(response.text, "onetwo")
    }

    func testABrokenStreamIsCutOffVisibly() throws {
        let feed = Feed()
        try startStreaming(feed)
        let client = try connect()
        try client.send(get)
        _ = try client.readHead()
        feed.input.yield(Array("one".utf8))
        feed.input.finish(throwing: Broken())
        XCTAssertEqual(String(decoding: try client.readToEnd(), as: UTF8.self), "3\r\none\r\n")
    }

    func testABrokenStreamIsResetInHTTP10() throws {
        let feed = Feed()
        try startStreaming(feed)
        let client = try connect()
        try client.send("GET /stream HTTP/1.0\r\n\r\n")
        _ = try client.readHead()
        feed.input.finish(throwing: Broken())
        XCTAssertThrowsError(try client.readToEnd()) {
            XCTAssertTrue("\($0)".contains("reset"), "\($0)")
        }
    }

    func testHEADDoesNotRunTheStream() throws {
        let feed = Mutex<Feed?>(Feed())
        let pulled = Atomic(0)
        let ended = Atomic(0)
        try start { _ in } handler: { _ in
            let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.onTermination = { _ in ended.add(1, ordering: .relaxed) }
                pulled.add(1, ordering: .relaxed)
            }
            return HTTPResponse(status: 200, body: .stream(stream))
        }
        let client = try connect()
        for _ in 0..<2 {
            try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
            XCTAssertEqual(try client.readResponse(toHEAD: true).status, 200)
        }
        eventually("the streams are terminated") { ended.load(ordering: .relaxed) == 2 }
        feed.withLock { $0 = nil }
    }

    func testClosingCancelsAQuietStream() throws {
        let feed = Feed()
        try startStreaming(feed) { $0.halfCloseMilliseconds = 50 }
        let client = try connect()
        try client.send(get)
        _ = try client.readHead()
        client.close()
        eventually("the stream is cancelled") { feed.end == "cancelled" }
    }

    func testStoppingCutsStreams() throws {
        let feed = Feed()
        try startStreaming(feed)
        let client = try connect()
        try client.send(get)
        _ = try client.readHead()
        feed.input.yield(Array("one".utf8))
        XCTAssertEqual(try client.readChunk(), Array("one".utf8))
        wait { [server] in await server?.stop(grace: .seconds(60)) }
        eventually("the stream is cancelled") { feed.end == "cancelled" }
        XCTAssertEqual(try client.readToEnd(), [])
    }

    /// A producer without end, for a client that does not read, then for one that does.
    func testTheProducerWaitsForTheClient() throws {
        let produced = Atomic(0)
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        try start { $0.maxUnsentBytes = 256 << 10 } handler: { _ in
            let stream = AsyncThrowingStream<[UInt8], any Error> {
                produced.add(1, ordering: .relaxed).newValue <= 1_000 ? piece : nil
            }
            return HTTPResponse(status: 200, body: .stream(stream))
        }
        let client = try connect()
        client.setReceiveBuffer(bytes: 64 << 10)
        try client.send(get)
        _ = try client.readHead()
        // It stands still when nothing is produced while others are served many times over.
        var before = -1
        eventually("the producer waits") {
            defer { before = produced.load(ordering: .relaxed) }
            usleep(50_000)
            return before == produced.load(ordering: .relaxed)
        }
        XCTAssertLessThan(before, 300)
        var total = 0
        while case let chunk = try client.readChunk(), !chunk.isEmpty { total += chunk.count }
        XCTAssertEqual(total, 1_000 * piece.count)
    }
}
