import Foundation
import Synchronization
import XCTest

@testable import HTTP

/// A test with a server of its own on a free port of the loopback.
///
/// The tests block, on XCTest's own thread, so that they leave the cooperative pool to the handlers.
class ServerTestCase: XCTestCase {
    private(set) var server: HTTPServer!
    private(set) var port = 0

    func start(
        _ change: (inout HTTPServerSettings) -> Void = { _ in },
        handler: @escaping HTTPHandler = ServerTestCase.echo
    ) throws { try start(change, quick: nil, handler: handler) }

    func start(
        _ change: (inout HTTPServerSettings) -> Void, quick: HTTPQuickHandler?,
        handler: @escaping HTTPHandler = ServerTestCase.echo
    ) throws {
        var settings = HTTPServerSettings()
        settings.port = 0
        change(&settings)
        let server = HTTPServer(settings, quick: quick, handler: handler)
        self.server = server
        port = try server.start()
    }

    override func tearDown() {
        if let server { wait { await server.stop(grace: .zero) } }
        server = nil
    }

    /// Answers with what it was asked, so that a test sees what the server understood.
    static let echo: HTTPHandler = { request in
        .text(
            200,
            "\(request.method) \(request.target) \(request.host) \(request.body.count) "
                + String(decoding: request.body, as: UTF8.self))
    }

    func connect() throws -> RawClient { try RawClient(port: port) }

    /// Sends bytes on a connection of their own and reads one answer.
    func ask(_ text: String) throws -> RawResponse {
        let client = try connect()
        try client.send(text)
        return try client.readResponse(toHEAD: text.hasPrefix("HEAD"))
    }

    /// Runs asynchronous work to its end from a blocking test.
    func wait(_ work: @escaping @Sendable () async -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task {
            await work()
            done.signal()
        }
        done.wait()
    }

    /// Waits for a condition that other threads bring about.
    func eventually(
        _ what: String, seconds: Double = 5, file: StaticString = #filePath, line: UInt = #line,
        _ condition: () -> Bool
    ) {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while !condition() {
            guard Date() < deadline else {
                return XCTFail("not within \(seconds) s: \(what)", file: file, line: line)
            }
            usleep(2_000)
        }
    }
}

/// Holds handlers back until a test lets them go on.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var cancelled = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    var arrived: Int { state.withLock { $0.arrived } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns when the gate opens or the task is cancelled.
    func pass() async {
        let number = state.withLock { state in
            state.arrived += 1
            return state.arrived
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayPass = state.withLock { state in
                    guard !state.isOpen, !Task.isCancelled else { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if mayPass { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.cancelled += 1
                return state.waiters.removeValue(forKey: number)
            }
            waiter?.resume()
        }
    }
}
