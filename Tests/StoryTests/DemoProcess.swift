import Crypto
import Foundation
import HTTP
import JSON
import Subprocess
import Synchronization
import XCTest

@testable import Sandbox

/// A real `iterapp demo`, in a directory of its own, driven from outside as Slack and a browser would.
final class DemoProcess: Sendable {
    let directory: URL
    let port: Int
    private let client = HTTPClient()
    private let program = Mutex<RunningProgram?>(nil)

    static let readyTimeLimit = Duration.seconds(60)

    init(in directory: URL) throws {
        self.directory = directory
        port = try FreePort.find()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var repository: URL { directory.appending(path: "repositories/cats") }
    var logFile: URL { directory.appending(path: "demo.log") }

    /// Beside the test bundle, wherever the build folder is.
    static var binary: URL {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let folder = bundle?.deletingLastPathComponent() ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return folder.appending(path: "iterapp")
    }

    /// Starts the demo and waits until it takes work.
    func start() async throws {
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
    func kill() async {
        guard let running = program.withLock({ $0 }) else { return }
        _ = Glibc.kill(running.pid, SIGKILL)
        _ = await running.wait()
    }

    /// SIGTERM; returns how long the stop took and the exit code.
    @discardableResult
    func stop() async -> (took: Duration, exitCode: Int32) {
        guard let running = program.withLock({ $0 }) else { return (.zero, 0) }
        let start = ContinuousClock.now
        let code = await running.terminate(grace: .seconds(30))
        return (ContinuousClock.now - start, code)
    }

    var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    // MARK: What Slack does

    struct Acknowledgement { let status: Int; let text: String }

    /// Signs and posts a slash command, as Slack would.
    func command(
        _ text: String, secret: String = Demo.defaultSigningSecret, trigger: String = UUID().uuidString,
        channel: String = Workspace.channelName
    ) async throws -> Acknowledgement {
        let fields = [
            ("command", "/iterapp"), ("text", text), ("user_id", "U0TESTER01"), ("user_name", "tester"),
            ("channel_id", channel == Workspace.channelName ? Workspace.channelID : "C0ELSEWHERE"),
            ("channel_name", channel), ("trigger_id", trigger),
        ]
        let body = Array(fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&").utf8)
        let timestamp = String(Int(Date.now.timeIntervalSince1970))
        return try await post("/slack/commands", body, timestamp: timestamp, signature: Self.sign(body, timestamp, secret))
    }

    func post(
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

    func get(_ path: String, host: String? = nil) async throws -> HTTPClientResponse {
        var headers = HTTPHeaders()
        if let host { headers["Host"] = host }
        return try await client.send(HTTPClientRequest("GET", url + path, headers: headers, timeout: .seconds(10)))
    }

    /// The body of an app's page; nil unless it answers 200.
    func page(_ host: String, _ path: String = "/") async -> String? {
        guard let answer = try? await get(path, host: "\(host):\(port)"), answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    struct Message: Equatable { let ts: String; let text: String; let thread: String?; let words: String }

    func messages() async throws -> [Message] {
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
    func waitForMessages(
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
    func carryOut(_ text: String, end: String, atMost limit: Duration = .seconds(60)) async throws -> Message {
        let before = Set(try await messages().map(\.ts))
        let answer = try await command(text)
        XCTAssertEqual(answer.status, 200, answer.text)
        let all = try await waitForMessages("\(end) after \(text) (answer: \(answer.text))", atMost: limit) { messages in
            messages.contains { !before.contains($0.ts) && $0.text.contains(end) }
        }
        return try XCTUnwrap(all.last { !before.contains($0.ts) && $0.text.contains(end) })
    }

    // MARK: What a developer does

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        var run = ProgramRun("git", arguments, timeLimit: .seconds(30))
        run.directory = repository.path
        let result = try await run.run()
        let errors = String(decoding: result.errorOutput, as: UTF8.self)
        guard result.exitCode == 0 else { throw TestFailure("git \(arguments): \(errors)") }
        return String(decoding: result.output, as: UTF8.self) + errors
    }

    /// Writes files and commits them on the branch that is checked out.
    @discardableResult
    func commit(_ files: [String: String?], _ subject: String) async throws -> String {
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

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Gives `body` a running demo; skips, saying why, where the demo can't run.
func withDemo(_ body: (DemoProcess) async throws -> Void) async throws {
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
