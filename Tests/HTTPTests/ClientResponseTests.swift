import Foundation
import TestSupport
import XCTest

@testable import HTTP

/// Answers of every shape, the broken, the endless and the late among them.
final class ClientResponseTests: XCTestCase {
    private let client = HTTPClient()

    private func receive(_ text: String) async throws -> HTTPClientResponse {
        let peer = try peer(answering: text)
        return try await client.send(HTTPClientRequest("GET", peer.url))
    }

    func testHeaders() async throws {
        let response = try await receive(
            "HTTP/1.1 404 Not Found\r\nX-One:  a: b \r\nSet-Cookie: 1\r\nset-cookie: 2\r\n"
                + "X-Empty:\r\nX-Folded: a\r\n  b\r\nX-Text: ø\r\nContent-Length: 2\r\n\r\nno")
        XCTAssertEqual(response.status, 404)
        XCTAssertEqual(response.headers["x-one"], "a: b")
        XCTAssertEqual(response.headers.all("Set-Cookie"), ["1", "2"])
        XCTAssertEqual(response.headers["X-Empty"], "")
        XCTAssertEqual(response.headers["X-Folded"], "a b")
        XCTAssertEqual(response.headers["X-Text"], "ø")
        XCTAssertEqual(response.body, Array("no".utf8))
    }

    func testInformationalResponsesAreSkipped() async throws {
        let response = try await receive(
            "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
                + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")
        XCTAssertEqual(response.status, 201)
        XCTAssertEqual(response.headers, ["Content-Length": "2"])
        XCTAssertEqual(response.body, Array("ok".utf8))
    }

    func testChunksAndTrailers() async throws {
        let response = try await receive(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-After\r\n\r\n"
                + "3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-After: 1\r\n\r\n")
        XCTAssertEqual(response.body, Array("abc0123456789".utf8))
        XCTAssertNil(response.headers["X-After"])
    }

    func testBodyUntilTheConnectionEnds() async throws {
        let closed = try await receive("HTTP/1.0 200 OK\r\n\r\nall of it")
        XCTAssertEqual(closed.body, Array("all of it".utf8))
        let empty = try await receive("HTTP/1.1 204 No Content\r\n\r\n")
        XCTAssertEqual(empty.status, 204)
        XCTAssertEqual(empty.body, [])
    }

    func testHugeBody() async throws {
        let body = [UInt8]((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 >> 2) })
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.count * 24)\r\n\r\n")
            for _ in 0..<24 { try connection.write(body) }
        }
        let response = try await client.send(HTTPClientRequest("GET", peer.url))
        XCTAssertEqual(response.body.count, body.count * 24)
        XCTAssertEqual(Array(response.body.suffix(body.count)), body)
    }

    func testBodiesBeyondTheLimit() async throws {
        let announced = try peer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n")
        await XCTAssertThrows(
            .bodyTooLarge(limit: 10),
            try await client.send(HTTPClientRequest("GET", announced.url, maxBodyBytes: 10)))
        let endless = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while true { try connection.write("5\r\nabcde\r\n") }
        }
        await XCTAssertThrows(
            .bodyTooLarge(limit: 1000),
            try await client.send(HTTPClientRequest("GET", endless.url, maxBodyBytes: 1000)))
        let fits = try peer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")
        let response = try await client.send(HTTPClientRequest("GET", fits.url, maxBodyBytes: 10))
        XCTAssertEqual(response.body.count, 10)
    }

    func testEndlessHead() async throws {
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\n")
            while true { try connection.write("X-More: and more and more and more\r\n") }
        }
        await XCTAssertThrows(
            .broken(reason: "the response's head is larger than 262144 bytes"),
            try await client.send(HTTPClientRequest("GET", peer.url)))
    }

    func testBrokenAnswers() async throws {
        let answers = [
            "", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nX-Cut",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "HTTP/1.1 100 Continue\r\n\r\n",
        ]
        for answer in answers {
            do throws(HTTPClientError) {
                let peer = try? peer(answering: answer)
                let headers: HTTPHeaders = ["Authorization": "Bearer hush"]
                let url = (peer?.url ?? "") + "/hush"
                let response = try await client.send(HTTPClientRequest("GET", url, headers: headers))
                XCTFail("\(answer) was taken for \(response)")
            } catch {
                guard case .broken(let reason) = error else { return XCTFail("\(answer): \(error)") }
                XCTAssertFalse(reason.isEmpty)
                XCTAssertFalse(reason.contains("hush"), reason)
            }
        }
    }

    func testNobodyListens() async throws {
        await XCTAssertThrows(
            .cannotConnect(reason: "127.0.0.1: Connection refused"),
            try await client.send(HTTPClientRequest("GET", "http://127.0.0.1:1/hush?hush")))
    }

    func testNameThatCannotBeResolved() async throws {
        // A label longer than 63 bytes never reaches a name server (RFC 1035, section 2.3.4).
        let host = String(repeating: "a", count: 64) + ".invalid"
        await XCTAssertThrows(
            .cannotResolve(host: host),
            try await client.send(HTTPClientRequest("GET", "https://user:hush@\(host):8443/hush")))
    }

    func testTimeLimitCoversTheWholeExchange() async throws {
        let silent = try peer { $0.waitForEnd() }
        await XCTAssertThrows(
            .timedOut,
            try await client.send(HTTPClientRequest("GET", silent.url, timeout: .milliseconds(100))))
        let stalling = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")
            connection.waitForEnd()
        }
        await XCTAssertThrows(
            .timedOut,
            try await client.send(HTTPClientRequest("GET", stalling.url, timeout: .milliseconds(100))))
        await XCTAssertThrows(
            .timedOut,
            try await client.send(HTTPClientRequest("GET", silent.url, timeout: .zero)))
    }

    func testCancellingEndsTheTransfer() async throws {
        let (arrived, didArrive) = AsyncStream.makeStream(of: Void.self)
        let (ended, didEnd) = AsyncStream.makeStream(of: Void.self)
        let peer = try peer { connection in
            _ = try connection.readRequest()
            didArrive.finish()
            connection.waitForEnd()
            didEnd.finish()
        }
        let client = client
        let task = Task { try await client.send(HTTPClientRequest("GET", peer.url)).status }
        for await _ in arrived {}
        task.cancel()
        let result = await task.result
        XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? HTTPClientError, .cancelled) }
        for await _ in ended {}
    }

    /// Cancelling races with starting, connecting, sending and receiving; each ends one way or the other.
    func testCancellingAtAnyMoment() async throws {
        let peer = try peer { connection in
            while true {
                _ = try connection.readRequest()
                try connection.answer("ok")
            }
        }
        let client = client
        for round in 0..<100 {
            let task = Task { try await client.send(HTTPClientRequest("POST", peer.url, body: [1])).status }
            for _ in 0..<round { await Task.yield() }
            task.cancel()
            switch await task.result {
            case .success(let status): XCTAssertEqual(status, 200)
            case .failure(let error): XCTAssertEqual(error as? HTTPClientError, .cancelled)
            }
        }
        let response = try await client.send(HTTPClientRequest("GET", peer.url))
        XCTAssertEqual(response.status, 200)
    }

    func testCancelledBeforeItStarts() async throws {
        let peer = try peer(answering: "")
        let client = client
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(HTTPClientRequest("GET", peer.url)).status
        }
        let result = await task.result
        XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? HTTPClientError, .cancelled) }
        XCTAssertEqual(peer.connections, 0)
    }
}
