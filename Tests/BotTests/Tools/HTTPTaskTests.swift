import Foundation
import HTTP
import Synchronization
import TestSupport
import XCTest

@testable import Bot

/// The caller of scheduled tasks against peers that behave and misbehave.
final class HTTPTaskTests: XCTestCase {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func task(
        _ peer: ClientPeer, _ path: String = "/run", method: String = "GET", headers: HTTPHeaders = [:],
        maxAnswer: Duration = .seconds(20)
    ) throws -> HTTPTask {
        try HTTPTask(
            method, TaskURL(peer.url + path), headers: headers,
            limits: HTTPTaskLimits(maxAnswer: maxAnswer, pause: .milliseconds(1)))
    }

    private func peer(_ serve: @escaping @Sendable (PeerConnection) throws -> Void) throws -> ClientPeer {
        let peer = try ClientPeer(serve)
        addTeardownBlock { peer.stop() }
        return peer
    }

    /// One answer for each request, the last one for all that follow; every request on a connection of its own.
    private func peer(_ answers: [String], _ seen: Watched<[String]> = Watched([])) throws -> ClientPeer {
        let next = Mutex(answers[...])
        return try peer { connection in
            let request = try connection.readRequest()
            seen.change { $0.append(request.head) }
            try connection.write(next.withLock { $0.count > 1 ? $0.removeFirst() : $0[$0.startIndex] })
        }
    }

    private func answer(_ status: Int, _ headers: String = "") -> String {
        "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n"
    }

    func testTheLimitsAreTheDocumentedOnes() {
        let limits = HTTPTaskLimits()
        XCTAssertEqual(limits.maxAnswer, .seconds(10))
        XCTAssertEqual(limits.maxRetries, 2)
        XCTAssertEqual(limits.pause, .seconds(10))
    }

    func testWhichAnswersAreFailures() async throws {
        for status in [200, 204, 302, 304, 399, 401, 403, 429, 501] {
            let outcome = try await task(try peer([answer(status)])).run()
            XCTAssertEqual(outcome.attempts, [.answered(status: status)])
            XCTAssertFalse(outcome.isFailure, "\(status)")
        }
        for status in [400, 402, 404, 410, 500, 502, 503, 599] {
            let outcome = try await task(try peer([answer(status)])).run()
            XCTAssertEqual(outcome.attempts, Array(repeating: .answered(status: status), count: 3))
            XCTAssertTrue(outcome.isFailure, "\(status)")
        }
    }

    func testWhatFailsOnceAndThenSucceedsIsASuccess() async throws {
        let outcome = try await task(try peer([answer(503), Self.ok])).run()
        XCTAssertEqual(outcome.attempts, [.answered(status: 503), .answered(status: 200)])
        XCTAssertFalse(outcome.isFailure)
    }

    func testWhoAcceptsAndNeverAnswersIsGivenUpThreeTimes() async throws {
        let peer = try peer { $0.waitForEnd() }
        let outcome = try await task(peer, maxAnswer: .milliseconds(150)).run()
        XCTAssertEqual(outcome.attempts, Array(repeating: .unanswered(within: .milliseconds(150)), count: 3))
        XCTAssertTrue(outcome.isFailure)
        XCTAssertEqual(peer.connections, 3)
        XCTAssertGreaterThanOrEqual(outcome.duration, .milliseconds(450))
        XCTAssertLessThan(outcome.duration, .seconds(10))
    }

    /// The limit is for the whole answer, however lively its body.
    func testABodyThatDripsIsCutOff() async throws {
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while true {
                try connection.write(".")
                usleep(5_000)
            }
        }
        let outcome = try await task(peer, maxAnswer: .milliseconds(150)).run()
        XCTAssertEqual(outcome.attempts, Array(repeating: .unanswered(within: .milliseconds(150)), count: 3))
        XCTAssertLessThan(outcome.duration, .seconds(10))
    }

    func testALargeBodyIsReadAndDropped() async throws {
        let size = 80 << 20
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let block = [UInt8](repeating: 0x78, count: 1 << 20)
            for _ in 0..<(size / block.count) { try connection.write(block) }
        }
        let outcome = try await task(peer).run()
        XCTAssertEqual(outcome.attempts, [.answered(status: 200)])
    }

    func testAnAnswerThatBreaksOffIsNone() async throws {
        let broken = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
        let outcome = try await task(try peer([broken, broken, Self.ok])).run()
        XCTAssertEqual(outcome.attempts.count, 3)
        for attempt in outcome.attempts.prefix(2) {
            guard case .broken = attempt else { return XCTFail("\(attempt)") }
        }
        XCTAssertFalse(outcome.isFailure)
    }

    func testNobodyListensThere() async throws {
        let port = try freePort()
        let task = try HTTPTask(
            "GET", TaskURL("http://127.0.0.1:\(port)/run?token=s3cret"),
            limits: HTTPTaskLimits(pause: .milliseconds(1)))
        let outcome = await task.run()
        XCTAssertEqual(
            outcome.attempts, Array(repeating: .broken("cannot connect: 127.0.0.1: Connection refused"), count: 3))
    }

    func testRedirectsAreNotFollowed() async throws {
        let seen = Watched<[String]>([])
        let outcome = try await task(try peer([answer(302, "Location: /elsewhere\r\n")], seen)).run()
        XCTAssertEqual(outcome.attempts, [.answered(status: 302)])
        XCTAssertEqual(seen.value.count, 1)
    }

    func testTheRequestIsSentAsAskedAndNothingSecretIsTold() async throws {
        let seen = Watched<[String]>([])
        let peer = try peer([answer(500), Self.ok], seen)
        let task = try task(
            peer, "/run/it?token=s3cret&n=1", method: "POST",
            headers: ["Authorization": "Bearer s3cret", "X-Twice": "1", "X-Twice": "2"])
        let outcome = await task.run()
        XCTAssertEqual(seen.value.count, 2)
        for head in seen.value {
            let lines = head.components(separatedBy: "\r\n")
            XCTAssertEqual(lines.first, "POST /run/it?token=s3cret&n=1 HTTP/1.1")
            XCTAssertTrue(lines.contains("Authorization: Bearer s3cret"))
            XCTAssertTrue(lines.contains("X-Twice: 1") && lines.contains("X-Twice: 2"))
            XCTAssertTrue(lines.contains("Content-Length: 0"))
        }
        XCTAssertEqual(
            outcome.line.replacing(/[0-9.]+ m?s/, with: "T"),
            "POST /run/it succeeded: status 200 after T and 2 attempts (before: status 500)")
    }

    func testAStopEndsItAtOnce() async throws {
        let isReached = Watched(false)
        let peer = try peer { connection in
            isReached.change { $0 = true }
            connection.waitForEnd()
        }
        let task = try task(peer)
        let work = Task { await task.run() }
        try await isReached.wait(for: "the request") { $0 }
        let start = ContinuousClock.now
        work.cancel()
        let outcome = await work.value
        XCTAssertLessThan(ContinuousClock.now - start, .seconds(5))
        XCTAssertTrue(outcome.wasStopped && outcome.isFailure)
        XCTAssertEqual(
            outcome.line.replacing(/[0-9.]+ m?s/, with: "T"), "GET /run was stopped by a signal after T")
    }

    /// With the documented limits, on a clock that goes a hundred times as fast.
    func testAttemptsAreTenSecondsLongAndTenSecondsApart() async throws {
        let peer = try peer { $0.waitForEnd() }
        let outcome = await HTTPTask("GET", try TaskURL(peer.url), clock: FastClock()).run()
        XCTAssertEqual(outcome.attempts, Array(repeating: .unanswered(within: .seconds(10)), count: 3))
        XCTAssertGreaterThanOrEqual(outcome.duration, .seconds(50))
        XCTAssertLessThan(outcome.duration, .seconds(500))
    }
}

private struct FastClock: Clock {
    private let start = ContinuousClock.now

    var now: ContinuousClock.Instant { start + (ContinuousClock.now - start) * 100 }
    var minimumResolution: Duration { ContinuousClock().minimumResolution }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await Task.sleep(for: (deadline - now) / 100)
    }
}
