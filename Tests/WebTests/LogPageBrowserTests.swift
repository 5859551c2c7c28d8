import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Web

/// `ITERAPP_PICTURE=folder swift test --filter LogPageBrowserTests` also takes pictures.
final class LogPageBrowserTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private static let build = [
        "#1 [internal] load build definition from Dockerfile", "#1 transferring dockerfile: 1.2kB done", "#1 DONE 0.1s",
        "", "#2 [builder 1/3] FROM docker.io/library/node:22@sha256:abcdef", "#2 CACHED", "", "#3 [builder 2/3] COPY . .",
        "#3 DONE 0.3s", "#4 [builder 3/3] RUN npm run build",
        "#4 0.412 \u{1B}[1m\u{1B}[32m✓\u{1B}[39m\u{1B}[22m 42 modules \u{1B}[38;5;208mtransformed\u{1B}[0m",
        "#4 1.077 <script>document.title = 'broken'</script> <b>&amp;</b>",
        "#4 2.500 \u{1B}[41m ERROR \u{1B}[0m \u{1B}[33mCannot find module './purr'\u{1B}[0m",
    ]
    private static let failure = [
        "#4 ERROR: process \"/bin/sh -c npm run build\" did not complete successfully: exit code: 1", "------",
        " > [builder 3/3] RUN npm run build:", "2.500 Cannot find module './purr'", "------", "Dockerfile:9",
        "ERROR: failed to solve: process did not complete successfully: exit code: 1",
    ]

    private static func step(_ number: Int) -> String {
        "[...document.querySelectorAll('.log:not([hidden]) .step')].find(node => node.innerText.includes('\(number)/3]'))"
    }
    private static let lines = "[...document.querySelectorAll('.log:not([hidden]) .row')].map(node => node.innerText).join('\\n')"

    /// From the queue to live, without anybody loading the page again.
    func testItIsFollowedFromTheQueueToItsEnd() async throws {
        try await withLogStage(Self.browser) { stage, browser in
            let queued = try await stage.bench.accept()
            try await stage.open(queued)
            try await browser.wait("the queue", until: "document.body.dataset.state === 'waiting' && document.body.dataset.live === 'on'")
            try await stage.assertFits(1_280, "log-queued")
            let operation = try await stage.bench.begin(queued)
            let writer = try stage.bench.writer(operation)
            for line in Self.build { writer.write(line) }
            try await browser.wait("the lines", until: "\(Self.lines).includes('Cannot find module')")
            for number in 0..<200 { writer.write("#4 3.\(100 + number) line \(number)") }
            try await browser.wait("the last line", until: "\(Self.lines).includes('line 199')")
            try await browser.wait("its end to be seen", until: "isAtEnd() && following")
            try await stage.assertFits(390, "log-running")
            try await stage.assertFits(1_280, "log-running")

            try await browser.value("page.scrollBy(0, -1500)")
            try await browser.wait("nobody to follow", until: "!following && !document.querySelector('#jump').hidden")
            let place = try await browser.value("page.scrollTop")
            for number in 200..<260 { writer.write("#4 4.\(number) line \(number)") }
            try await browser.wait("60 more lines", until: "shown.texts.length === 273")
            let still = try await browser.value("page.scrollTop")
            XCTAssertEqual(still, place, "who reads further up was moved")
            try await browser.click("#jump")
            try await browser.wait("the end", until: "isAtEnd() && following && \(Self.lines).includes('line 259')")

            writer.write("#4 DONE 8.1s")
            writer.close()
            try await stage.bench.settle(operation, .succeeded, .live([Site(url: "https://cats.example.com/")]))
            try await browser.wait("the end of it", until: "document.querySelector('#state').innerText === 'Live'")
            try await browser.wait("all to be folded", until: "!document.querySelector('.head[aria-expanded=true]')")
            let link = try await browser.value("document.querySelector('#sites a').href")
            XCTAssertEqual(link, "https://cats.example.com/")
            let elapsed = try await browser.text("#elapsed")
            XCTAssertEqual(elapsed, "1 min 15 s")
            try await browser.wait("the stream to end", until: "events.readyState === EventSource.CLOSED")
            try await stage.assertFits(1_280, "log-live")
        }
    }

    func testAFailedBuildShowsWhatFailed() async throws {
        try await withLogStage(Self.browser) { stage, browser in
            let operation = try await stage.bench.build([
                "web": Self.build + Self.failure, "api": ["#1 [1/1] FROM scratch", "#1 CACHED"],
            ])
            await stage.bench.logs.tidy()
            let failure = Failure(.build, "Step builder 3/3 RUN npm run build of web ended with exit code 1.", advice: "Look at the log.")
            try await stage.bench.settle(operation, .failed, .failed(failure))
            try await stage.open(operation)
            try await browser.wait("the failure", until: "\(Self.lines).includes('did not complete successfully')")
            let tabs = try await browser.value("[...document.querySelectorAll('.tab')].map(tab => [tab.innerText, tab.dataset.state])")
            XCTAssertEqual(tabs, [["api", "good"], ["web", "bad"]])
            try await browser.wait("the tab of what failed", until: "shown.name === 'web'")
            let states = try await browser.value(
                "[...document.querySelectorAll('.log:not([hidden]) .step')].map(step => [step.dataset.state || '', step.querySelector('.head')?.getAttribute('aria-expanded') || ''])")
            XCTAssertEqual(states, [["done", "false"], ["cached", "false"], ["done", "false"], ["failed", "true"], ["", ""]])
            let cached = try await browser.value("\(Self.step(1)).querySelector('.cached').innerText")
            XCTAssertEqual(cached, "cached")
            let title = try await browser.value("document.title")
            XCTAssertEqual(title, "✗ Deploy of cats to prod", "a line ran a script")
            let markup = try await browser.value("document.querySelectorAll('#logs :is(script, b, img)').length")
            XCTAssertEqual(markup, 0)
            let colours = try await browser.value(
                "[...document.querySelectorAll('.row .text span')].map(node => node.className + node.getAttribute('style')).join('|')")
            XCTAssertEqual(colours, "f2 boldnull|color: rgb(255, 135, 0);|b1null|f3null")
            for width in [1_280, 390] { try await stage.assertFits(width, "log-failed") }

            try await browser.click(".tab")
            try await browser.wait("the other log", until: "shown.name === 'api'")
            let raw = try await browser.value("document.querySelector('#raw').getAttribute('href').split('/').pop()")
            XCTAssertEqual(raw, "raw?appling=api")
        }
    }

    func testALongLogIsQuick() async throws {
        try await withLogStage(Self.browser) { stage, browser in
            let operation = try await stage.bench.begin(try await stage.bench.accept())
            let writer = try stage.bench.writer(operation)
            writer.write("#1 [1/2] FROM scratch")
            writer.write("#1 DONE 0.0s")
            writer.write("#2 [2/2] RUN make")
            for number in 4..<100_000 {
                writer.write("#2 \(number / 100).\(100 + number % 100) cc -O2 -c src/file\(number).c -o build/file\(number).o \(number % 997 == 0 ? "warning: unused" : "")")
            }
            writer.write("#2 DONE 1000.0s")
            writer.close()
            await stage.bench.logs.tidy()
            try await stage.bench.settle(operation, .succeeded, .built)

            try await stage.open(operation)
            try await browser.wait("all of it", until: "shown && shown.isLoaded")
            let paint = try await browser.value("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1")
            let loaded = try await browser.value("performance.getEntriesByType('resource').find(entry => entry.name.includes('/raw'))?.responseEnd ?? -1")
            let parsed = try await browser.value("performance.now()")
            let search = try await browser.value("(() => { const start = performance.now(); setQuery('WARNING: unused'); return performance.now() - start; })()")
            print("100,000 lines: first paint \(paint.number ?? -1) ms, loaded \(loaded.number ?? -1) ms, seen by \(parsed.number ?? -1) ms; search \(search.number ?? -1) ms")
            XCTAssertLessThan(paint.number ?? .infinity, 3_000)
            XCTAssertLessThan(search.number ?? .infinity, 2_000)
            let count = try await browser.text("#count")
            XCTAssertEqual(count, "1 of 100 lines")
            try await browser.wait("the first match", until: "document.querySelector('.row.current mark')?.innerText === 'warning: unused'")
            try await browser.click("#previous")
            try await browser.wait("the last match", until: "document.querySelector('.row.current')?.dataset.line === '99700'")
            let isSeen = "(() => { const box = document.querySelector('.row.current').getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight; })()"
            try await browser.wait("it to be in sight", until: isSeen)
            let rows = try await browser.value("document.querySelectorAll('.row').length")
            XCTAssertLessThan(rows.int ?? .max, 3_000, "the page holds far more rows than are seen")
            try await stage.take("log-search-1280")
        }
    }

    func testALineCanBeLinkedTo() async throws {
        try await withLogStage(Self.browser) { stage, browser in
            let operation = try await stage.bench.begin(try await stage.bench.accept())
            let writer = try stage.bench.writer(operation, "web")
            writer.write("#1 [1/2] RUN make")
            for number in 2...3_000 { writer.write("#1 0.100 line \(number)") }
            writer.write("#1 DONE 1.0s")
            let isSeen = "(() => { const box = document.querySelector('.row.linked')?.getBoundingClientRect(); return box && box.top > 0 && box.bottom < innerHeight; })()"
            // It is not there yet, and comes.
            try await stage.open(operation, "#web-L3500")
            try await browser.wait("a word about it", until: "document.querySelector('#notice').innerText.startsWith('Line 3500 is not there yet')")
            writer.write("#2 [2/2] RUN test")
            for number in 3_003...4_000 { writer.write("#2 0.200 line \(number)") }
            try await browser.wait("the line", until: isSeen)
            let come = try await browser.text(".row.linked .text")
            XCTAssertEqual(come, "line 3500")
            // In a step that is folded, and a range.
            try await stage.open(operation, "#web-L1500-L1502")
            try await browser.wait("the lines", until: isSeen)
            let linked = try await browser.value("[...document.querySelectorAll('.row.linked')].map(node => node.dataset.line)")
            XCTAssertEqual(linked, ["1500", "1501", "1502"])
            try await browser.value("document.querySelector('.row.linked').previousElementSibling.querySelector('.number').click()")
            let hash = try await browser.value("location.hash")
            XCTAssertEqual(hash, "#web-L1499")
            writer.close()
            try await stage.bench.settle(operation, .succeeded, .built)
            try await stage.open(operation, "#web-L9999")
            try await browser.wait("a word", until: "document.querySelector('#notice').innerText === 'Line 9999 is not there: the log has 4000 lines.'")
        }
    }

    func testTheKeyboardIsEnough() async throws {
        try await withLogStage(Self.browser) { stage, browser in
            let operation = try await stage.bench.build(["web": Self.build + ["#4 DONE 3.0s"], "api": Self.build])
            try await stage.bench.settle(operation, .succeeded, .built)
            try await stage.open(operation)
            try await browser.wait("the logs", until: "document.querySelectorAll('.tab').length === 2 && [...logs.values()].every(log => log.isLoaded)")
            try await browser.press("/")
            try await browser.wait("the search", until: "document.activeElement.id === 'search'")
            try await browser.type("module\u{E007}", into: "#search")
            try await browser.wait("the matches", until: "document.querySelector('#count').innerText === '1 of 4 lines'")
            for (key, count) in [(Browser.enter, "2 of 4 lines"), (Browser.enter, "3 of 4 lines")] {
                try await browser.press(key)
                try await browser.wait(count, until: "document.querySelector('#count').innerText === '\(count)'")
            }
            try await browser.wait("the other log", until: "shown.name === 'web'")
            try await browser.press("\u{E00C}")
            try await browser.wait("no search", until: "document.querySelector('#count').innerText === '' && document.activeElement.id !== 'search'")
            try await browser.press("e")
            try await browser.wait("all unfolded", until: "!shown.node.querySelector('.head:enabled[aria-expanded=false]')")
            try await browser.press("e")
            try await browser.wait("all folded", until: "!shown.node.querySelector('.head:enabled[aria-expanded=true]')")
        }
    }
}
