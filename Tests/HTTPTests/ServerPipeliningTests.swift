import Synchronization
import XCTest

@testable import HTTP

/// Many requests under way at once: on one connection, and on many.
final class ServerPipeliningTests: ServerTestCase {
    private func requests(_ range: Range<Int>) -> String {
        range.map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
    }

    /// The handlers end in the opposite order, each letting go the one before.
    func testAnswersKeepTheOrderOfTheRequests() throws {
        let gates = (0...8).map { _ in Gate() }
        gates[8].open()
        try start { _ in } handler: { request in
            let number = Int(request.target.dropFirst()) ?? 0
            await gates[number + 1].pass()
            gates[number].open()
            return .text(200, "\(number)")
        }
        let client = try connect()
        try client.send(requests(0..<8))
        for number in 0..<8 { XCTAssertEqual(try client.readResponse().text, "\(number)") }
    }

    func testReadingPausesAtTheLimitInFlight() throws {
        let gate = Gate()
        try start { $0.maxPipelinedRequests = 4 } handler: { request in
            await gate.pass()
            return .text(200, request.target)
        }
        let client = try connect()
        try client.send(requests(0..<100))
        eventually("four handlers run") { gate.arrived == 4 }
        // What was read ahead is parsed before a later message of the same loop is looked at.
        try client.send(requests(100..<101))
        XCTAssertEqual(try otherConnectionsAnswer(gate), 4)
        gate.open()
        for number in 0..<101 { XCTAssertEqual(try client.readResponse().text, "/\(number)") }
    }

    /// Goes through every loop once, so that each has done all that it could do before.
    private func otherConnectionsAnswer(_ gate: Gate) throws -> Int {
        for _ in 0..<HTTPServerSettings().eventLoopThreads {
            XCTAssertEqual(try ask("BAD\r\n\r\n").status, 400)
        }
        return gate.arrived
    }

    func testNothingIsTakenBehindALastRequest() throws {
        let targets = Mutex<[String]>([])
        try start { _ in } handler: { request in
            targets.withLock { $0.append(request.target) }
            return .text(200, request.target)
        }
        let client = try connect()
        try client.send("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + requests(2..<4))
        XCTAssertEqual(try client.readResponse().text, "/1")
        XCTAssertTrue(try client.isAtEnd())
        XCTAssertEqual(targets.withLock { $0 }, ["/1"])
    }

    func testARefusalWaitsForTheAnswersBefore() throws {
        let gate = Gate()
        try start { _ in } handler: { request in
            await gate.pass()
            return .text(200, request.target)
        }
        let client = try connect()
        try client.send(requests(0..<2) + "GET / HTTP/1.1\nHost: a\r\n\r\n" + requests(3..<4))
        eventually("both handlers run") { gate.arrived == 2 }
        gate.open()
        XCTAssertEqual(try client.readResponse().text, "/0")
        XCTAssertEqual(try client.readResponse().text, "/1")
        XCTAssertEqual(try client.readResponse().status, 400)
        XCTAssertTrue(try client.isAtEnd())
        XCTAssertEqual(gate.arrived, 2)
    }

    func testContinueWaitsForTheAnswersBefore() throws {
        let gate = Gate()
        try start { _ in } handler: { request in
            if request.method == "GET" { await gate.pass() }
            return .text(200, request.target)
        }
        let client = try connect()
        try client.send(requests(0..<1))
        try client.send("POST /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        eventually("the handler runs") { gate.arrived == 1 }
        gate.open()
        XCTAssertEqual(try client.readResponse().text, "/0")
        XCTAssertEqual(try client.readHead().status, 100)
        try client.send("x")
        XCTAssertEqual(try client.readResponse().text, "/1")
    }

    func testASlowHandlerDoesNotHoldUpOthers() throws {
        let gate = Gate()
        try start { $0.eventLoopThreads = 1 } handler: { request in
            if request.target == "/slow" { await gate.pass() }
            return .text(200, request.target)
        }
        let slow = try connect()
        try slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually("the slow handler runs") { gate.arrived == 1 }
        for _ in 0..<20 { XCTAssertEqual(try ask(requests(1..<2)).text, "/1") }
        gate.open()
        XCTAssertEqual(try slow.readResponse().text, "/slow")
    }

    /// Nobody reads the answers: the server must stop to take requests, not pile answers up.
    func testAClientThatDoesNotReadIsNotServedForEver() throws {
        let handled = Atomic(0)
        try start { $0.writeStallMilliseconds = 300 } handler: { _ in
            handled.add(1, ordering: .relaxed)
            return .init(status: 200, body: .bytes([UInt8](repeating: 0x61, count: 1 << 20)))
        }
        let client = try connect()
        defer { client.close() }
        client.setReceiveBuffer(bytes: 4_096)
        try client.send(requests(0..<200))
        eventually("the client is cut off") { server.statistics.openConnections == 0 }
        XCTAssertLessThan(handled.load(ordering: .relaxed), 60)
    }
}
