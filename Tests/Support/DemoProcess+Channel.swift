import Foundation
import HTTP
import JSON

/// What people see: the channel, and the apps' pages.
extension DemoProcess {
    package struct Message: Equatable, Sendable {
        package let ts: String
        package let text: String
        /// The thread's first message.
        package let thread: String?
        /// The words of all blocks.
        package let words: String
    }

    package func get(_ path: String, host: String? = nil) async throws -> HTTPClientResponse {
        var headers = HTTPHeaders()
        if let host { headers["Host"] = host }
        return try await client.send(HTTPClientRequest("GET", url + path, headers: headers, timeout: .seconds(10)))
    }

    /// Whether a URL answers 200.
    package func answers(_ url: String) async -> Bool {
        (try? await client.send(HTTPClientRequest("GET", url, timeout: .seconds(2))))?.status == 200
    }

    /// The body of an app's page; nil unless it answers 200.
    package func page(_ host: String, _ path: String = "/") async -> String? {
        guard let answer = try? await get(path, host: "\(host):\(port)"), answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    package func messages() async throws -> [Message] {
        let answer = try await get("/demo/messages")
        return try JSON.parse(answer.body).array?.map { message in
            let words = (message["blocks"]?.array ?? []).flatMap { block in
                [block.at("text", "text")] + (block["elements"]?.array ?? []).map { $0["text"] }
            }.compactMap { $0?.string }.joined(separator: "\n")
            return Message(
                ts: message["ts"]?.string ?? "", text: message["text"]?.string ?? "",
                thread: message["thread_ts"]?.string, words: words)
        } ?? []
    }

    /// Returns at the channel's next news, which comes before the bot knows that its message arrived; or when time is
    /// up.
    package func waitForNews(atMost limit: Duration) async throws {
        let stream = try await client.open(
            HTTPClientRequest("GET", url + "/demo/events", timeout: .seconds(10))).chunks
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await piece in stream where piece.starts(with: "data:".utf8) { return }
            }
            group.addTask { try await Task.sleep(for: limit) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Waits until the channel's messages fulfil the condition.
    @discardableResult
    package func waitForMessages(
        _ what: String, atMost limit: Duration = .seconds(60), _ condition: ([Message]) -> Bool
    ) async throws -> [Message] {
        let deadline = ContinuousClock.now + limit
        var last: [Message] = []
        while ContinuousClock.now < deadline {
            if let messages = try? await messages() {
                last = messages
                if condition(messages) { return messages }
            }
            try await Task.sleep(for: .milliseconds(30))
        }
        let seen = last.map { "\($0.thread == nil ? "" : "  ↳ ")\($0.text) | \($0.words)" }.joined(separator: "\n")
        throw TestFailure("waited in vain for \(what). The channel:\n\(seen)\nThe log:\n\(log.suffix(4_000))")
    }
}
