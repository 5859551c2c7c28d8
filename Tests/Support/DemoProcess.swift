import Crypto
import Foundation
import HTTP
import JSON
import Subprocess
import Synchronization

/// A real `iterapp demo`, in a directory of its own, driven from outside as Slack and a browser would.
package final class DemoProcess: Sendable {
    package let directory: URL
    package let port: Int
    private let client = HTTPClient()
    private let program = Mutex<RunningProgram?>(nil)

    package static let readyTimeLimit = Duration.seconds(60)

    package init(in directory: URL) throws {
        self.directory = directory
        port = try freePort()
    }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var repository: URL { directory.appending(path: "repositories/cats") }
    package var logFile: URL { directory.appending(path: "demo.log") }

    /// The program that was built together with this one.
    package static var binary: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "iterapp")
    }

    /// The demo's promises: see README.md.
    package static let signingSecret = "demo-signing-secret"
    package static let channelName = "iterapp-logs"

    /// Starts the demo and waits until it takes work.
    package func start() async throws {
        let started = try RunningProgram(
            Self.binary.path, ["demo", "--port", String(port), "--dir", directory.path],
            environment: ["SLACK_SIGNING_SECRET": nil], logFile: logFile.path)
        program.withLock { $0 = started }
        let deadline = ContinuousClock.now + Self.readyTimeLimit
        while ContinuousClock.now < deadline {
            if let answer = try? await get("/readyz"), answer.status == 200 { return }
            guard started.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("the demo did not start:\n\(log)")
    }

    /// SIGKILL, and no word of farewell.
    package func kill() async {
        guard let running = program.withLock({ $0 }) else { return }
        _ = Glibc.kill(running.pid, SIGKILL)
        _ = await running.wait()
    }

    /// SIGTERM; returns how long the stop took and the exit code.
    @discardableResult
    package func stop() async -> (took: Duration, exitCode: Int32) {
        guard let running = program.withLock({ $0 }) else { return (.zero, 0) }
        let start = ContinuousClock.now
        let code = await running.terminate(grace: .seconds(30))
        return (ContinuousClock.now - start, code)
    }

    package var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    // MARK: What Slack does

    package struct Acknowledgement: Sendable {
        package let status: Int
        package let text: String
    }

    /// Signs and posts a slash command, as Slack would.
    package func command(
        _ text: String, secret: String = signingSecret, trigger: String = UUID().uuidString,
        channel: String = channelName
    ) async throws -> Acknowledgement {
        let fields = [
            ("command", "/iterapp"), ("text", text), ("user_id", "U0TESTER01"), ("user_name", "tester"),
            ("channel_id", channel == Self.channelName ? "C0ITERAPP1" : "C0ELSEWHERE"),
            ("channel_name", channel), ("trigger_id", trigger),
        ]
        let body = Array(fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&").utf8)
        let timestamp = String(Int(Date.now.timeIntervalSince1970))
        return try await post("/slack/commands", body, timestamp: timestamp, signature: Self.sign(body, timestamp, secret))
    }

    package func post(
        _ path: String, _ body: [UInt8], timestamp: String, signature: String
    ) async throws -> Acknowledgement {
        let response = try await client.send(HTTPClientRequest(
            "POST", url + path,
            headers: [
                "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": signature,
            ], body: body, timeout: .seconds(10)))
        let text = (try? JSON.parse(response.body))?["text"]?.string
        return Acknowledgement(status: response.status, text: text ?? String(decoding: response.body, as: UTF8.self))
    }

    static func sign(_ body: [UInt8], _ timestamp: String, _ secret: String) -> String {
        "v0=" + hex(HMACKey(Array(secret.utf8)).authenticate(Array("v0:\(timestamp):".utf8), body))
    }

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    // MARK: What people see

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

    package struct Message: Equatable, Sendable {
        package let ts: String
        package let text: String
        /// The thread's first message.
        package let thread: String?
        /// The words of all blocks.
        package let words: String
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

    // MARK: What a developer does

    @discardableResult
    package func git(_ arguments: String...) async throws -> String {
        var run = ProgramRun("git", arguments, timeLimit: .seconds(30))
        run.directory = repository.path
        let result = try await run.run()
        let errors = String(decoding: result.errorOutput, as: UTF8.self)
        guard result.exitCode == 0 else { throw TestFailure("git \(arguments): \(errors)") }
        return String(decoding: result.output, as: UTF8.self) + errors
    }

    /// Writes files and commits them on the branch that is checked out.
    @discardableResult
    package func commit(_ files: [String: String?], _ subject: String) async throws -> String {
        for (path, text) in files {
            let file = repository.appending(path: path)
            if let text {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            } else {
                try FileManager.default.removeItem(at: file)
            }
        }
        try await git("add", "--all")
        return try await git("commit", "-m", subject)
    }
}

package struct TestFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Gives `body` a running demo in a fresh directory, and stops it afterwards.
package func withDemo(_ body: (DemoProcess) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-story-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let demo = try DemoProcess(in: directory)
    try await demo.start()
    do {
        try await body(demo)
    } catch {
        await demo.stop()
        throw error
    }
    await demo.stop()
}

/// A TCP port on loopback that nobody uses now.
package func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw TestFailure("no port is free") }
    return Int(UInt16(bigEndian: address.sin_port))
}
