import Foundation
import TestSupport
import XCTest

/// The page, as somebody has it in front of them: they type, press Enter, look, click.
final class PageTests: XCTestCase {
    private func withPage(_ body: (Browser, DemoProcess) async throws -> Void) async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withDemo { demo in
            try await withBrowser { browser in
                try await browser.open("http://localhost:\(demo.port)/")
                try await browser.wait("the page to be live", until: "document.querySelector('#state.live')")
                // A reload would forget it.
                try await browser.value("window.wasNeverReloaded = true")
                try await body(browser, demo)
                let isSame = try await browser.value("window.wasNeverReloaded === true")
                XCTAssertEqual(isSame, true, "the page was reloaded")
            }
        }
    }

    private func enter(_ line: String, _ browser: Browser) async throws {
        try await browser.type(line + Browser.enter, into: "#line")
    }

    /// The messages of the channel, without those that only one person sees.
    private static func message(_ words: String) -> String {
        "[...document.querySelectorAll('#messages article:not(.private)')]"
            + ".find(node => node.innerText.includes('\(words)'))"
    }

    func testACommandIsTypedAndItsMessageChangesInPlace() async throws {
        try await withPage { browser, demo in
            try await enter("/iterapp register cats", browser)
            try await browser.wait("the private answer", until: "document.querySelector('.private')")
            let answer = try await browser.text(".private")
            XCTAssertTrue(answer.contains("Only visible to you"), answer)
            XCTAssertTrue(answer.contains("Registering cats. Follow it in #iterapp-logs."), answer)
            try await browser.wait("the registration", until: Self.message("👋 cats is registered"))
            let line = try await browser.value("document.querySelector('#line').value")
            XCTAssertEqual(line, "", "the line is ready for the next command")

            try await enter("/iterapp deploy cats test main", browser)
            try await browser.wait("the live message", until: Self.message("Deploying cats to test"))
            // Everything that it says from now on.
            try await browser.value("""
                (() => {
                  window.ts = \(Self.message("Deploying cats to test")).dataset.ts;
                  window.said = new Set();
                  window.live = () => document.querySelector(`#messages [data-ts="${ts}"]`)?.innerText ?? "gone";
                  const note = () => said.add(live());
                  note();
                  new MutationObserver(note).observe(document.querySelector("#messages"), { childList: true });
                })()
                """)
            try await browser.wait("the message to say live", until: "live().includes('✅ cats is live on test')")
            let said = try await browser.value("[...said]").array?.compactMap(\.string) ?? []
            XCTAssertGreaterThan(said.count, 1, "it changed under the reader's eyes: \(said)")
            XCTAssertFalse(said.contains("gone"), "it never went away")
            let count = try await demo.messages().count { $0.text == "✅ cats is live on test" }
            XCTAssertEqual(count, 1)
        }
    }

    func testLinksAndButtonsLeadToTheApp() async throws {
        try await withPage { browser, demo in
            try await enter("/iterapp register cats", browser)
            try await browser.wait("the registration", until: Self.message("👋 cats is registered"))
            try await enter("/iterapp build cats main", browser)
            let step = #"[data-action^="step:deploy-test"]"#
            try await browser.wait("the button", until: "document.querySelector('\(step)')")
            let label = try await browser.text(step)
            XCTAssertEqual(label, "Deploy to test")
            try await browser.click(step)
            try await browser.wait("the deploy's end", until: Self.message("✅ cats is live on test"))
            let words = try await demo.messages().last { $0.text == "✅ cats is live on test" }?.words ?? ""
            XCTAssertTrue(words.contains("by <@U0YOU00001>"), words)
            XCTAssertTrue(words.contains("build 1"), "what was built is not built again: \(words)")

            try await browser.click("#messages a[href='http://cats.test.localhost:\(demo.port)/']")
            try await browser.followToNewWindow()
            try await browser.wait("the app's page", until: "document.querySelector('h1')?.innerText === 'Hello, cats'")
            let url = try await browser.value("location.href")
            XCTAssertEqual(url, .string("http://cats.test.localhost:\(demo.port)/"))
            try await browser.value("window.wasNeverReloaded = true")
        }
    }

    func testASecondPersonApprovesWhatTheFirstOneAskedFor() async throws {
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPolicyDemo { demo in
            try await withBrowser { browser in
                try await browser.open("http://localhost:\(demo.port)/")
                try await browser.wait("the page to be live", until: "document.querySelector('#state.live')")
                try await enter("/iterapp register cats", browser)
                try await browser.wait("the registration", until: Self.message("👋 cats is registered"))
                try await enter("/iterapp deploy cats prod main", browser)
                let approve = #"[data-action^="step:approve"]"#
                try await browser.wait("the question", until: "document.querySelector('\(approve)')")
                for (person, words) in [(1, "somebody else has to approve it"), (3, "@ann"), (2, "goes on")] {
                    try await browser.click("#members label:nth-child(\(person))")
                    try await browser.click(approve)
                    try await browser.wait("the answer to person \(person)", until:
                        "[...document.querySelectorAll('.private')].pop()?.innerText.includes('\(words)')")
                }
                try await browser.wait("prod to be live", until: Self.message("approved by @ann"))
                try await browser.wait("the deploy's end", until: Self.message("is live on 🟧 PROD"))
            }
        }
    }

    func testAMistakeIsAnsweredToItsSenderOnly() async throws {
        try await withPage { browser, demo in
            try await enter("/iterapp depoly cats test <b>main</b>", browser)
            try await browser.wait("the private answer", until: "document.querySelector('.private')")
            let answer = try await browser.text(".private")
            XCTAssertTrue(answer.contains("I don't know the command depoly. Did you mean deploy?"), answer)
            XCTAssertTrue(answer.contains("/iterapp deploy <app> <environment> <branch>"), answer)
            let messages = try await demo.messages()
            XCTAssertEqual(messages, [])
            // What was typed comes back with the arrow key, U+E013.
            try await browser.type("\u{E013}", into: "#line")
            let line = try await browser.value("document.querySelector('#line').value")
            XCTAssertEqual(line, "/iterapp depoly cats test <b>main</b>")
        }
    }

    func testANarrowWindowShowsEverythingWithoutScrollingSideways() async throws {
        try await withPage { browser, demo in
            let folder = String(repeating: "a-very-long-name/", count: 12)
            try await demo.repository("meow").make(["Dockerfile": "FROM scratch\nCOPY \(folder)x /x\n"])
            try await browser.setViewport(width: 390, height: 844)
            try await enter("/iterapp register meow", browser)
            try await browser.wait("the registration", until: Self.message("👋 meow is registered"))
            try await demo.repository("meow").commit(
                ["iterapp.toml": "port = \"\(String(repeating: "x", count: 300))\"\n"],
                String(repeating: "Long", count: 40))
            try await enter("/iterapp deploy meow test main", browser)
            try await browser.wait("the failure", until: "document.querySelector('.replies-link')")
            for what in ["the channel", "the thread"] {
                let width = try await browser.value(
                    "Math.max(...['html', 'body', '#messages', '#replies']"
                        + ".map(name => document.querySelector(name).scrollWidth))")
                XCTAssertLessThanOrEqual(width.int ?? .max, 390, what)
                let isVisible = try await browser.value(
                    "document.querySelector('#line').getBoundingClientRect().bottom <= innerHeight")
                XCTAssertEqual(isVisible, true, "the command line is in view")
                if what == "the channel" { try await browser.click(".replies-link") }
            }
            let thread = try await browser.text("#replies")
            XCTAssertTrue(thread.contains("iterapp.toml:1:8: error:"), thread)
            try await browser.click("#close")
            let isHidden = try await browser.value("document.querySelector('#thread').hidden")
            XCTAssertEqual(isHidden, true)
        }
    }

    func testThePageFindsItsWayBackToADemoThatWasRestarted() async throws {
        try await withPage { browser, demo in
            await demo.kill()
            try await browser.wait("the page to notice", until: "!document.querySelector('#state.live')")
            try await enter("/iterapp help", browser)
            try await browser.wait("the private answer", until: "document.querySelector('.private')")
            let answer = try await browser.text(".private")
            XCTAssertTrue(answer.contains("The demo does not answer. Is it still running?"), answer)
            try await demo.start()
            _ = try await demo.outcome(of: "register cats")
            try await browser.wait("the page to be live again", until: "document.querySelector('#state.live')")
            try await browser.wait("what happened meanwhile", until: Self.message("👋 cats is registered"))
            try await enter("/iterapp build cats main", browser)
            try await browser.wait("what happens now", until: Self.message("📦 cats is built"))
        }
    }
}

/// A demo in which you and ann own cats, and prod needs the word of both.
func withPolicyDemo(_ body: (DemoProcess) async throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        let file = directory.appending(path: "policy.toml")
        try Data("""
            [environments.prod]
            deploy = ["team"]
            needs_approval = true

            [teams.felines]
            members = ["U0YOU00001", "U0ANN00001"]
            apps = ["cats"]

            """.utf8).write(to: file)
        try await withDemo(environment: ["ITERAPP_POLICY_FILE": file.path], body)
    }
}
