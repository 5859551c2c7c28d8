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

    // MARK: Commands and what became of them

    /// Sends a command that must be accepted, and waits for the new post about its end.
    @discardableResult
    package func carryOut(_ text: String, end: String, atMost limit: Duration = .seconds(60)) async throws -> Message {
        let before = Set(try await messages().map(\.ts))
        let answer = try await command(text)
        guard answer.status == 200 else { throw TestFailure("\(text): \(answer.status) \(answer.text)") }
        let all = try await waitForMessages("\(end) after \(text) (answer: \(answer.text))", atMost: limit) { messages in
            messages.contains { !before.contains($0.ts) && $0.text.contains(end) }
        }
        return all.last { !before.contains($0.ts) && $0.text.contains(end) } ?? all[all.count - 1]
    }

    /// What the channel says of one operation, once it has ended.
    package struct Outcome: Sendable {
        /// The ephemeral answer.
        package let answer: String
        package let live: Message
        /// Of the live message's thread.
        package let replies: [Message]
        /// New posts: one, or none.
        package let announcements: [Message]
        package let took: Duration

        /// The lines of the announcement's first block: the headline, the sentence, the advice.
        package var lines: [String] {
            (announcements.first ?? live).words.split(separator: "\n").map(String.init)
        }
        package var thread: String { replies.map(\.words).joined(separator: "\n") }
    }

    /// Sends a command while nothing else is under way, and waits until nothing is under way any more.
    package func outcome(of text: String, atMost limit: Duration = .seconds(60)) async throws -> Outcome {
        let before = Set(try await messages().map(\.ts))
        let start = ContinuousClock.now
        let answer = try await command(text)
        try await waitUntilQuiet(atMost: limit, "after \(text) (answer: \(answer.text))")
        let new = try await messages().filter { !before.contains($0.ts) }
        guard let live = new.first(where: { $0.thread == nil }) else {
            throw TestFailure("\(text) led to no message; its answer: \(answer.status) \(answer.text)")
        }
        return Outcome(
            answer: answer.text, live: live, replies: new.filter { $0.thread == live.ts },
            announcements: new.filter { $0.thread == nil && $0.ts != live.ts },
            took: ContinuousClock.now - start)
    }

    /// Waits until every operation has ended and every notice was delivered.
    package func waitUntilQuiet(atMost limit: Duration = .seconds(60), _ when: String = "") async throws {
        let deadline = ContinuousClock.now + limit
        var figures = ""
        while ContinuousClock.now < deadline {
            if let answer = try? await get("/metrics") {
                figures = String(decoding: answer.body, as: UTF8.self)
                let waiting = ["iterapp_operations{state=\"queued\"} ", "iterapp_operations{state=\"running\"} ",
                    "iterapp_outbox_notices "]
                if waiting.allSatisfy({ figures.contains("\n\($0)0\n") }) { return }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("not everything came to its end \(when):\n\(figures)\nThe log:\n\(log.suffix(4_000))")
    }
}
