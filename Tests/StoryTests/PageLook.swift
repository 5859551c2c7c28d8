import Foundation
import JSON
import TestSupport
import XCTest

/// Looks at a part of the page: is all of it known and in sight?
struct PageLook {
    let browser: Browser
    /// Pictures become so high that they show a whole channel.
    private static let maxPixels = 12_000

    init(_ browser: Browser) { self.browser = browser }

    /// Nothing is unknown, and nothing is wider than what it stands in.
    /// - Parameter picture: its name, for whoever asked for pictures.
    func assertFits(
        _ selector: String, _ place: String, width: Int, picture: String? = nil, file: StaticString = #filePath,
        line: UInt = #line
    ) async throws {
        try await browser.setViewport(width: width, height: 900)
        let unknown = try await browser.value(
            "[...document.querySelectorAll('\(selector) .unsupported')].map(node => node.innerText)")
        XCTAssertEqual(unknown, [], "\(selector) \(place) has what the page does not know", file: file, line: line)
        let wide = try await browser.value("""
            (() => {
              const edge = document.querySelector("\(selector)").getBoundingClientRect().right + 0.5;
              return [...document.querySelectorAll("\(selector) *")]
                .filter(node => !node.closest(".preview, .hidden") && node.getBoundingClientRect().right > edge)
                .map(node => node.outerHTML.slice(0, 120));
            })()
            """)
        XCTAssertEqual(wide, [], "\(selector) \(place) is wider than \(width) pixels", file: file, line: line)
        let scroll = try await browser.value(
            "document.querySelector('\(selector)').scrollWidth - document.querySelector('\(selector)').clientWidth")
        XCTAssertEqual(scroll, 0, "\(selector) \(place) scrolls sideways in \(width) pixels", file: file, line: line)
        if let picture { try await take(picture, selector, width) }
        try await browser.setViewport(width: 1_280, height: 900)
    }

    private func take(_ name: String, _ selector: String, _ width: Int) async throws {
        guard let folder = PagePictures.folder else { return }
        let height = try await browser.value(
            "innerHeight + document.querySelector('\(selector)').scrollHeight"
                + " - document.querySelector('\(selector)').clientHeight").int ?? 900
        try await browser.setViewport(width: width, height: min(height, Self.maxPixels))
        try await PagePictures.take(name, browser, in: folder)
    }
}

/// Where pictures go, when somebody wants some.
enum PagePictures {
    static var folder: URL? {
        ProcessInfo.processInfo.environment["ITERAPP_PICTURE"].map { URL(filePath: $0, directoryHint: .isDirectory) }
    }

    static func take(_ name: String, _ browser: Browser, in folder: URL) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await browser.screenshot().write(to: folder.appending(path: "\(name).png"))
    }
}
