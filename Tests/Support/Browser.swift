import Foundation
import HTTP
import JSON
import Subprocess

/// A headless Chromium, driven as WebDriver says (https://www.w3.org/TR/webdriver2/).
package final class Browser: Sendable {
    private let driver: RunningProgram
    private let base: String
    private let session: String
    private let client: HTTPClient
    private let directory: URL

    private static let program = "chromedriver"
    private static let startTimeLimit = Duration.seconds(30)
    private static let commandTimeLimit = Duration.seconds(30)
    /// The key under which an element's reference stands (section 12.3).
    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"
    /// U+E007 is the Enter key (section 17.4.2).
    package static let enter = "\u{E007}"

    /// Why there is none here; nil when there is one.
    package static var obstacle: String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return folders.contains { access("\($0)/\(program)", X_OK) == 0 } ? nil : "\(program) is not installed"
    }

    package static func start(width: Int = 1_280, height: Int = 800) async throws -> Browser {
        let client = HTTPClient()
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let port = try freePort()
        let driver = try RunningProgram(
            program, ["--port=\(port)"], environment: ["TMPDIR": directory.path],
            logFile: directory.appending(path: "driver.log").path)
        let base = "http://127.0.0.1:\(port)"
        do {
            try await waitUntilReady(base, client)
            let arguments: [JSON] = [
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", "--hide-scrollbars",
                .string("--window-size=\(width),\(height)"),
            ]
            let answer = try await send("POST", base + "/session", [
                "capabilities": ["alwaysMatch": ["goog:chromeOptions": ["args": .array(arguments)]]]
            ], client)
            let session = answer["sessionId"]?.string ?? ""
            let browser = Browser(driver, base, session, client, directory)
            try await browser.setViewport(width: width, height: height)
            return browser
        } catch {
            await driver.terminate(grace: .seconds(5))
            try? FileManager.default.removeItem(at: directory)
            throw error
        }
    }

    private init(_ driver: RunningProgram, _ base: String, _ session: String, _ client: HTTPClient, _ directory: URL) {
        self.driver = driver
        self.base = base
        self.session = session
        self.client = client
        self.directory = directory
    }

    private static func waitUntilReady(_ base: String, _ client: HTTPClient) async throws {
        let deadline = ContinuousClock.now + startTimeLimit
        while ContinuousClock.now < deadline {
            if let status = try? await send("GET", base + "/status", nil, client), status["ready"] == true { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("\(program) did not start")
    }

    package func end() async {
        _ = try? await Self.send("DELETE", "\(base)/session/\(session)", nil, client)
        await driver.terminate(grace: .seconds(5))
        try? FileManager.default.removeItem(at: directory)
    }

    // MARK: What a person does

    package func open(_ url: String) async throws { try await command("POST", "url", ["url": .string(url)]) }

    /// Types into the element, key by key.
    package func type(_ text: String, into selector: String) async throws {
        try await command("POST", "element/\(try await element(selector))/value", ["text": .string(text)])
    }

    package func click(_ selector: String) async throws {
        try await command("POST", "element/\(try await element(selector))/click", [:])
    }

    /// Presses a key where the focus is.
    package func press(_ key: String) async throws {
        let strokes: JSON = [["type": "keyDown", "value": .string(key)], ["type": "keyUp", "value": .string(key)]]
        try await command("POST", "actions", ["actions": [["type": "key", "id": "keyboard", "actions": strokes]]])
    }

    /// Goes to the window that was opened last.
    package func followToNewWindow() async throws {
        let first = try await command("GET", "window").string
        let deadline = ContinuousClock.now + Self.commandTimeLimit
        while ContinuousClock.now < deadline {
            let other = try await command("GET", "window/handles").array?.last { $0.string != first }
            if let other { return _ = try await command("POST", "window", ["handle": other]) }
            try await Task.sleep(for: .milliseconds(30))
        }
        throw TestFailure("no window was opened")
    }

    /// As a phone's screen, say, which a window can't be as narrow as.
    package func setViewport(width: Int, height: Int) async throws {
        try await command("POST", "goog/cdp/execute", [
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": ["width": .int(width), "height": .int(height), "deviceScaleFactor": 1, "mobile": false],
        ])
    }

    // MARK: What a person sees

    /// The value of a JavaScript expression.
    @discardableResult
    package func value(_ expression: String) async throws -> JSON {
        try await command("POST", "execute/sync", ["script": .string("return (\(expression));"), "args": []])
    }

    /// The text of the page, or of an element.
    package func text(_ selector: String = "body") async throws -> String {
        try await value("document.querySelector('\(selector)')?.innerText ?? ''").string ?? ""
    }

    /// Waits until a JavaScript expression is true.
    package func wait(_ what: String, until expression: String, atMost limit: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if try await value("Boolean(\(expression))") == true { return }
            try await Task.sleep(for: .milliseconds(30))
        }
        throw TestFailure("waited in vain for \(what). The page:\n\(try await text())")
    }

    /// PNG.
    package func screenshot() async throws -> Data {
        guard let text = try await command("GET", "screenshot").string, let data = Data(base64Encoded: text) else {
            throw TestFailure("the browser took no picture")
        }
        return data
    }

    // MARK: WebDriver

    private func element(_ selector: String) async throws -> String {
        let found = try await command("POST", "element", ["using": "css selector", "value": .string(selector)])
        return found[Self.elementKey]?.string ?? ""
    }

    @discardableResult
    private func command(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        try await Self.send(method, "\(base)/session/\(session)/\(path)", body, client)
    }

    /// - Returns: the answer's `value`.
    private static func send(
        _ method: String, _ url: String, _ body: JSON?, _ client: HTTPClient
    ) async throws -> JSON {
        let response = try await client.send(HTTPClientRequest(
            method, url, headers: ["Content-Type": "application/json; charset=utf-8"], body: body?.bytes ?? [],
            timeout: commandTimeLimit))
        let value = try JSON.parse(response.body)["value"] ?? .null
        guard response.status == 200 else {
            throw TestFailure("\(method) \(url): \(value["error"]?.string ?? ""): \(value["message"]?.string ?? "")")
        }
        return value
    }
}

/// Gives `body` a browser, and closes it afterwards.
package func withBrowser(_ body: (Browser) async throws -> Void) async throws {
    let browser = try await Browser.start()
    let result: Result<Void, any Error>
    do { result = .success(try await body(browser)) } catch { result = .failure(error) }
    await browser.end()
    try result.get()
}
