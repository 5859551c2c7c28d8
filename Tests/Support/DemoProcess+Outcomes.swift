import Foundation
import HTTP
import JSON

/// Commands, and what became of them.
extension DemoProcess {
    /// Sends a command that must be accepted, and waits for the new post about its end.
    @discardableResult
    package func carryOut(_ text: String, end: String, atMost limit: Duration = .seconds(60)) async throws -> Message {
        let before = Set(try await messages().map(\.ts))
        let answer = try await command(text)
        guard answer.status == 200 else { throw TestFailure("\(text): \(answer.status) \(answer.text)") }
        let what = "\(end) after \(text) (answer: \(answer.text))"
        let all = try await waitForMessages(what, atMost: limit) { messages in
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
        try await outcomes(of: [(about: "", text: text)], atMost: limit)[0]
    }

    /// Sends commands while nothing else is under way, and waits until nothing is under way any more.
    /// - Parameter commands: `about` is a word by which each one's messages are known.
    package func outcomes(
        of commands: [(about: String, text: String)], atMost limit: Duration = .seconds(60)
    ) async throws -> [Outcome] {
        let before = Set(try await messages().map(\.ts))
        let start = ContinuousClock.now
        var answers: [String] = []
        for command in commands { answers.append(try await self.command(command.text).text) }
        try await waitUntilQuiet(atMost: limit, "after \(commands.map(\.text)) (answers: \(answers))")
        let new = try await messages().filter { !before.contains($0.ts) }
        return try zip(commands, answers).map { command, answer in
            let own = new.filter { $0.thread == nil && (command.about.isEmpty || $0.text.contains(command.about)) }
            guard let live = own.first else {
                throw TestFailure("\(command.text) led to no message; its answer: \(answer)\n\(log.suffix(2_000))")
            }
            return Outcome(
                answer: answer, live: live, replies: new.filter { $0.thread == live.ts },
                announcements: Array(own.dropFirst()), took: ContinuousClock.now - start)
        }
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
