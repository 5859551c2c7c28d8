import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Every message, answer, modal and Home tab that the bot makes, as the page shows it: those that `SlackTests` hold it
/// to.
/// `ITERAPP_PICTURE=folder swift test --filter PageGoldenTests` also takes their pictures.
final class PageGoldenTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private struct Golden {
        let name: String
        let body: JSON

        /// `live`, `answer`, `modal`, …
        var kind: String { String(name.prefix { $0 != "-" && $0 != "." }) }
        var blocks: [JSON] { body["blocks"]?.array ?? [] }
        var text: String { body["text"]?.string ?? "" }
    }

    private static func goldens() throws -> [Golden] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "SlackTests/Fixtures/Messages")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { name in
            let body = try JSON.parse(Array(Data(contentsOf: folder.appending(path: name))))
            return Golden(name: String(name.dropLast(".json".count)), body: body)
        }
    }

    private func withStage(_ body: (PageStage, PageLook) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPageStage(Self.browser) { stage, browser in try await body(stage, PageLook(browser)) }
    }

    func testEveryMessageIsDrawnAndFits() async throws {
        try await withStage { stage, look in
            let messages = try Self.goldens().filter { $0.body["type"] == nil }
            XCTAssertGreaterThan(messages.count, 30)
            try await stage.open()
            for (kind, group) in Dictionary(grouping: messages, by: \.kind).sorted(by: { $0.key < $1.key }) {
                let channel = try await stage.workspace.makeChannel(
                    kind, kind: .open, members: [Workspace.memberID, Workspace.botID])
                for golden in group {
                    try await stage.post("`\(golden.name)`", user: Workspace.bobID, in: channel.id)
                    if golden.kind == "answer" {
                        await stage.workspace.whisper(
                            to: Workspace.memberID, in: channel.id, text: golden.text, blocks: golden.blocks)
                    } else {
                        try await stage.post(golden.text, golden.blocks, in: channel.id)
                    }
                }
                let entry = "[data-place=\(channel.id)]"
                try await look.browser.wait("the channel \(kind)", until: "document.querySelector('\(entry)')")
                try await look.browser.click(entry)
                let count = "document.querySelectorAll('#messages article').length"
                try await look.browser.wait("all messages of \(kind)", until: "\(count) === \(2 * group.count)")
                for width in [1_280, 390] {
                    try await look.assertFits(
                        "#messages", "with \(kind)", width: width, picture: "golden-\(kind)-\(width)")
                }
            }
        }
    }

    func testEveryViewIsDrawnAndFits() async throws {
        try await withStage { stage, look in
            let views = try Self.goldens().filter { $0.body["type"] != nil }
            XCTAssertGreaterThan(views.count, 3)
            try await stage.open()
            try await look.browser.click("[data-place='\(Workspace.directID(of: Workspace.memberID))']")
            try await look.browser.click("[data-tab=home]")
            for golden in views {
                if golden.body["type"] == "home" {
                    let view = try await stage.workspace.publishHome(for: Workspace.memberID, hash: nil, golden.body)
                    try await look.browser.wait(golden.name, until: "homes.get(here.me)?.hash === '\(view.hash)'")
                } else {
                    let view = try await stage.workspace.openModal(for: Workspace.memberID, golden.body)
                    try await look.browser.wait(golden.name, until: "shownView?.view.id === '\(view.id)'")
                }
                let place = golden.body["type"] == "home" ? "#home" : "#modal-body"
                for width in [1_280, 390] {
                    try await look.assertFits(
                        place, "with \(golden.name)", width: width, picture: "golden-\(golden.name)-\(width)")
                }
                await stage.workspace.closeModals(of: Workspace.memberID)
                try await look.browser.wait("no modal", until: "!document.querySelector('#modal').open")
            }
        }
    }
}
