import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Web

/// The log page in a browser, over operations that do what the test says.
final class LogStage: Sendable {
    let bench: LogBench
    let browser: Browser
    private let server: HTTPServer
    private let port: Int

    init(_ bench: LogBench, _ browser: Browser) throws {
        self.bench = bench
        self.browser = browser
        var settings = HTTPServerSettings()
        settings.port = 0
        let page = bench.page
        server = HTTPServer(settings) { await page.answer($0) ?? .text(404, "Not found\n") }
        port = try server.start()
    }

    func end() async {
        _ = try? await browser.open("about:blank")
        await server.stop(grace: .zero)
    }

    func url(_ operation: Deploys.Operation, _ rest: String = "") -> String {
        "http://localhost:\(port)" + bench.links.path(of: operation) + rest
    }

    /// Opens the page; an address that differs behind `#` only is loaded, too.
    func open(_ operation: Deploys.Operation, _ rest: String = "") async throws {
        try await browser.open("about:blank")
        try await browser.open(url(operation, rest))
    }

    func isTrue(_ expression: String) async throws -> Bool {
        try await browser.value("Boolean(\(expression))") == true
    }

    /// `ITERAPP_PICTURE=folder` keeps pictures.
    func take(_ name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["ITERAPP_PICTURE"] else { return }
        try await browser.screenshot().write(to: URL(filePath: folder).appending(path: name + ".png"))
    }

    /// Nothing is wider than the screen.
    func assertFits(_ width: Int, _ picture: String, file: StaticString = #filePath, line: UInt = #line) async throws {
        try await browser.setViewport(width: width, height: 900)
        let excess = try await browser.value("document.documentElement.scrollWidth - innerWidth")
        XCTAssertEqual(excess, 0, "the page scrolls sideways in \(width) pixels", file: file, line: line)
        try await take("\(picture)-\(width)")
    }
}

func withLogStage(_ shared: SharedBrowser, _ body: (LogStage, Browser) async throws -> Void) async throws {
    if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
    let browser = try await shared.get()
    try await browser.setViewport(width: 1_280, height: 900)
    try await withLogBench { bench in
        let stage = try LogStage(bench, browser)
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage, browser)) } catch { result = .failure(error) }
        await stage.end()
        try result.get()
    }
}
