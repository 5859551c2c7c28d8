import XCTest

@testable import HTTP

/// Clients that take too long, at each place where they can.
final class ServerTimeLimitTests: ServerTestCase {
    /// One byte after the other, each in good time; only the whole is too slow.
    private func drip(_ text: String, _ client: RawClient, everyMicroseconds: UInt32 = 10_000) {
        for byte in text.utf8 {
            do { try client.send([byte]) } catch { return }
            usleep(everyMicroseconds)
        }
    }

    func testASlowHeadGets408() throws {
        try start { $0.headMilliseconds = 150 }
        let client = try connect()
        drip("GET / HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", client)
        let response = try client.readResponse()
        XCTAssertEqual(response.status, 408)
        XCTAssertEqual(response.text, "The request head did not arrive in time.\n")
        XCTAssertTrue(try client.isAtEnd())
    }

    func testTheLimitRunsFromTheFirstByteOfEachRequest() throws {
        try start { $0.headMilliseconds = 600 }
        let client = try connect()
        try client.send("GET /0 HTTP/1.1\r\n")
        for number in 0..<3 {
            usleep(250_000)
            // The next request begins in the packet that ends this one.
            try client.send("Host: a\r\n\r\nGET /\(number + 1) HTTP/1.1\r\n")
            XCTAssertEqual(try client.readResponse().text, "GET /\(number) a 0 ")
        }
        XCTAssertEqual(try client.readResponse().status, 408)
    }

    func testASlowBodyGets408() throws {
        try start {
            $0.bodyMilliseconds = 150
            $0.minBodyBytesPerSecond = 100_000
        }
        for fields in ["Content-Length: 99", "Transfer-Encoding: chunked"] {
            let client = try connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
            drip("30\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", client)
            let response = try client.readResponse()
            XCTAssertEqual(response.status, 408)
            XCTAssertEqual(response.text, "The request body did not arrive in time.\n")
        }
    }

    func testABodyThatKeepsThePaceMayTakeLonger() throws {
        try start {
            $0.bodyMilliseconds = 150
            $0.minBodyBytesPerSecond = 1_000
        }
        let client = try connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        for _ in 0..<20 {
            try client.send(String(repeating: "a", count: 50))
            usleep(20_000)
        }
        XCTAssertEqual(try client.readResponse().status, 200)
    }

    func testIdleConnectionsEndSilently() throws {
        try start { $0.idleMilliseconds = 100 }
        let fresh = try connect()
        XCTAssertTrue(try fresh.isAtEnd())
        let used = try connect()
        try used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n")
        XCTAssertEqual(try used.readResponse().status, 200)
        XCTAssertTrue(try used.isAtEnd())
        eventually("both are gone") { server.statistics.openConnections == 0 }
    }

    func testARunningHandlerIsNotIdle() throws {
        let gate = Gate()
        try start {
            $0.idleMilliseconds = 50
            $0.headMilliseconds = 50
        } handler: { _ in
            await gate.pass()
            return .text(200, "late")
        }
        let client = try connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually("the handler runs") { gate.arrived == 1 }
        // Another connection's idle time passes meanwhile, on each loop.
        for _ in 0..<4 { XCTAssertTrue(try connect().isAtEnd()) }
        gate.open()
        XCTAssertEqual(try client.readResponse().text, "late")
    }

    /// A client that never closes is not waited for longer than the limit says.
    func testLingeringEnds() throws {
        try start { $0.lingerMilliseconds = 100 }
        let client = try connect()
        try client.send("BAD\r\n\r\n")
        XCTAssertEqual(try client.readResponse().status, 400)
        XCTAssertTrue(try client.isAtEnd())
        eventually("the server lets go") { server.statistics.openConnections == 0 }
    }
}
