import XCTest

@testable import HTTP

/// What a client that does everything right gets.
final class ServerAnswerTests: ServerTestCase {
    func testAnswersARequest() throws {
        try start()
        let response = try ask("GET /a?b=c HTTP/1.1\r\nHost: Example.com:80\r\n\r\n")
        XCTAssertEqual(response.statusLine, "HTTP/1.1 200 OK")
        XCTAssertEqual(response.text, "GET /a?b=c example.com 0 ")
        XCTAssertEqual(response.field("Content-Length"), "\(response.body.count)")
        XCTAssertEqual(response.field("Content-Type"), "text/plain; charset=utf-8")
        XCTAssertNil(response.field("Connection"))
        let date = try XCTUnwrap(response.field("Date"))
        XCTAssertNotNil(date.wholeMatch(of: /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/), date)
    }

    func testDatesAreThoseOfRFC9110() {
        XCTAssertEqual(ResponseEncoder.date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT")
        XCTAssertEqual(ResponseEncoder.date(0), "Thu, 01 Jan 1970 00:00:00 GMT")
    }

    func testKeepsTheConnectionForManyRequests() throws {
        try start()
        let client = try connect()
        for number in 0..<50 {
            try client.send("POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
            XCTAssertEqual(try client.readResponse().text, "POST /\(number) a 3 abc")
        }
        XCTAssertEqual(server.statistics.acceptedConnections, 1)
        XCTAssertEqual(server.statistics.successes, 50)
    }

    func testClosesWhenAsked() throws {
        try start()
        let client = try connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n")
        XCTAssertEqual(try client.readResponse().field("Connection"), "close")
        XCTAssertTrue(try client.isAtEnd())
    }

    func testHTTP10ClosesUnlessAskedToStay() throws {
        try start()
        let client = try connect()
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        XCTAssertEqual(try client.readResponse().field("Connection"), "keep-alive")
        try client.send("GET /2 HTTP/1.0\r\n\r\n")
        let last = try client.readResponse()
        XCTAssertEqual(last.field("Connection"), "close")
        XCTAssertEqual(last.text, "GET /2  0 ")
        XCTAssertTrue(try client.isAtEnd())
    }

    func testTakesChunkedBodies() throws {
        try start()
        let response = try ask(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3\r\nabc\r\n00A;x=\"y z\" ; q\r\n0123456789\r\n0\r\nX: y\r\nZ:\r\n\r\n")
        XCTAssertEqual(response.text, "POST / a 13 abc0123456789")
    }

    func testTakesAbsoluteFormAndAsterisk() throws {
        try start()
        let cases = [
            ("GET http://Other:8080/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x?y other 0 "),
            ("GET HTTPS://other HTTP/1.1\r\nHost: a\r\n\r\n", "GET / other 0 "),
            ("GET http://other?q HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?q other 0 "),
            ("OPTIONS http://other HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * other 0 "),
            ("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", "OPTIONS *  0 "),
            ("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / [::1] 0 "),
            ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / a 0 "),
            ("GET / HTTP/1.7\r\nHost: a\r\n\r\n", "GET / a 0 "),
        ]
        for (request, answer) in cases { XCTAssertEqual(try ask(request).text, answer, request) }
    }

    func testHEADHasTheLengthButNoBody() throws {
        try start()
        let client = try connect()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        XCTAssertEqual(try client.readResponse(toHEAD: true).field("Content-Length"), "11")
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        XCTAssertEqual(try client.readResponse().text, "GET / a 0 ")
    }

    func testSomeStatusesHaveNoBody() throws {
        try start { _ in } handler: { request in
            HTTPResponse(status: Int(request.target.dropFirst()) ?? 0, body: .bytes([1, 2, 3]))
        }
        let client = try connect()
        for (status, length) in [(204, nil), (304, nil), (205, "0"), (200, "3")] {
            try client.send("GET /\(status) HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try client.readResponse()
            XCTAssertEqual(response.status, status)
            XCTAssertEqual(response.field("Content-Length"), length)
            XCTAssertNil(response.field("Transfer-Encoding"))
        }
    }

    func testHandlersCannotBreakTheMessage() throws {
        try start { _ in } handler: { request in
            switch request.target {
            case "/field": HTTPResponse(status: 200, headers: ["X": "a\r\nSet-Cookie: b"])
            case "/nul": HTTPResponse(status: 200, headers: ["X": "a\0b"])
            case "/name": HTTPResponse(status: 200, headers: ["X: y\r\nZ": "a"])
            case "/status": HTTPResponse(status: 101)
            default:
                HTTPResponse(
                    status: 200, headers: ["Content-Length": "99", "Transfer-Encoding": "chunked"],
                    body: .bytes(Array("ok".utf8)))
            }
        }
        for target in ["/field", "/nul", "/name", "/status"] {
            let response = try ask("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
            XCTAssertEqual(response.status, 500, target)
            XCTAssertNil(response.field("Set-Cookie"))
        }
        let response = try ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        XCTAssertEqual(response.fields.filter { $0.hasPrefix("Content-Length") }, ["Content-Length: 2"])
        XCTAssertNil(response.field("Transfer-Encoding"))
        XCTAssertEqual(response.text, "ok")
    }

    func testLargeBodiesArriveWhole() throws {
        let size = 5 << 20
        try start { $0.maxBodyBytes = { _ in 8 << 20 } } handler: {
            HTTPResponse(status: 200, body: .bytes($0.body))
        }
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }
        let client = try connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
        try client.send(body)
        XCTAssertTrue(try client.readResponse().body == body)
    }
}
