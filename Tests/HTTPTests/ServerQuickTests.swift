import Foundation
import Synchronization
import XCTest

@testable import HTTP

/// Requests that are answered without a task of their own.
final class ServerQuickTests: ServerTestCase {
    private static let patient = HTTPPromise(withinMilliseconds: 60_000) { .text(503, "late") }

    private static func request(_ target: String, body: String = "") -> String {
        "POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    func testWhatIsNotTakenGoesToTheHandler() throws {
        try start(
            { _ in },
            quick: { request, reply in
                guard request.target == "/quick" else { return nil }
                reply.send(.text(200, "quick"))
                return Self.patient
            })
        XCTAssertEqual(try ask(Self.request("/quick")).text, "quick")
        XCTAssertEqual(try ask(Self.request("/slow", body: "x")).text, "POST /slow a 1 x")
    }

    func testALargeBodyIsNotLookedAt() throws {
        try start({ $0.maxQuickBodyBytes = 3 }, quick: { _, reply in
            reply.send(.text(200, "quick"))
            return Self.patient
        })
        XCTAssertEqual(try ask(Self.request("/", body: "123")).text, "quick")
        XCTAssertEqual(try ask(Self.request("/", body: "1234")).text, "POST / a 4 1234")
    }

    /// Replies come in the opposite order, from another thread.
    func testAnswersKeepTheOrderOfTheRequests() throws {
        let replies = Mutex<[HTTPReply]>([])
        try start({ _ in }, quick: { _, reply in
            replies.withLock { $0.append(reply) }
            return Self.patient
        })
        let client = try connect()
        try client.send((0..<5).map { Self.request("/\($0)") }.joined())
        eventually("all are taken") { replies.withLock { $0.count } == 5 }
        for (number, reply) in replies.withLock({ $0 }).enumerated().reversed() {
            XCTAssertTrue(reply.send(.text(200, "\(number)")))
        }
        for number in 0..<5 { XCTAssertEqual(try client.readResponse().text, "\(number)") }
    }

    func testWhoeverIsLateIsTold() throws {
        let replies = Mutex<[HTTPReply]>([])
        try start({ _ in }, quick: { _, reply in
            replies.withLock { $0.append(reply) }
            return HTTPPromise(withinMilliseconds: 30) { .text(503, "late") }
        })
        let client = try connect()
        try client.send(Self.request("/1") + Self.request("/2"))
        for _ in 1...2 { XCTAssertEqual(try client.readResponse().text, "late") }
        for reply in replies.withLock({ $0 }) { XCTAssertFalse(reply.send(.text(200, "too late"))) }
        try client.send(Self.request("/3"))
        eventually("the third one is taken") { replies.withLock { $0.count } == 3 }
        XCTAssertEqual(try client.readResponse().text, "late", "and nothing of the others' answers")
    }

    func testAReplyToSomebodyWhoHasGoneIsDropped() throws {
        let replies = Mutex<[HTTPReply]>([])
        try start({ _ in }, quick: { _, reply in
            replies.withLock { $0.append(reply) }
            return Self.patient
        })
        do {
            let client = try connect()
            try client.send(Self.request("/1"))
            eventually("it is taken") { replies.withLock { $0.count } == 1 }
            client.close()
        }
        eventually("it is gone") { self.server.statistics.openConnections == 0 }
        replies.withLock { $0[0] }.send(.text(200, "x"))
        let other = try connect()
        try other.send(Self.request("/2"))
        eventually("the other one is taken") { replies.withLock { $0.count } == 2 }
        replies.withLock { $0[1] }.send(.text(200, "y"))
        XCTAssertEqual(try other.readResponse().text, "y")
    }

    func testAStopWaitsForReplies() throws {
        let replies = Mutex<[HTTPReply]>([])
        try start({ _ in }, quick: { _, reply in
            replies.withLock { $0.append(reply) }
            return Self.patient
        })
        let client = try connect()
        try client.send(Self.request("/"))
        eventually("it is taken") { replies.withLock { $0.count } == 1 }
        let stopped = Mutex(false)
        let server = try XCTUnwrap(server)
        Task {
            await server.stop(grace: .seconds(30))
            stopped.withLock { $0 = true }
        }
        eventually("no further connection is taken") { (try? connect()) == nil }
        XCTAssertFalse(stopped.withLock { $0 })
        replies.withLock { $0[0] }.send(.text(200, "still"))
        XCTAssertEqual(try client.readResponse().text, "still")
        eventually("it stops") { stopped.withLock { $0 } }
    }
}
