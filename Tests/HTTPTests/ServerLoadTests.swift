import Glibc
import Synchronization
import XCTest

@testable import HTTP

/// Many clients, and more than there is room for.
final class ServerLoadTests: ServerTestCase {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    /// Open until the test ends.
    private var newcomers: [RawClient] = []

    func testIdleConnectionsLeaveServiceForOthers() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur > 4_500 else {
            throw XCTSkip("2,000 connections need 4,500 file descriptors, there are \(limit.rlim_cur)")
        }
        try start()
        let idle = try (0..<2_000).map { number in
            let client = try connect()
            if number % 2 == 0 { try client.send("GET / HTTP/1.1\r\nHos") }
            return client
        }
        eventually("all are accepted") { server.statistics.openConnections == 2_000 }
        for _ in 0..<50 { XCTAssertEqual(try ask(get).status, 200) }
        try idle[1_998].send("t: a\r\n\r\n")
        XCTAssertEqual(try idle[1_998].readResponse().status, 200)
        for client in idle { client.close() }
        eventually("all are gone") { server.statistics.openConnections == 0 }
    }

    func testTooManyConnectionsGet503() throws {
        let gate = Gate()
        try start {
            $0.maxConnections = 3
            $0.maxRefusedConnections = 2
        } handler: { _ in
            await gate.pass()
            return .text(200, "")
        }
        var served = try (0..<3).map { _ in try connect() }
        for client in served { try client.send(get) }
        eventually("three are being served") { gate.arrived == 3 }
        // Two are refused and waited for, the last is refused and closed at once.
        for _ in 0..<3 {
            let client = try connect()
            let response = try client.readResponse()
            XCTAssertEqual(response.status, 503)
            XCTAssertEqual(response.field("Retry-After"), "1")
            XCTAssertTrue(try client.isAtEnd())
            served.append(client)
        }
        XCTAssertEqual(server.statistics.refused, 3)
        gate.open()
        for client in served[0..<3] { XCTAssertEqual(try client.readResponse().status, 200) }
        for client in served { client.close() }
        eventually("there is room again") { server.statistics.openConnections == 0 }
        XCTAssertEqual(try ask(get).status, 200)
    }

    /// A client that wants nothing gives way to one that does; who is being served stays.
    func testWhoOwesARequestTheLongestGivesWay() throws {
        let gate = Gate()
        try start {
            $0.maxConnections = 4
            $0.eventLoopThreads = 1
        } handler: { request in
            if request.path == "/slow" { await gate.pass() }
            return .text(200, request.path)
        }
        let slow = try connect()
        try slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        eventually("it is being served") { gate.arrived == 1 }
        let silent = try connect()
        eventually("it is accepted") { server.statistics.openConnections == 2 }
        let begun = try connect()
        try begun.send("GET / HT")
        eventually("it has begun") { server.statistics.bytesIn == 8 + 31 }
        let kept = try connect()
        try kept.send(get)
        XCTAssertEqual(try kept.readResponse().status, 200)
        // A byte more does not make what was begun younger.
        try begun.send("TP")
        for (number, loser) in [silent, begun, kept].enumerated() {
            let newcomer = try connect()
            try newcomer.send(get)
            XCTAssertEqual(try newcomer.readResponse().status, 200)
            XCTAssertTrue(try loser.isAtEnd(), "the loser \(number)")
            newcomers.append(newcomer)
        }
        gate.open()
        XCTAssertEqual(try slow.readResponse().text, "/slow")
        XCTAssertEqual(server.statistics.refused, 0)
        newcomers = []
    }

    /// Without descriptors nothing can be accepted; the server must wait, and go on afterwards.
    func testRunningOutOfDescriptorsNeitherSpinsNorStops() throws {
        let attempts = Atomic(0)
        let isExhausted = Atomic(true)
        var settings = HTTPServerSettings()
        settings.port = 0
        settings.acceptPauseMilliseconds = 50
        let server = HTTPServer(
            settings,
            accept: { listener in
                attempts.add(1, ordering: .relaxed)
                return isExhausted.load(ordering: .relaxed)
                    ? .exhausted : ListeningSocket.accept(listener)
            }, handler: ServerTestCase.echo)
        let port = try server.start()
        defer { wait { await server.stop(grace: .zero) } }
        let client = try RawClient(port: port)
        try client.send(get)
        eventually("the server has tried again") { attempts.load(ordering: .relaxed) > 4 }
        XCTAssertLessThan(attempts.load(ordering: .relaxed), 10)
        isExhausted.store(false, ordering: .relaxed)
        XCTAssertEqual(try client.readResponse().status, 200)
    }

    func testTheSystemsLimitIsToldFromAnEmptyQueue() throws {
        let listener = try ListeningSocket.open(host: "127.0.0.1", port: 0)
        defer { close(listener.descriptor) }
        guard case .nothing = ListeningSocket.accept(listener.descriptor) else { return XCTFail() }
        let client = try RawClient(port: listener.port)
        defer { client.close() }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var none = limit
        none.rlim_cur = 0
        // As short as can be, for the runtime needs descriptors too.
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
        let refused = ListeningSocket.accept(listener.descriptor)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard case .exhausted = refused else { return XCTFail("\(refused)") }
        guard case .connection(let descriptor, "127.0.0.1") = ListeningSocket.accept(listener.descriptor)
        else { return XCTFail("not accepted afterwards") }
        close(descriptor)
    }

    func testConnectionsLeaveDescriptorsToTheProgram() {
        let settings = HTTPServerSettings()
        let plenty = ConnectionRoom(settings, descriptors: 1_000_000)
        XCTAssertEqual(plenty.maxConnections, settings.maxConnections)
        XCTAssertEqual(plenty.maxRefusedConnections, settings.maxRefusedConnections)
        for descriptors in [64, 256, 1_024, 4_096] {
            let room = ConnectionRoom(settings, descriptors: descriptors)
            XCTAssertGreaterThan(room.maxConnections, descriptors / 4)
            XCTAssertGreaterThan(room.maxRefusedConnections, 0)
            XCTAssertLessThanOrEqual(
                room.maxConnections + room.maxRefusedConnections,
                descriptors - min(settings.reservedDescriptors, descriptors / 2))
        }
    }

    func testStatisticsCountWhatHappened() throws {
        try start { _ in } handler: { request in
            .text(Int(request.target.dropFirst()) ?? 0, "x")
        }
        let client = try connect()
        for status in [200, 201, 302, 404, 500, 503] {
            try client.send("GET /\(status) HTTP/1.1\r\nHost: a\r\n\r\n")
            XCTAssertEqual(try client.readResponse().status, status)
        }
        try client.send("BAD\r\n\r\n")
        XCTAssertEqual(try client.readResponse().status, 400)
        let statistics = server.statistics
        XCTAssertEqual(statistics.acceptedConnections, 1)
        XCTAssertEqual(statistics.openConnections, 1)
        XCTAssertEqual(statistics.answersByClass.map(\.count), [2, 1, 2, 2])
        XCTAssertEqual(statistics.refused, 1)
        XCTAssertEqual(statistics.bytesIn, 6 * 30 + 7)
        XCTAssertGreaterThan(statistics.bytesOut, 6 * 100)
    }
}
