import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// An HTTP server on loopback that answers as a test wants, and remembers what it was asked.
final class StandInAPI: Sendable {
    let port: Int
    private let server: HTTPServer
    private let log: RequestLog

    final class RequestLog: Sendable {
        private let requests = Mutex<[HTTPRequest]>([])
        func add(_ request: HTTPRequest) { requests.withLock { $0.append(request) } }
        var all: [HTTPRequest] { requests.withLock { $0 } }
    }

    init(_ handler: @escaping HTTPHandler) throws {
        var settings = HTTPServerSettings()
        settings.port = 0
        let log = RequestLog()
        self.log = log
        server = HTTPServer(settings) { request in
            log.add(request)
            return await handler(request)
        }
        port = try server.start()
    }

    var requests: [HTTPRequest] { log.all }
    var url: String { "http://127.0.0.1:\(port)" }

    func stop() async { await server.stop(grace: .zero) }

    static func json(_ value: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: .bytes(value.bytes))
    }

    /// The answer that a real server was recorded to give.
    static func recorded(_ name: String) -> HTTPResponse {
        guard let answer = try? Recordings.answer(name) else { return .text(599, "no recording \(name)") }
        return HTTPResponse(
            status: answer.status, headers: ["Content-Type": "application/json"], body: .bytes(answer.body))
    }
}

/// Time that passes only when somebody sleeps.
final class TestTiming: Sendable {
    private let state = Mutex((now: ContinuousClock.now, slept: [Duration](), wall: Date.now))

    var slept: [Duration] { state.withLock { $0.slept } }

    var wall: Date { state.withLock { $0.wall } }
    func setWall(_ date: Date) { state.withLock { $0.wall = date } }

    func advance(_ duration: Duration) {
        state.withLock {
            $0.now += duration
            $0.wall += duration / .seconds(1)
        }
    }

    var timing: Timing {
        Timing(
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += duration
                    $0.slept.append(duration)
                }
            },
            random: { 0.5 },
            now: { self.state.withLock { $0.now } },
            wallClock: { self.wall })
    }
}

extension Timing {
    /// Minutes pass in tenths of a second.
    static func hurried(_ factor: Int = 600) -> Timing {
        let start = ContinuousClock.now
        return Timing(
            sleep: { try await Task.sleep(for: $0 / factor) }, random: { 0.5 },
            now: { start + (ContinuousClock.now - start) * factor })
    }
}

extension HTTPRequest {
    /// The query's fields, decoded.
    var fields: [String: String] {
        var fields: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map {
                String($0).removingPercentEncoding ?? ""
            }
            fields[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        return fields
    }
}
