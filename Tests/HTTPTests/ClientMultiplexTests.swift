import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import HTTP

/// Requests and streams that share one connection, against nghttp2's server.
final class ClientMultiplexTests: XCTestCase {
    /// What the server behind answers, by path.
    private struct Backend {
        let send: @Sendable (String) -> Void
        /// Ends when much more has come than a stream that is not read may hold.
        let isFlooded: AsyncStream<Void>
        let front: HTTP2FrontEnd
        let client: HTTPClient

        func request(_ path: String, method: String = "GET", timeout: Duration = .seconds(10)) -> HTTPClientRequest {
            HTTPClientRequest(
                method, "https://cats.example\(path)", timeout: timeout, connectTo: front.address,
                tls: HTTPClientTLS(authoritiesPEM: front.authorityPEM))
        }
    }

    /// - `/stream` never ends, and says what `send` gives it; `/flood` gives `floodBytes`, `/list` gives `listBytes`,
    ///   both without a length; `/never` does not answer.
    private func withBackend(protocols: String = "h2,http/1.1", _ body: (Backend) async throws -> Void) async throws {
        let box = Listeners()
        let (isFlooded, flooded) = AsyncStream.makeStream(of: Void.self)
        var settings = HTTPServerSettings()
        settings.port = 0
        let server = HTTPServer(settings) { request in
            switch request.path {
            case "/stream": return HTTPResponse(status: 200, headers: [:], body: .stream(box.add()))
            case "/flood":
                let bytes = Self.bytes(Self.floodBytes) { if $0 == 4 << 20 { flooded.finish() } }
                return HTTPResponse(status: 200, headers: [:], body: .stream(bytes))
            case "/list":
                return HTTPResponse(status: 200, headers: [:], body: .stream(Self.bytes(Self.listBytes)))
            case "/never":
                try? await Task.sleep(for: .seconds(60))
                return .text(200, "late")
            default: return .text(200, "\(request.method) \(request.path)")
            }
        }
        let port = try server.start()
        try await withTemporaryDirectory { directory in
            let front = try await HTTP2FrontEnd(backendPort: port, directory: directory, protocols: protocols)
            do {
                try await body(Backend(send: { box.send($0) }, isFlooded: isFlooded, front: front, client: HTTPClient()))
            } catch {
                await front.stop()
                throw error
            }
            await front.stop()
        }
        box.end()
        await server.stop(grace: .zero)
    }

    private final class Listeners: Sendable {
        private let all = Mutex<[AsyncThrowingStream<[UInt8], any Error>.Continuation]>([])
        func add() -> AsyncThrowingStream<[UInt8], any Error> {
            let (stream, send) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            all.withLock { $0.append(send) }
            return stream
        }
        func send(_ text: String) { all.withLock { all in for send in all { send.yield(Array(text.utf8)) } } }
        func end() { all.withLock { all in for send in all { send.finish() } } }
    }

    private static let floodBytes = 96 << 20
    private static let listBytes = 256 << 10

    /// - Parameter onBytes: how many were given.
    private static func bytes(
        _ total: Int, _ onBytes: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        let given = Mutex(0)
        let piece = [UInt8](repeating: 42, count: 64 << 10)
        return AsyncThrowingStream {
            let count = given.withLock { given in
                given += piece.count
                return given
            }
            onBytes(count)
            return count <= total ? piece : nil
        }
    }

    func testRequestsAndStreamsShareOneConnection() async throws {
        try await withBackend { backend in
            var streams: [HTTPClientStream] = []
            try await withThrowingTaskGroup(of: HTTPClientStream.self) { group in
                // Until the server has said how many it takes, libcurl puts 100 on a connection.
                for _ in 0..<90 { group.addTask { try await backend.client.open(backend.request("/stream")) } }
                for try await stream in group { streams.append(stream) }
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    group.addTask { try await backend.client.send(backend.request("/\(index)", method: "PUT")).status }
                }
                for try await status in group { XCTAssertEqual(status, 200) }
            }
            XCTAssertEqual(backend.front.relay.connections, 1)
            let before = Self.cpuSeconds()
            try await Task.sleep(for: .milliseconds(500))
            XCTAssertLessThan(Self.cpuSeconds() - before, 0.25, "idle streams keep a processor busy")
            backend.send("hello")
            for stream in streams {
                var chunks = stream.chunks.makeAsyncIterator()
                let chunk = try await chunks.next()
                XCTAssertEqual(chunk, Array("hello".utf8))
            }
        }
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    func testServerWithoutHTTP2GetsConnectionsOfItsOwn() async throws {
        try await withBackend(protocols: "http/1.1") { backend in
            let stream = try await backend.client.open(backend.request("/stream"))
            let answer = try await backend.client.send(backend.request("/x"))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(backend.front.relay.connections, 2)
            _ = stream
        }
    }

    /// A flood for somebody who does not read: the others must not notice. libcurl closes that stream's window.
    func testStalledReaderHoldsNobodyUp() async throws {
        try await withBackend { backend in
            let stalled = try await backend.client.open(backend.request("/flood"))
            let watched = try await backend.client.open(backend.request("/stream"))
            for await _ in backend.isFlooded {}
            var chunks = watched.chunks.makeAsyncIterator()
            for index in 0..<100 {
                let answer = try await backend.client.send(backend.request("/\(index)", timeout: .seconds(5)))
                XCTAssertEqual(answer.status, 200)
                backend.send("x")
                let chunk = try await chunks.next()
                XCTAssertEqual(chunk?.isEmpty, false)
            }
            XCTAssertEqual(backend.front.relay.connections, 1)
            var count = 0
            for try await chunk in stalled.chunks {
                count += chunk.count
                // libcurl 7.88 may see the end of what did not fit into its buffer only when more comes.
                if count == Self.floodBytes { backend.send("x") }
            }
            XCTAssertEqual(count, Self.floodBytes, "nothing is lost by waiting")
        }
    }

    /// libcurl may read one transfer's bytes while it serves another: no end of an answer must be left behind there.
    func testLongAnswersBesideAStreamComeToTheirEnd() async throws {
        try await withBackend { backend in
            let stream = try await backend.client.open(backend.request("/stream"))
            for _ in 0..<400 {
                let answer = try await backend.client.send(backend.request("/list", timeout: .seconds(3)))
                XCTAssertEqual(answer.body.count, Self.listBytes)
            }
            XCTAssertEqual(backend.front.relay.connections, 1)
            _ = stream
        }
    }

    func testCutConnectionEndsEveryTransferAndTheNextWorks() async throws {
        try await withBackend { backend in
            let stream = try await backend.client.open(backend.request("/stream"))
            backend.front.relay.cut()
            do {
                for try await _ in stream.chunks {}
                XCTFail("the end was taken for a good one")
            } catch let error as HTTPClientError {
                guard case .broken = error else { return XCTFail("\(error)") }
            }
            let answer = try await backend.client.send(backend.request("/x"))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(backend.front.relay.connections, 2)
        }
    }

    /// Its other end has vanished without a word: who waits there in vain ends the connection for all.
    func testVanishedServerIsLeft() async throws {
        try await withBackend { backend in
            let stream = try await backend.client.open(backend.request("/stream"))
            backend.front.relay.freeze()
            await XCTAssertThrows(
                .timedOut, try await backend.client.send(backend.request("/x", timeout: .milliseconds(700))))
            let answer = try await backend.client.send(backend.request("/y"))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(backend.front.relay.connections, 2)
            do {
                for try await _ in stream.chunks {}
                XCTFail("nobody told the stream")
            } catch { XCTAssertTrue(error is HTTPClientError) }
        }
    }

    /// A server that lives and is slow with one request keeps its connection.
    func testSlowAnswerEndsNobodyElse() async throws {
        try await withBackend { backend in
            let stream = try await backend.client.open(backend.request("/stream"))
            async let late = backend.client.send(backend.request("/never", timeout: .milliseconds(1_500)))
            for _ in 0..<20 {
                _ = try await backend.client.send(backend.request("/x"))
                try await Task.sleep(for: .milliseconds(80))
            }
            do {
                _ = try await late
                XCTFail("no time limit")
            } catch { XCTAssertEqual(error as? HTTPClientError, .timedOut) }
            backend.send("still here")
            var chunks = stream.chunks.makeAsyncIterator()
            let chunk = try await chunks.next()
            XCTAssertEqual(chunk, Array("still here".utf8))
            XCTAssertEqual(backend.front.relay.connections, 1)
        }
    }

    func testOtherServerNames() {
        func renamed(_ url: String) -> [String]? {
            HTTPClientRequest("GET", url).renamed("cats.example").map { [$0.url, $0.host, $0.connectTo] }
        }
        XCTAssertEqual(
            renamed("https://[fd00::1]:6443/a?b"),
            ["https://cats.example:6443/a?b", "[fd00::1]:6443", "cats.example:6443:[fd00::1]:6443"])
        XCTAssertEqual(
            renamed("https://me:pw@kube"), ["https://cats.example", "kube", "cats.example:443:kube:443"])
        XCTAssertNil(renamed("/a"))
    }
}
