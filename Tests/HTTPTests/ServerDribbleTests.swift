import Foundation
import Glibc
import TestSupport
import XCTest

@testable import HTTP

/// Thousands of clients that send a byte now and then, so that no connection is ever silent and none ever asks.
final class ServerDribbleTests: ServerTestCase {
    private static let count = 5_000
    /// Each connection has two ends in this process.
    private static let neededDescriptors = 2 * count + 500
    private let get = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"

    override func setUpWithError() throws {
        ConnectionRoom.raiseDescriptorLimit()
        guard ConnectionRoom.descriptorLimit >= Self.neededDescriptors else {
            throw XCTSkip(
                "\(Self.count) connections need \(Self.neededDescriptors) file descriptors, and the limit is "
                    + "\(ConnectionRoom.descriptorLimit)")
        }
    }

    /// Half of them dribble a head, half a body.
    private func dribblers() throws -> [RawClient] {
        try (0..<Self.count).map { number in
            let client = try connect()
            try client.send(number % 2 == 0 ? "GET / HTTP/1.1\r\nX: " : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n")
            return client
        }
    }

    /// One byte of each; returns how many are still open.
    private func dribble(_ clients: [RawClient]) -> Int {
        clients.count { (try? $0.send("x")) != nil }
    }

    func testDribblingClientsLeaveServiceForOthersAndAreClosed() throws {
        try start {
            $0.headMilliseconds = 2_500
            $0.bodyMilliseconds = 2_500
        }
        let before = Self.residentBytes
        let clients = try dribblers()
        eventually("all are connected", seconds: 30) { server.statistics.openConnections == Self.count }
        XCTAssertLessThan(Self.residentBytes - before, 60 << 20, "5,000 of them cost too much memory")

        let deadline = Date(timeIntervalSinceNow: 60)
        var slowest = 0.0
        var answers = 0
        while server.statistics.openConnections > 0, Date() < deadline {
            _ = dribble(clients)
            for _ in 0..<20 {
                let began = Date()
                XCTAssertEqual(try ask(get).status, 200)
                slowest = max(slowest, -began.timeIntervalSinceNow)
                answers += 1
            }
            // Our own connections are gone when their ends have been seen.
            usleep(100_000)
        }
        XCTAssertEqual(server.statistics.openConnections, 0, "not all were closed")
        XCTAssertLessThan(slowest, 1, "others waited too long")
        XCTAssertGreaterThanOrEqual(answers, 20)
        // All were told why.
        XCTAssertEqual(try clients[0].readResponse().status, 408)
        XCTAssertEqual(try clients[1].readResponse().status, 408)
        XCTAssertEqual(server.statistics.refused, Self.count)
    }

    /// Where there is room for far fewer, they push out one another, and nobody else.
    func testMoreDribblingClientsThanThereIsRoomForLeaveServiceForOthers() throws {
        try start { $0.maxConnections = 500 }
        let clients = try dribblers()
        for _ in 0..<5 {
            _ = dribble(clients)
            for _ in 0..<20 { XCTAssertEqual(try ask(get).status, 200) }
        }
        // Those that are refused in a rush may still be read out.
        XCTAssertLessThanOrEqual(server.statistics.openConnections, 500 + HTTPServerSettings().maxRefusedConnections)
    }

    private static var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}
