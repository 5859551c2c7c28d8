import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import HTTP

final class ClientStreamTests: XCTestCase {
    private let client = HTTPClient()
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Kind: stream\r\n\r\n"

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    func testChunksComeAsTheyAreSent() async throws {
        let goOn = DispatchSemaphore(value: 0)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head)
            for word in ["one", "two"] {
                goOn.wait()
                try connection.write("3\r\n\(word)\r\n")
            }
            goOn.wait()
            try connection.write("0\r\n\r\n")
        }
        let stream = try await client.open(HTTPClientRequest("GET", peer.url))
        XCTAssertEqual(stream.status, 200)
        XCTAssertEqual(stream.headers["x-kind"], "stream")
        var chunks = stream.chunks.makeAsyncIterator()
        goOn.signal()
        var chunk = try await chunks.next()
        XCTAssertEqual(text(chunk), "one")
        goOn.signal()
        chunk = try await chunks.next()
        XCTAssertEqual(text(chunk), "two")
        goOn.signal()
        chunk = try await chunks.next()
        XCTAssertNil(chunk)
        chunk = try await chunks.next()
        XCTAssertNil(chunk)
    }

    func testTimeLimitEndsWithTheHead() async throws {
        let goOn = DispatchSemaphore(value: 0)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head)
            goOn.wait()
            try connection.write("3\r\none\r\n0\r\n\r\n")
        }
        let limit = Duration.milliseconds(300)
        let stream = try await client.open(HTTPClientRequest("GET", peer.url, timeout: limit))
        // Longer than the limit: the body may take as long as it likes.
        try await Task.sleep(for: limit * 1.5)
        goOn.signal()
        var all: [UInt8] = []
        for try await chunk in stream.chunks { all += chunk }
        XCTAssertEqual(text(all), "one")

        let silent = try self.peer { $0.waitForEnd() }
        await XCTAssertThrows(
            .timedOut,
            try await client.open(HTTPClientRequest("GET", silent.url, timeout: .milliseconds(100))))
    }

    func testSlowReaderSlowsThePeerDown() async throws {
        let total = 64 << 20
        let (stuck, isStuck) = AsyncStream.makeStream(of: Int.self)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 42, count: 64 << 10)
            for sent in 0..<(total / piece.count) {
                var entry = pollfd(fd: connection.number, events: Int16(POLLOUT), revents: 0)
                // Nothing was taken for this long: the client has stopped reading.
                if poll(&entry, 1, 500) == 0 { isStuck.yield(sent * piece.count) }
                try connection.write(piece)
            }
            isStuck.finish()
        }
        let stream = try await client.open(HTTPClientRequest("GET", peer.url))
        var places = stuck.makeAsyncIterator()
        let place = await places.next()
        XCTAssertLessThan(try XCTUnwrap(place, "all was taken although nobody read"), total / 2)
        var count = 0
        for try await chunk in stream.chunks {
            XCTAssertLessThanOrEqual(chunk.count, HTTPClientBody.maxBufferedBytes + (1 << 20))
            count += chunk.count
        }
        XCTAssertEqual(count, total)
    }

    func testDroppingTheStreamEndsTheTransfer() async throws {
        let (ended, didEnd) = AsyncStream.makeStream(of: Void.self)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head + "3\r\none\r\n")
            connection.waitForEnd()
            didEnd.finish()
        }
        do {
            let stream = try await client.open(HTTPClientRequest("GET", peer.url))
            for try await chunk in stream.chunks {
                XCTAssertEqual(text(chunk), "one")
                break
            }
        }
        for await _ in ended {}
    }

    func testDroppingAnUnreadStreamEndsTheTransfer() async throws {
        let (ended, didEnd) = AsyncStream.makeStream(of: Void.self)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head)
            // Until the client hangs up, which it also must do while it is paused.
            while true { try connection.write("5\r\nabcde\r\n") }
        }
        let watched = try self.peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head)
            connection.waitForEnd()
            didEnd.finish()
        }
        _ = try await client.open(HTTPClientRequest("GET", peer.url))
        _ = try await client.open(HTTPClientRequest("GET", watched.url))
        for await _ in ended {}
    }

    func testCancellingTheReaderEndsTheTransfer() async throws {
        let (ended, didEnd) = AsyncStream.makeStream(of: Void.self)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head + "3\r\none\r\n")
            connection.waitForEnd()
            didEnd.finish()
        }
        let (read, didRead) = AsyncStream.makeStream(of: Void.self)
        let client = client
        let task = Task {
            let stream = try await client.open(HTTPClientRequest("GET", peer.url))
            for try await _ in stream.chunks { didRead.finish() }
        }
        for await _ in read {}
        task.cancel()
        let result = await task.result
        if case .failure(let error) = result { XCTAssertEqual(error as? HTTPClientError, .cancelled) }
        for await _ in ended {}
    }

    func testStreamThatBreaks() async throws {
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head + "3\r\none\r\n5\r\nab")
        }
        let stream = try await client.open(HTTPClientRequest("GET", peer.url))
        var all: [UInt8] = []
        do {
            for try await chunk in stream.chunks { all += chunk }
            XCTFail("the end was taken for a good one")
        } catch let error as HTTPClientError {
            guard case .broken = error else { return XCTFail("\(error)") }
        }
        XCTAssertEqual(text(all), "oneab", "what came before is not lost")
    }

    func testErrorStatusIsAnAnswer() async throws {
        let peer = try peer(answering: "HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\nlate")
        let stream = try await client.open(HTTPClientRequest("GET", peer.url))
        XCTAssertEqual(stream.status, 410)
        var all: [UInt8] = []
        for try await chunk in stream.chunks { all += chunk }
        XCTAssertEqual(text(all), "late")
    }

    func testStreamOutlivesItsClient() async throws {
        let goOn = DispatchSemaphore(value: 0)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write(Self.head)
            goOn.wait()
            try connection.write("3\r\none\r\n0\r\n\r\n")
        }
        let stream = try await HTTPClient().open(HTTPClientRequest("GET", peer.url))
        goOn.signal()
        var all: [UInt8] = []
        for try await chunk in stream.chunks { all += chunk }
        XCTAssertEqual(text(all), "one")
    }

    func testDockerEngine() async throws {
        let path = "/var/run/docker.sock"
        guard access(path, R_OK | W_OK) == 0 else { throw XCTSkip("no Docker Engine at \(path)") }
        let ping = try await client.send(HTTPClientRequest("GET", "http://docker/_ping", unixSocket: path))
        XCTAssertEqual(ping.status, 200)
        XCTAssertEqual(ping.body, Array("OK".utf8))
        XCTAssertNotNil(ping.headers["API-Version"])
        // Between two moments in the past: a stream that ends by itself.
        let events = try await client.open(
            HTTPClientRequest("GET", "http://docker/v1.41/events?since=1&until=2", unixSocket: path))
        XCTAssertEqual(events.status, 200)
        for try await _ in events.chunks {}
    }
}
