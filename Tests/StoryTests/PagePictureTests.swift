import Foundation
import TestSupport
import XCTest

/// Takes the README's picture of the page, when asked to:
/// `ITERAPP_PICTURE=.readme/demo.png swift test --filter PagePictureTests`
final class PagePictureTests: XCTestCase {
    func testTheDemoPosesForItsPicture() async throws {
        guard let path = ProcessInfo.processInfo.environment["ITERAPP_PICTURE"] else {
            throw XCTSkip("set ITERAPP_PICTURE to the file that the picture shall be written to")
        }
        if let obstacle = Browser.obstacle { throw XCTSkip("needs a browser: \(obstacle)") }
        try await withDemo { demo in
            try await withBrowser { browser in
                try await browser.open("http://localhost:\(demo.port)/")
                let scenes = [
                    ("register cats", "cats is registered"), ("deploy cats test main", "cats is live on test:"),
                    ("build cats main", "cats is built"),
                ]
                for (line, end) in scenes {
                    try await browser.type("/iterapp \(line)\(Browser.enter)", into: "#line")
                    try await demo.waitForMessages(end) { $0.contains { $0.text.contains(end) } }
                }
                try await breakTheBuild(demo.cats)
                try await browser.type("/iterapp deploy cats prod naps\(Browser.enter)", into: "#line")
                try await browser.wait("the thread", until: "document.querySelector('.replies-link')")
                try await browser.wait(
                    "the new post", until: "document.querySelectorAll('#messages article[data-ts]').length === 6")
                try await browser.click(".replies-link")
                // The pointer goes where it points at nothing.
                try await browser.click("main > header h2")
                try await browser.value("document.querySelectorAll('.private').forEach(node => node.remove())")
                try await browser.value("document.activeElement.blur()")
                try await browser.screenshot().write(to: URL(filePath: path))
            }
        }
    }

    /// On a branch of its own, and without a push, so that the deploy is somebody's wish.
    private func breakTheBuild(_ cats: GitRepository) async throws {
        let script = """
            echo "12 cats are looked at"
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
