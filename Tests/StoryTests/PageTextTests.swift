import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// What the page makes of mrkdwn (docs.slack.dev, "Formatting message text"), as HTML that a browser writes down.
final class PageTextTests: XCTestCase {
    private static let browser = SharedBrowser()
    override class func tearDown() { browser.end() }

    private static let cases: [(mrkdwn: String, html: String)] = [
        ("a *bold* _it_ ~no~ `x`", "a <strong>bold</strong> <em>it</em> <s>no</s> <code>x</code>"),
        ("*_both_*, (*b*)", "<strong><em>both</em></strong>, (<strong>b</strong>)"),
        ("snake_case_name 2*3*4 a~b~c * no * _ no _", "snake_case_name 2*3*4 a~b~c * no * _ no _"),
        ("*open\nand* closed", "*open\nand* closed"),
        ("a*\u{200B}b*\u{200B} _\u{200B}c_\u{200B}", "a*\u{200B}b*\u{200B} _\u{200B}c_\u{200B}"),
        ("*a `*` b*", "<strong>a <code>*</code> b</strong>"),
        ("`*no* &lt;b&gt;`", "<code>*no* &lt;b&gt;</code>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
        ("```\n*a*\n  b```c", "<pre>*a*\n  b</pre>c"),
        ("&gt; a\n&gt; *b*\nc", "<blockquote>a\n<strong>b</strong></blockquote>c"),
        ("<@U0ANN00001> <@U0YOU00001> <@U1|old>",
            "<span class=\"mention\">@ann</span> <span class=\"mention me\">@you</span> "
                + "<span class=\"mention\">@old</span>"),
        ("<!subteam^S0CATS0001> <!subteam^S1|@dogs> <!here>",
            "<span class=\"mention\">@cats</span> <span class=\"mention\">@dogs</span> "
                + "<span class=\"mention broadcast\">@here</span>"),
        ("<#C0GENERAL1> <#C1|old>",
            "<button class=\"mention\" type=\"button\">#general</button> <span class=\"mention\">#old</span>"),
        ("<https://a.no/?b=1&amp;c|x *y* :+1:>",
            link("https://a.no/?b=1&amp;c", "x *y* <span class=\"emoji\" title=\":+1:\">👍</span>")),
        ("see https://a.no/x_y_z, ok", "see " + link("https://a.no/x_y_z", "https://a.no/x_y_z") + ", ok"),
        ("<mailto:a@b.no|us>", link("mailto:a@b.no", "us")),
        ("`<https://a.no|c0ffee>`", "<code>" + link("https://a.no", "c0ffee") + "</code>"),
        (":rocket: :nope: 10:30:15", "<span class=\"emoji\" title=\":rocket:\">🚀</span> :nope: 10:30:15"),
        ("<!date^nonsense^{ago}|a while ago>", "a while ago"),
    ]

    private static func link(_ url: String, _ label: String) -> String {
        "<a href=\"\(url)\" target=\"_blank\" rel=\"noopener noreferrer\">\(label)</a>"
    }

    private func withStage(_ body: (PageStage, Browser) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPageStage(Self.browser, body)
    }

    func testMrkdwnBecomesNodes() async throws {
        try await withStage { stage, browser in
            try await stage.open()
            for (mrkdwn, html) in Self.cases {
                let made = try await browser.value(
                    "element('div', '', ...formatted(\(JSON.string(mrkdwn).text))).innerHTML")
                XCTAssertEqual(made.string, html, mrkdwn)
            }
        }
    }

    func testMrkdwnOfAnyLengthIsReadAtOnce() async throws {
        try await withStage { stage, browser in
            try await stage.open()
            for text in ["*a ", "_a ", "`a ", "<a ", ":a ", "&gt; *a\\n", "~*_a ", "```a "] {
                let milliseconds = try await browser.value("""
                    (() => {
                      const start = performance.now();
                      formatted("\(text)".repeat(10000));
                      return Math.round(performance.now() - start);
                    })()
                    """)
                XCTAssertLessThan(milliseconds.int ?? .max, 1_000, text)
            }
        }
    }

    func testDatesAreTheReadersAndTick() async throws {
        try await withStage { stage, browser in
            try await stage.open()
            let day = try await browser.value("dateText(new Date(2026, 10, 9, 8, 7, 6), '{date_num} {date_slash}')")
            XCTAssertEqual(day, "2026-11-09 09/11/2026")
            for (seconds, words) in [
                (-1, "1 second ago"), (-59, "59 seconds ago"), (-60, "1 minute ago"), (-7_300, "2 hours ago"),
                (-200_000, "2 days ago"), (90, "in 1 minute"),
            ] {
                let text = try await browser.value("ago(new Date(Date.now() + \(seconds)000))")
                XCTAssertEqual(text.string, words)
            }
            let yesterday = try await browser.value("dateText(new Date(Date.now() - 86400000), '{date_short_pretty}')")
            XCTAssertEqual(yesterday, "yesterday")

            let now = Int(Date.now.timeIntervalSince1970)
            try await stage.post("Started <!date^\(now)^{ago}|now>")
            try await stage.waitForMessage("Started")
            try await browser.value("window.before = document.querySelector('.text time').textContent")
            try await browser.wait(
                "the time to pass", until: "document.querySelector('.text time').textContent !== window.before")
        }
    }
}
