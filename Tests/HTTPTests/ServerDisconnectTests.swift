import Synchronization
import XCTest

@testable import HTTP

/// Clients that go away, and what is then left of their requests.
final class ServerDisconnectTests: ServerTestCase {
    private let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func startWithHandler(_ gate: Gate, halfCloseMilliseconds: Int) throws {
        try start { $0.halfCloseMilliseconds = halfCloseMilliseconds } handler: { _ in
            await gate.pass()
            return .text(200, Task.isCancelled ? "cancelled" : "whole")
        }
    }

    func testClosingCancelsTheHandler() throws {
        let gate = Gate()
        try startWithHandler(gate, halfCloseMilliseconds: 50)
        let client = try connect()
        try client.send(request)
        eventually("the handler runs") { gate.arrived == 1 }
        client.close()
        eventually("the handler is cancelled") { gate.cancelled == 1 }
        eventually("the connection is gone") { server.statistics.openConnections == 0 }
    }

    func testAResetCancelsTheHandlerAtOnce() throws {
        let gate = Gate()
        try startWithHandler(gate, halfCloseMilliseconds: 60_000)
        let client = try connect()
        try client.send(request)
        eventually("the handler runs") { gate.arrived == 1 }
        client.reset()
        eventually("the handler is cancelled") { gate.cancelled == 1 }
    }

    /// More requests than the server reads: it learns of the end without reading up to it.
    func testClosingBehindUnreadRequestsCancelsAllHandlers() throws {
        let gate = Gate()
        try start {
            $0.halfCloseMilliseconds = 50
            $0.maxPipelinedRequests = 2
        } handler: { _ in
            await gate.pass()
            return .text(200, "")
        }
        let client = try connect()
        try client.send(String(repeating: request, count: 1_000))
        eventually("two handlers run") { gate.arrived == 2 }
        client.close()
        eventually("the handlers are cancelled") { gate.cancelled == 2 }
        eventually("the connection is gone") { server.statistics.openConnections == 0 }
    }

    /// The time that a half-closed client is given begins when it closes, not when it last did something.
    func testAQuietClientIsGivenTheSameTime() throws {
        let gate = Gate()
        try startWithHandler(gate, halfCloseMilliseconds: 500)
        let client = try connect()
        try client.send(request)
        eventually("the handler runs") { gate.arrived == 1 }
        usleep(700_000)
        client.endSending()
        usleep(50_000)
        gate.open()
        XCTAssertEqual(try client.readResponse().text, "whole")
    }

    func testAClientThatOnlyEndsItsSendingSideIsAnswered() throws {
        let gate = Gate()
        try startWithHandler(gate, halfCloseMilliseconds: 60_000)
        let client = try connect()
        try client.send(request + request)
        client.endSending()
        eventually("the handlers run") { gate.arrived == 2 }
        gate.open()
        XCTAssertEqual(try client.readResponse().text, "whole")
        XCTAssertEqual(try client.readResponse().text, "whole")
        XCTAssertTrue(try client.isAtEnd())
    }
}
