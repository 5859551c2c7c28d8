import Synchronization
import XCTest

@testable import HTTP

/// The graceful stop.
final class ServerStopTests: ServerTestCase {
    /// Begins to stop and returns a flag that becomes true when the stop is complete.
    private func beginStop(grace: Duration) -> Flag {
        let flag = Flag()
        Task { [server] in
            await server?.stop(grace: grace)
            flag.raise()
        }
        return flag
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isRaised: Bool { state.withLock { $0 } }
        func raise() { state.withLock { $0 = true } }
    }

    private func startGated(_ gate: Gate) throws {
        try start { _ in } handler: { request in
            await gate.pass()
            return .text(200, Task.isCancelled ? "cancelled" : request.target)
        }
    }

    private let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    func testIdleConnectionsCloseAtOnceAndRunningRequestsFinish() throws {
        let gate = Gate()
        try startGated(gate)
        let idle = try connect()
        let busy = try connect()
        try busy.send(get + get)
        eventually("the handlers run") { gate.arrived == 2 }
        let stopped = beginStop(grace: .seconds(60))
        XCTAssertTrue(try idle.isAtEnd())
        eventually("it does not listen any more") { (try? connect()) == nil }
        XCTAssertFalse(stopped.isRaised)
        gate.open()
        let first = try busy.readResponse()
        XCTAssertEqual(first.text, "/a")
        XCTAssertNil(first.field("Connection"))
        let last = try busy.readResponse()
        XCTAssertEqual(last.text, "/a")
        XCTAssertEqual(last.field("Connection"), "close")
        XCTAssertTrue(try busy.isAtEnd())
        busy.close()
        eventually("the stop is complete") { stopped.isRaised }
        XCTAssertEqual(server.statistics.openConnections, 0)
    }

    func testAHalfSentRequestMayStillComplete() throws {
        try start()
        let client = try connect()
        try client.send("GET /a HTTP/1.1\r\n")
        eventually("its beginning is read") { server.statistics.bytesIn > 0 }
        let stopped = beginStop(grace: .seconds(60))
        eventually("it does not listen any more") { (try? connect()) == nil }
        try client.send("Host: a\r\n\r\n")
        XCTAssertEqual(try client.readResponse().field("Connection"), "close")
        client.close()
        eventually("the stop is complete") { stopped.isRaised }
    }

    func testWhatDoesNotFinishInTimeIsCut() throws {
        let gate = Gate()
        try startGated(gate)
        let client = try connect()
        try client.send(get)
        eventually("the handler runs") { gate.arrived == 1 }
        let stopped = beginStop(grace: .milliseconds(100))
        XCTAssertEqual(try client.readToEnd(), [])
        eventually("the handler is cancelled") { gate.cancelled == 1 }
        eventually("the stop is complete") { stopped.isRaised }
    }

    func testASecondStopCanOnlyShortenTheFirst() throws {
        let gate = Gate()
        try startGated(gate)
        let client = try connect()
        try client.send(get)
        eventually("the handler runs") { gate.arrived == 1 }
        let first = beginStop(grace: .seconds(600))
        let second = beginStop(grace: .milliseconds(50))
        eventually("both are complete") { first.isRaised && second.isRaised }
    }

    func testThePortIsFreeAfterwardsAndTheServerIsDone() throws {
        try start()
        let client = try connect()
        try client.send(get)
        _ = try client.readResponse()
        wait { [server] in await server?.stop(grace: .seconds(1)) }
        var settings = HTTPServerSettings()
        settings.port = port
        let next = HTTPServer(settings, handler: ServerTestCase.echo)
        XCTAssertEqual(try next.start(), port)
        XCTAssertEqual(try ask(get).status, 200)
        wait { await next.stop(grace: .zero) }
        XCTAssertThrowsError(try server.start()) { XCTAssertEqual($0 as? HTTPServerError, .alreadyStarted) }
    }

    func testStoppingWithoutAStartReturns() {
        wait { await HTTPServer(HTTPServerSettings(), handler: ServerTestCase.echo).stop(grace: .seconds(9)) }
    }
}
