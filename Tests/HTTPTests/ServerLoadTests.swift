import Glibc
import Synchronization
import XCTest

@testable import HTTP

/// Many clients, and more than there is room for.
final class ServerLoadTests: ServerTestCase {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

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
        try start {
            $0.maxConnections = 3
            $0.maxRefusedConnections = 2
        }
        var served = try (0..<3).map { _ in try connect() }
        eventually("three are open") { server.statistics.openConnections == 3 }
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
        for client in served[0..<3] {
            try client.send(get)
            XCTAssertEqual(try client.readResponse().status, 200)
        }
        for client in served { client.close() }
        eventually("there is room again") { server.statistics.openConnections == 0 }
        XCTAssertEqual(try ask(get).status, 200)
    }

    /// Without descriptors nothing can be accepted; the server must wait, and go on afterwards.
    func testRunningOutOfDescriptorsNeitherSpinsNorStops() throws {
        try start { $0.acceptPauseMilliseconds = 20 }
        let clients = try (0..<4).map { _ in try connect() }
        eventually("all are accepted") { server.statistics.openConnections == 4 }
        let waiting = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(waiting) }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var tight = limit
        tight.rlim_cur = 0
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &tight)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        withUnsafePointer(to: &address) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(waiting, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let before = processorSeconds()
        for _ in 0..<10 {
            try clients[0].send(get)
            XCTAssertEqual(try clients[0].readResponse().status, 200)
            usleep(20_000)
        }
        let used = processorSeconds() - before
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        XCTAssertLessThan(used, 0.15)
        eventually("the waiting connection is accepted") { server.statistics.openConnections == 5 }
    }

    private func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let (user, system) = (usage.ru_utime, usage.ru_stime)
        return Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1e6
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
