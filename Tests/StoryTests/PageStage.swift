import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Sandbox

/// The page over a workspace of its own, with a bot that does what the test says. No demo runs: what the page shows is
/// what the test puts into the workspace.
final class PageStage: Sendable {
    let slack: SlackServer
    let bot: StageBot
    let browser: Browser
    private let page: HTTPServer
    private let botServer: HTTPServer
    private let port: Int

    var workspace: Workspace { slack.workspace }
    var url: String { "http://localhost:\(port)/" }

    init(_ browser: Browser) throws {
        self.browser = browser
        let slack = try SlackServer(token: StageBot.token)
        let slackURL = try slack.start()
        let bot = StageBot(apiURL: slackURL + "/api/")
        self.slack = slack
        self.bot = bot
        var settings = HTTPServerSettings()
        settings.port = 0
        botServer = HTTPServer(settings) { await bot.answer($0) }
        let routes = PageRoutes(
            workspace: slack.workspace,
            caller: slack.caller(botURL: "http://127.0.0.1:\(try botServer.start())", signingSecret: "secret"))
        page = HTTPServer(settings) { await routes.answer($0) ?? .text(404, "Not found\n") }
        port = try page.start()
    }

    func end() async {
        bot.letGo()
        // Its events end, and so the server need not wait for them.
        _ = try? await browser.open("about:blank")
        await page.stop(grace: .zero)
        await botServer.stop(grace: .zero)
        await slack.stop()
    }

    /// Opens the page and waits until it is live.
    func open() async throws {
        try await browser.open(url)
        try await browser.wait("the page to be live", until: "document.querySelector('#state.live')")
    }

    // MARK: What is said

    @discardableResult
    func post(
        _ text: String = "words", _ blocks: [JSON] = [], user: String = Workspace.botID,
        in channel: String = Workspace.channelID, thread: String? = nil, files: [JSON] = []
    ) async throws -> String {
        try await workspace.post(
            user: user, in: channel, text: text, blocks: blocks, thread: thread, files: files).timestamp
    }

    func file(_ name: String, _ text: String) async throws -> JSON {
        let content = Array(text.utf8)
        let file = try await workspace.announceFile(name, size: content.count)
        try await workspace.upload(file.id, content)
        return file.described(title: nil, url: "/files/\(file.id)")
    }

    // MARK: What is seen

    /// JavaScript that gives a message's node, or undefined.
    static func message(_ words: String) -> String {
        "[...document.querySelectorAll('#messages article')].find(node => node.innerText.includes('\(words)'))"
    }

    func waitForMessage(_ words: String) async throws {
        try await browser.wait("the message \(words)", until: Self.message(words))
    }

    func isTrue(_ expression: String) async throws -> Bool {
        try await browser.value("Boolean(\(expression))") == true
    }

    /// Presses a key where the focus is: see WebDriver, section 17.4.2.
    func key(_ key: String) async throws { try await browser.press(key) }
    static let escape = "\u{E00C}"
    static let tab = "\u{E004}"
    static let down = "\u{E015}"
}

/// What stands at the bot's URLs: it notes what Slack sends, and does what the test says about it.
final class StageBot: Sendable {
    static let token = "xoxb-stage"
    private let apiURL: String
    private let client = HTTPClient()
    private let state = Mutex(State())

    private struct State {
        var requests: [(path: String, body: JSON)] = []
        var reactions: [String: @Sendable (StageBot, JSON) async throws -> JSON] = [:]
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    init(apiURL: String) { self.apiURL = apiURL }

    /// What the bot does about a kind of request: `block_actions`, `view_submission`, `app_home_opened`, `/iterapp`, …
    /// It answers with what comes back, or nothing when that is an empty object.
    func react(to kind: String, _ reaction: @escaping @Sendable (StageBot, JSON) async throws -> JSON) {
        state.withLock { $0.reactions[kind] = reaction }
    }

    /// From now on the bot lets everybody wait.
    func hold() { state.withLock { $0.isHolding = true } }

    func letGo() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.isHolding = false
            return state.held
        }
        for one in held { one.resume() }
    }

    /// What it was told of a kind, oldest first.
    func requests(_ kind: String) -> [JSON] {
        state.withLock { $0.requests.filter { $0.path == kind }.map(\.body) }
    }

    /// Waits until it was told so much of a kind.
    func wait(for kind: String, count: Int = 1) async throws -> [JSON] {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let found = requests(kind)
            if found.count >= count { return found }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("the bot was not told \(count) times of \(kind)")
    }

    /// Calls a method of the Web API.
    @discardableResult
    func call(_ method: String, _ arguments: JSON) async throws -> JSON {
        let response = try await client.send(HTTPClientRequest(
            "POST", apiURL + method,
            headers: ["Content-Type": "application/json; charset=utf-8", "Authorization": "Bearer \(Self.token)"],
            body: arguments.bytes, timeout: .seconds(10)))
        let answer = try JSON.parse(response.body)
        guard answer["ok"] == true else { throw TestFailure("\(method): \(answer.text)") }
        return answer
    }

    /// Sends something to a `response_url`.
    func respond(to payload: JSON, _ answer: JSON) async throws {
        let response = try await client.send(HTTPClientRequest(
            "POST", payload["response_url"]?.string ?? "", headers: ["Content-Type": "application/json"],
            body: answer.bytes, timeout: .seconds(10)))
        guard response.status == 200 else { throw TestFailure(String(decoding: response.body, as: UTF8.self)) }
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let body = Self.payload(request)
        let kind = body["type"]?.string == "event_callback"
            ? body.at("event", "type")?.string ?? "" : body["type"]?.string ?? body["command"]?.string ?? request.path
        let reaction = state.withLock { state in
            state.requests.append((kind, body))
            return state.reactions[kind]
        }
        await waitWhileHeld()
        do {
            let answer = try await reaction?(self, body) ?? [:]
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json"],
                body: .bytes(answer == [:] ? [] : answer.bytes))
        } catch {
            return .text(500, "\(error)\n")
        }
    }

    private func waitWhileHeld() async {
        await withCheckedContinuation { continuation in
            let goes = state.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return !state.isHolding
            }
            if goes { continuation.resume() }
        }
    }

    private static func payload(_ request: HTTPRequest) -> JSON {
        if let json = try? JSON.parse(request.body) { return json }
        let form = String(decoding: request.body, as: UTF8.self).replacing("+", with: "%20")
        let items = URLComponents(string: "?\(form)")?.queryItems ?? []
        let fields = Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        if let payload = fields["payload"] { return (try? JSON.parse(Array(payload.utf8))) ?? [:] }
        return .object(fields.mapValues(JSON.string))
    }
}
