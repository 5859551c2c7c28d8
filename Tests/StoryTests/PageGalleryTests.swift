import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Every kind of thing that the page draws, looked at: nothing is missing, nothing sticks out, nothing becomes markup.
/// `ITERAPP_PICTURE=folder/ swift test --filter PageGalleryTests` also takes its pictures.
final class PageGalleryTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private func withStage(_ body: (PageStage, Browser) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPageStage(Self.browser, body)
    }

    func testEverythingIsDrawnAndFits() async throws {
        try await withStage { stage, browser in
            let gallery = try Gallery()
            try await gallery.hang(in: stage)
            try await stage.open()
            try await browser.wait("the last message", until: PageStage.message("edited words"))
            for width in [1_280, 390] {
                try await browser.setViewport(width: width, height: 900)
                try await assertFits("#messages", "in \(width) pixels", browser)
                try await picture("gallery-\(width)", browser)
            }
            try await browser.setViewport(width: 1_280, height: 900)
            let markup = try await browser.value(
                "document.querySelectorAll('#messages :is(script, b, i, iframe, object, style)').length")
            XCTAssertEqual(markup, 0, "what somebody wrote became markup")
            let scripts = try await stage.isTrue("[...document.querySelectorAll('a')].some(a => /^javascript:/i.test(a.href))")
            XCTAssertFalse(scripts, "a link runs a script")

            try await browser.click(".replies-link")
            try await browser.wait("the file's preview", until: "document.querySelector('.preview:not([hidden])')")
            try await assertFits("#replies", "in the thread", browser)
            try await picture("thread", browser)
            try await browser.click("#close")
        }
    }

    func testModalsAndTheHomeTabAreDrawnAndFit() async throws {
        try await withStage { stage, browser in
            let gallery = try Gallery()
            _ = try await stage.workspace.openModal(for: Workspace.memberID, gallery.modal)
            _ = try await stage.workspace.publishHome(for: Workspace.memberID, hash: nil, gallery.home)
            try await stage.open()
            for width in [1_280, 390] {
                try await browser.setViewport(width: width, height: 900)
                try await assertFits("#modal-body", "in \(width) pixels", browser)
                try await picture("modal-\(width)", browser)
            }
            try await browser.click("#modal-close")
            try await browser.wait("the modal to close", until: "!document.querySelector('#modal').open")
            try await browser.setViewport(width: 1_280, height: 900)
            try await browser.click("[data-place='\(Workspace.directID(of: Workspace.memberID))']")
            try await browser.click("[data-tab=home]")
            try await browser.wait("the Home tab", until: "document.querySelector('#home h3')")
            for width in [1_280, 390] {
                try await browser.setViewport(width: width, height: 900)
                try await assertFits("#home", "in \(width) pixels", browser)
                try await picture("home-\(width)", browser)
            }
            try await browser.setViewport(width: 1_280, height: 900)
        }
    }

    func testWhatThePageDoesNotKnowIsNotHidden() async throws {
        try await withStage { stage, browser in
            try await stage.post("unknown", [
                ["type": "video", "alt_text": "x"],
                ["type": "actions", "elements": [["type": "workflow_wheel", "action_id": "x"]]],
            ])
            try await stage.open()
            try await browser.wait("the message", until: "document.querySelectorAll('.unsupported').length === 2")
            let text = try await browser.text(".unsupported")
            XCTAssertEqual(text, "This page can't show blocks of the type video.")
        }
    }

    /// Nothing is unknown, and nothing is wider than what it stands in.
    private func assertFits(_ selector: String, _ place: String, _ browser: Browser) async throws {
        let unknown = try await browser.value(
            "[...document.querySelectorAll('\(selector) .unsupported')].map(node => node.innerText)")
        XCTAssertEqual(unknown, [], "\(selector) \(place)")
        let wide = try await browser.value("""
            (() => {
              const edge = document.querySelector("\(selector)").getBoundingClientRect().right + 0.5;
              return [...document.querySelectorAll("\(selector) *")]
                .filter(node => !node.closest(".preview, .hidden") && node.getBoundingClientRect().right > edge)
                .map(node => node.outerHTML.slice(0, 120));
            })()
            """)
        XCTAssertEqual(wide, [], "\(selector) \(place)")
        let scroll = try await browser.value(
            "document.querySelector('\(selector)').scrollWidth - document.querySelector('\(selector)').clientWidth")
        XCTAssertEqual(scroll, 0, "\(selector) \(place) scrolls sideways")
    }

    private func picture(_ name: String, _ browser: Browser) async throws {
        guard let folder = ProcessInfo.processInfo.environment["ITERAPP_PICTURE"], folder.hasSuffix("/") else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await browser.screenshot().write(to: URL(filePath: "\(folder)\(name).png"))
    }
}

/// Messages, a modal and a Home tab that together have every kind of block.
private struct Gallery {
    let messages: [JSON]
    let modal: JSON
    let home: JSON

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/gallery.json")
        // What is called "ago" was a while ago.
        let text = try String(contentsOf: file, encoding: .utf8)
            .replacing("{ago}^{", with: "\(Int(Date.now.timeIntervalSince1970) - 200)^{")
        let json = try JSON.parse(Array(text.utf8))
        messages = json["messages"]?.array ?? []
        modal = json["modal"] ?? [:]
        home = json["home"] ?? [:]
    }

    func hang(in stage: PageStage) async throws {
        for message in messages {
            let ts = try await post(message, thread: nil, stage)
            for reply in message["replies"]?.array ?? [] { try await post(reply, thread: ts, stage) }
        }
    }

    @discardableResult
    private func post(_ message: JSON, thread: String?, _ stage: PageStage) async throws -> String {
        var files: [JSON] = []
        if let file = message["file"] {
            let lines = (0..<(file["lines"]?.int ?? 1)).map { "line \($0): the cat looks at step \($0)\n" }
            files = [try await stage.file(file["name"]?.string ?? "", lines.joined())]
        }
        let text = message["text"]?.string ?? ""
        let blocks = message["blocks"]?.array ?? []
        let ts = try await stage.post(
            text, blocks, user: message["user"]?.string ?? "", thread: thread, files: files)
        if message["edited"] == true { _ = try await stage.workspace.edit(ts, text: text, blocks: blocks) }
        return ts
    }
}

/// Gives `body` a stage of its own in a browser that is shared.
func withPageStage(_ browser: SharedBrowser, _ body: (PageStage, Browser) async throws -> Void) async throws {
    let browser = try await browser.get()
    let stage = try PageStage(browser)
    let result: Result<Void, any Error>
    do { result = .success(try await body(stage, browser)) } catch { result = .failure(error) }
    await stage.end()
    try result.get()
}
