import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Every kind of thing that the page draws, looked at: nothing is missing, nothing sticks out, nothing becomes markup.
/// `ITERAPP_PICTURE=folder swift test --filter PageGalleryTests` also takes its pictures.
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
                try await PageLook(browser).assertFits("#messages", "of all", width: width, picture: "gallery-\(width)")
            }
            let markup = try await browser.value(
                "document.querySelectorAll('#messages :is(script, b, i, iframe, object, style)').length")
            XCTAssertEqual(markup, 0, "what somebody wrote became markup")
            let runs = try await stage.isTrue(
                "[...document.querySelectorAll('a')].some(a => /^javascript:/i.test(a.href))")
            XCTAssertFalse(runs, "a link runs a script")

            try await browser.click(".replies-link")
            try await browser.wait("the file's preview", until: "document.querySelector('.preview:not([hidden])')")
            try await PageLook(browser).assertFits("#replies", "of a thread", width: 1_280, picture: "thread")
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
                try await PageLook(browser).assertFits("#modal-body", "of all", width: width, picture: "modal-\(width)")
            }
            try await browser.click("#modal-close")
            try await browser.wait("the modal to close", until: "!document.querySelector('#modal').open")
            try await browser.click("[data-place='\(Workspace.directID(of: Workspace.memberID))']")
            try await browser.click("[data-tab=home]")
            try await browser.wait("the Home tab", until: "document.querySelector('#home h3')")
            for width in [1_280, 390] {
                try await PageLook(browser).assertFits("#home", "of all", width: width, picture: "home-\(width)")
            }
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
