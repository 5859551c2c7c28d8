import Foundation
import TestSupport
import XCTest

/// Takes the README's pictures of the page, when asked to:
/// `ITERAPP_PICTURE=.readme swift test --filter PagePictureTests`
final class PagePictureTests: XCTestCase {
    func testTheDemoPosesForItsPictures() async throws {
        guard let folder = PagePictures.folder else {
            throw XCTSkip("set ITERAPP_PICTURE to the folder that the pictures shall be written to")
        }
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withPolicyDemo { demo in
            try await withBrowser { browser in
                try await browser.open("http://localhost:\(demo.port)/")
                try await browser.wait("the page to be live", until: "document.querySelector('#state.live')")
                for (line, end) in [
                    ("register cats", "cats is registered"), ("deploy cats test main", "cats is live on test:"),
                ] {
                    try await browser.type("/iterapp \(line)\(Browser.enter)", into: "#line")
                    try await demo.waitForMessages(end) { $0.contains { $0.text.contains(end) } }
                }
                try await goToProd(demo, browser, folder)
                try await fail(demo, browser, folder)
                try await goHome(browser, folder)
            }
        }
    }

    /// A modal asks again before prod changes, and then a second person is asked.
    private func goToProd(_ demo: DemoProcess, _ browser: Browser, _ folder: URL) async throws {
        let step = #"[data-action^="step:deploy-prod"]"#
        try await browser.wait("the next step", until: "document.querySelector('\(step)')")
        try await browser.click(step)
        try await browser.wait("the modal", until: "document.querySelector('#modal').open")
        try await browser.type("Friday's release", into: "#modal-body input")
        try await take("prod", browser, folder, width: 960, height: 600)
        try await browser.click("#modal-submit")
        let approve = #"[data-action^="step:approve"]"#
        try await browser.wait("the question", until: "document.querySelector('\(approve)')")
        try await browser.click("#members label:nth-child(2)")
        try await demo.waitForMessages("the call") { $0.last?.text.contains("needs a second person:") == true }
        try await take("approval", browser, folder, width: 960, height: 600)
        try await browser.click(approve)
        try await demo.waitForMessages("prod") { $0.contains { $0.text.contains("cats is live on PROD:") } }
        try await browser.click("#members label:first-child")
    }

    /// A build that fails, and its log in the thread.
    private func fail(_ demo: DemoProcess, _ browser: Browser, _ folder: URL) async throws {
        try await breakTheBuild(demo.cats)
        try await browser.type("/iterapp deploy cats test naps\(Browser.enter)", into: "#line")
        try await demo.waitForMessages("the failure") { messages in
            messages.contains { $0.thread != nil } && messages.last { $0.thread == nil }?.text.contains("failed: ") == true
        }
        try await browser.wait("the thread", until: "document.querySelector('.replies-link')")
        try await browser.click(".replies-link")
        try await browser.wait("the log", until: "document.querySelector('#replies .preview:not([hidden])')")
        try await browser.value("replies.scrollTop = 0")
        try await take("demo", browser, folder, width: 1_280, height: 800)
        try await browser.click("#close")
    }

    private func goHome(_ browser: Browser, _ folder: URL) async throws {
        try await browser.click("#apps .place")
        try await browser.click("[data-tab=home]")
        try await browser.wait("the Home tab", until: "document.querySelector('#home .block')")
        try await take("home", browser, folder, width: 960, height: 600)
    }

    /// The pointer goes where it points at nothing, and what was said to one person only goes away.
    private func take(
        _ name: String, _ browser: Browser, _ folder: URL, width: Int, height: Int
    ) async throws {
        try await browser.setViewport(width: width, height: height)
        if try await browser.value("document.querySelector('#modal').open") != true {
            try await browser.click("main > header h2")
        }
        try await browser.value("document.querySelectorAll('.private').forEach(node => node.remove())")
        try await browser.value("document.activeElement.blur()")
        try await browser.value("list.scrollTop = list.scrollHeight")
        try await PagePictures.take(name, browser, in: folder)
        try await browser.setViewport(width: 1_280, height: 800)
    }

    /// On a branch of its own, and without a push, so that the deploy is somebody's wish; with a log that is long
    /// enough to be worth a file.
    private func breakTheBuild(_ cats: GitRepository) async throws {
        let script = """
            echo "48 cats are looked at"
            cat=1; while [ $cat -lt 46 ]; do echo "ok      cat $cat purrs"; cat=$((cat + 1)); done
            echo "ok      Minka purrs"
            echo "ok      Felix purrs"
            echo "FAILED  Tom sleeps (naps.sh, line 12)"
            exit 1

            """
        let dockerfile = try String(contentsOf: cats.directory.appending(path: "Dockerfile"), encoding: .utf8)
            .replacing("ENTRYPOINT", with: """
                COPY naps.sh /naps.sh
                RUN ["/bin/busybox", "sh", "/naps.sh"]
                ENTRYPOINT
                """)
        try await cats.git("checkout", "-q", "-b", "naps")
        try await cats.git("config", "core.hooksPath", "/dev/null")
        try await cats.commit(["Dockerfile": dockerfile, "naps.sh": script], "Wake all cats")
    }
}
