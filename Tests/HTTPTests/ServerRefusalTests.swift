import XCTest

@testable import HTTP

/// Whoever sends what cannot be taken is told so, and the connection ends.
final class ServerRefusalTests: ServerTestCase {
    static func limit(_ settings: inout HTTPServerSettings) {
        settings.maxTargetBytes = ServerSamples.maxTargetBytes
        settings.maxHeadBytes = ServerSamples.maxHeadBytes
        settings.maxHeaderFields = ServerSamples.maxHeaderFields
        settings.maxChunkExtensionBytes = ServerSamples.maxChunkExtensionBytes
        settings.maxTrailerBytes = ServerSamples.maxTrailerBytes
        settings.maxBodyBytes = { _ in ServerSamples.maxBodyBytes }
    }

    func testEverySampleGetsItsStatus() throws {
        try start(Self.limit)
        for sample in ServerSamples.all {
            let client = try connect()
            try client.send(sample.text)
            var response = try client.readResponse()
            if response.status == 100 { response = try client.readResponse() }
            XCTAssertEqual(response.status, sample.status, "\(sample.name): \(response.text)")
            guard sample.status != 200 else { continue }
            XCTAssertEqual(response.field("Connection"), "close", sample.name)
            XCTAssertEqual(response.field("Content-Type"), "text/plain; charset=utf-8", sample.name)
            XCTAssertNotNil(response.text.wholeMatch(of: /[^\n]+\.\n/), sample.name)
            XCTAssertTrue(try client.isAtEnd(), sample.name)
        }
        XCTAssertEqual(server.statistics.refused, ServerSamples.refused.count)
        XCTAssertEqual(server.statistics.successes, ServerSamples.good.count)
    }

    /// Sent one byte a packet, everything means the same.
    func testEverySampleMeansTheSameByteByByte() throws {
        try start(Self.limit)
        for sample in ServerSamples.all {
            let client = try connect()
            for byte in sample.text.utf8 {
                // A server that has refused stops reading at some point, and then sending fails.
                do { try client.send([byte]) } catch { break }
            }
            var response = try client.readResponse()
            if response.status == 100 { response = try client.readResponse() }
            XCTAssertEqual(response.status, sample.status, "\(sample.name): \(response.text)")
        }
    }

    func testAnUnfinishedRequestIsAnsweredWhenTheClientEnds() throws {
        try start()
        let begun = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"
        for text in ["G", "GET / HTTP/1.1\r\nHos", begun] {
            let client = try connect()
            try client.send(text)
            client.endSending()
            let response = try client.readResponse()
            XCTAssertEqual(response.status, 400, text)
            XCTAssertEqual(response.text, HTTPRefusal.cutShort.reason + "\n")
            XCTAssertTrue(try client.isAtEnd())
        }
    }

    func testLimitsOfBodiesGoByPath() throws {
        try start { $0.maxBodyBytes = { $0 == "/large" ? 10 : 5 } }
        let body = "Host: a\r\nContent-Length: 8\r\n\r\n12345678"
        XCTAssertEqual(try ask("POST /large?x HTTP/1.1\r\n\(body)").status, 200)
        XCTAssertEqual(try ask("POST /small HTTP/1.1\r\n\(body)").status, 413)
        XCTAssertEqual(try ask("POST http://b/large HTTP/1.1\r\n\(body)").status, 200)
    }

    /// The client sends far more than the sockets' buffers hold before it looks for an answer.
    func testARefusedClientCanReadTheAnswerWhileItSends() throws {
        try start()
        let client = try connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33554432\r\n\r\n")
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<32 { try client.send(piece) }
        let response = try client.readResponse()
        XCTAssertEqual(response.status, 413)
        XCTAssertEqual(response.text, "The body is larger than the 1048576 bytes allowed here.\n")
        XCTAssertTrue(try client.isAtEnd())
    }

    func testUnfinishedBodiesShareALimit() throws {
        try start { $0.maxTotalBodyBytes = 150_000 }
        let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n"
        let first = try connect()
        try first.send(post + String(repeating: "a", count: 100_000))
        eventually("the body is held") { server.statistics.bytesIn >= 100_000 }
        let second = try connect()
        try second.send(post + String(repeating: "a", count: 100_000))
        let refused = try second.readResponse()
        XCTAssertEqual(refused.status, 503)
        XCTAssertEqual(refused.field("Retry-After"), "1")
        try first.send("a")
        XCTAssertEqual(try first.readResponse().status, 200)
        second.close()
        XCTAssertEqual(try ask(post + String(repeating: "a", count: 100_001)).status, 200)
    }

    func testContinueIsSentOnlyForAWantedBody() throws {
        try start { $0.maxBodyBytes = { _ in 10 } }
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
        let client = try connect()
        try client.send(head + "3\r\n\r\n")
        let interim = RawResponse(statusLine: "HTTP/1.1 100 Continue", fields: [], body: [])
        XCTAssertEqual(try client.readHead(), interim)
        try client.send("abc")
        XCTAssertEqual(try client.readResponse().text, "POST / a 3 abc")
        // The body came along: nobody waits.
        try client.send(head + "3\r\n\r\nabc")
        XCTAssertEqual(try client.readResponse().status, 200)
        // A client that has begun does not wait either.
        let before = server.statistics.bytesIn
        try client.send(head + "3\r\n\r\na")
        eventually("the beginning is read") { server.statistics.bytesIn > before }
        try client.send("bc")
        XCTAssertEqual(try client.readResponse().status, 200)
        // There is no body.
        try client.send(head + "0\r\n\r\n")
        XCTAssertEqual(try client.readResponse().status, 200)
        // The body is not wanted.
        try client.send(head + "11\r\n\r\n")
        XCTAssertEqual(try client.readResponse().status, 413)
    }
}
