import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Sandbox

/// A clock that tests set.
final class HandClock: Sendable {
    private let seconds = Mutex(1_790_000_000.0)

    var now: Date { seconds.withLock { Date(timeIntervalSince1970: $0) } }
    func advance(_ by: Double) { seconds.withLock { $0 += by } }
}

/// The stand-in behind its socket, and plain HTTP calls to it.
struct SlackHarness {
    enum Form { case json, form, query }

    let server: SlackServer
    let client = HTTPClient()
    let clock: HandClock

    var workspace: Workspace { server.workspace }

    static func with(
        scopes: Set<String> = SlackGrant.allScopes, limits: SlackLimits = .generous,
        _ body: (SlackHarness) async throws -> Void
    ) async throws {
        let clock = HandClock()
        let server = try SlackServer(scopes: scopes, limits: limits, now: { clock.now })
        try server.start()
        do {
            try await body(SlackHarness(server: server, clock: clock))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    init(server: SlackServer, clock: HandClock) {
        self.server = server
        self.clock = clock
    }

    func send(
        _ method: String, _ arguments: JSON = [:], as form: Form = .json, token: String? = "xoxb-test"
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest("POST", "\(server.url)/api/\(method)", timeout: .seconds(10))
        if let token { request.headers.add("Authorization", "Bearer \(token)") }
        let fields = (arguments.object ?? [:]).map { name, value in
            "\(FormEncoding.encoded(name))=\(FormEncoding.encoded(value.string ?? value.text))"
        }.joined(separator: "&")
        switch form {
        case .json:
            request.headers.add("Content-Type", "application/json; charset=utf-8")
            request.body = arguments.bytes
        case .form:
            request.headers.add("Content-Type", "application/x-www-form-urlencoded")
            request.body = Array(fields.utf8)
        case .query:
            request.method = "GET"
            request.url += "?" + fields
        }
        return try await client.send(request)
    }

    @discardableResult
    func call(
        _ method: String, _ arguments: JSON = [:], as form: Form = .json, token: String? = "xoxb-test"
    ) async throws -> JSON {
        let answer = try await send(method, arguments, as: form, token: token)
        XCTAssertEqual(answer.status, 200, method)
        return try JSON.parse(answer.body)
    }

    /// Reading methods take no JSON.
    func read(_ method: String, _ arguments: JSON = [:]) async throws -> JSON {
        try await call(method, arguments, as: .query)
    }

    func error(_ method: String, _ arguments: JSON = [:], as form: Form = .json) async throws -> String? {
        try await call(method, arguments, as: form)["error"]?.string
    }

    /// A method, what it is given, and the error it shall answer.
    func expect(
        _ method: String, _ arguments: JSON, _ error: String?, as form: Form = .json, file: StaticString = #filePath,
        line: UInt = #line
    ) async throws {
        let answer = try await call(method, arguments, as: form)
        XCTAssertEqual(
            answer["error"]?.string, error, "\(method) \(arguments.text): \(answer.text)", file: file, line: line)
    }

    /// Posts a text and returns its `ts`.
    func post(
        _ text: String, in channel: String = Workspace.channelID, thread: String? = nil
    ) async throws -> String {
        var arguments: JSON = ["channel": .string(channel), "text": .string(text)]
        if let thread { arguments["thread_ts"] = .string(thread) }
        let answer = try await call("chat.postMessage", arguments)
        return try XCTUnwrap(answer["ts"]?.string, answer.text)
    }
}

extension SlackHarness {
    /// A body as it is.
    func raw(_ method: String, _ headers: [String: String], _ body: String) async throws -> JSON {
        var request = HTTPClientRequest("POST", "\(server.url)/api/\(method)", timeout: .seconds(10))
        for (name, value) in headers { request.headers.add(name, value) }
        request.body = Array(body.utf8)
        return try JSON.parse(try await client.send(request).body)
    }
}
