import Deploys
import Foundation
import HTTP
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Web

final class LogPageTests: XCTestCase {
    func testThePageSaysWhatItIsAndRunsNothingButItsOwnScript() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build([nil: ["#1 load"]])
            let answer = try await bench.answer(bench.links.path(of: operation))
            XCTAssertEqual(answer.status, 200)
            let text = String(decoding: try await LogBench.bytes(answer), as: UTF8.self)
            XCTAssertTrue(text.contains("<h1><span>Deploy of cats</span><span class=\"badge prod\">PROD</span></h1>"), text)
            let policy = try XCTUnwrap(answer.headers["Content-Security-Policy"])
            XCTAssertTrue(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"), policy)
            XCTAssertFalse(policy.contains("unsafe"))
            XCTAssertEqual(answer.headers["Referrer-Policy"], "no-referrer", "the address is a secret")
            let inline = text.matches(of: #/<script(?![^>]*(src=|application/json))|<[^>]* on[a-z]+=|<style|style=/#)
            XCTAssertEqual(inline.count, 0, "something inline, which the policy forbids")
        }
    }

    func testItsScriptAndStyleMayBeKept() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build([:])
            let page = try await bench.get(bench.links.path(of: operation))
            for path in [LogAssets.scriptPath, LogAssets.stylePath] {
                XCTAssertTrue(page.text.contains("\"\(path)\""), path)
                let answer = try await bench.answer(path)
                XCTAssertEqual(answer.status, 200)
                XCTAssertEqual(answer.headers["Cache-Control"], "public, max-age=31536000, immutable")
            }
            let old = try await bench.get("/operations/assets/0000000000000000/log.js")
            XCTAssertEqual(old.status, 404)
        }
    }

    func testWhatOthersWroteBecomesNoMarkup() async throws {
        try await withLogBench { bench in
            // What Unicode joins with a letter before it, browsers read as the mark-up that it is.
            let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u{1B}[31m"
                + "\u{D4E}</script>\u{D4E}<script>alert(4)</script>"
            let operation = try await bench.begin(try await bench.accept(by: evil), subject: evil)
            let writer = try bench.writer(operation, "\"><script>alert(2)</script>")
            writer.write("<script>alert(3)</script>\u{1B}[31mred\u{1B}[0m hush-hush-secret\u{7}")
            writer.close()
            try await bench.tell(operation, .failed(Failure(.build, evil, advice: evil)))
            let path = bench.links.path(of: operation)
            for page in [path, path + "?plain"] {
                let text = try await bench.get(page).text
                XCTAssertFalse(text.hasBytes(of: "<script>alert"), text)
                XCTAssertFalse(text.contains("<img"), text)
                XCTAssertFalse(text.contains("\u{1B}"))
                XCTAssertFalse(text.contains("hush-hush"), text)
            }
            let plain = try await bench.get(path + "?plain").text
            XCTAssertTrue(plain.contains("&lt;script&gt;alert(3)&lt;/script&gt;red •••"), plain)
        }
    }

    func testWithoutAScriptTheEndOfTheLogIsThere() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build(["web": ["#1 load"], "api": ["#1 other"]])
            let path = bench.links.path(of: operation)
            let page = try await bench.get(path).text
            XCTAssertTrue(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"0; url=\(path)?plain\"></noscript>"))
            let plain = try await bench.get(path + "?plain").text
            XCTAssertTrue(plain.contains("<h1>Deploy of cats to prod</h1>"), plain)
            XCTAssertTrue(plain.contains("<h2>api</h2>"), plain)
            XCTAssertTrue(plain.contains("<pre tabindex=\"0\">#1 other\n</pre>"), plain)
            XCTAssertTrue(plain.contains("href=\"\(path)/raw?appling=web\""), plain)
            XCTAssertTrue(plain.contains("http-equiv=\"refresh\" content=\"3\""), "it is not finished")
        }
    }

    func testBeforeTheBuildAndAfterItsLogIsGoneItSaysSo() async throws {
        try await withLogBench { bench in
            let queued = try await bench.accept()
            let path = bench.links.path(of: queued)
            let before = try await bench.get(path).text
            XCTAssertTrue(before.contains("The log begins here by itself."), before)
            let noLog = try await bench.get(path + "/raw")
            XCTAssertEqual(noLog.status, 404)
            let operation = try await bench.begin(queued)
            try await bench.settle(operation, .succeeded, .live([Site(url: "https://cats.example.com/")]))
            let after = try await bench.get(path).text
            XCTAssertTrue(after.contains("The log of this build is no longer kept"), after)
        }
    }

    func testNobodyGetsInWithoutALinkThatHolds() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build([nil: ["geheim"]])
            let path = bench.links.path(of: operation)
            let other = LogLinks(secret: "t", publicURL: nil).path(of: operation)
            let code = try XCTUnwrap(path.split(separator: "-").last)
            for wrong in [
                "/operations/1", "/operations/1/", "/operations/\(operation.id)/0-\(code)", other,
                path.replacing("/operations/1/", with: "/operations/2/"), "/operations/x/y-z", path + "/", path + "0",
                "/operations/1/99999999999999999999-a", "/operations/1/raw", "/operations/1/events", other + "/raw",
                path + "/raw/", path + "/../raw", path + "/raw/..%2f..", "/operations/01" + path.dropFirst(13),
                "/operations/-1/\(code)", "/operations/", "/operations/+1/raw", path.replacing("-", with: "--"),
            ] {
                for suffix in ["", "?plain"] {
                    let page = try await bench.get(wrong + suffix)
                    XCTAssertEqual(page.status, 404, wrong)
                    XCTAssertFalse(page.text.contains("geheim"), wrong)
                }
            }
            bench.now = LogBench.noon.addingTimeInterval(LogLinks.maxAgeSeconds + 1)
            for part in ["", "/raw", "/events", "?plain"] {
                let late = try await bench.get(path + part)
                XCTAssertEqual(late.status, 410, "a month is over")
                XCTAssertTrue(late.text.contains("Take a newer one from the message in Slack."), late.text)
            }
        }
    }

    func testNoNameOfAnApplingLeavesTheLogs() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build(["web": ["words"]])
            let path = bench.links.path(of: operation)
            for name in ["..", "../1-web", "..%2F1-web", "web.log", "%00", "", "web%2F", "WEB"] {
                let raw = try await bench.get(path + "/raw?appling=" + name)
                XCTAssertEqual(raw.status, 404, name)
                XCTAssertFalse(raw.text.contains("words"), name)
            }
        }
    }

    func testTheLogAsText() async throws {
        try await withLogBench { bench in
            let operation = try await bench.build(["web": ["\u{1B}[31mred\u{1B}[0m", "<b>"], "api": ["other"]])
            let path = bench.links.path(of: operation)
            for isPacked in [false, true] {
                if isPacked { await bench.logs.tidy() }
                let plain = try await bench.answer(path + "/raw?appling=web", headers: ["Accept-Encoding": "gzip"])
                XCTAssertEqual(plain.headers["Content-Type"], "text/plain; charset=utf-8")
                XCTAssertEqual(plain.headers["X-Content-Type-Options"], "nosniff")
                XCTAssertEqual(plain.headers["Content-Disposition"], "inline; filename=\"cats-web-build-1.log\"")
                let plainText = try await LogBench.bytes(plain)
                XCTAssertEqual(plainText, Array("red\n<b>\n".utf8))
                let coloured = try await bench.get(path + "/raw?colours&appling=web")
                XCTAssertEqual(coloured.text, "\u{1B}[31mred\u{1B}[0m\n<b>\n")
            }
            let unnamed = try await bench.get(path + "/raw")
            XCTAssertEqual(unnamed.status, 404)
            XCTAssertTrue(unnamed.text.contains("?appling=api, ?appling=web"), unnamed.text)

            let packed = try await bench.answer(path + "/raw?colours&appling=web", headers: ["Accept-Encoding": "br, gzip"])
            XCTAssertEqual(packed.headers["Content-Encoding"], "gzip")
            var run = ProgramRun("gzip", ["-dc"], timeLimit: .seconds(10))
            run.input = try await LogBench.bytes(packed)
            let unpacked = try await run.run().output
            XCTAssertEqual(unpacked, Array("\u{1B}[31mred\u{1B}[0m\n<b>\n".utf8))
            let refused = try await bench.answer(path + "/raw?colours&appling=web", headers: ["Accept-Encoding": "gzip;q=0"])
            XCTAssertNil(refused.headers["Content-Encoding"])
        }
    }

    func testOnlyItsOwnPathsAreAnswered() async throws {
        try await withLogBench { bench in
            let request = HTTPRequest(method: "GET", target: "/healthz", headers: [:], body: [], peer: "")
            let answer = await bench.page.answer(request)
            XCTAssertNil(answer)
            let posted = try await bench.answer("/operations/1", method: "POST")
            XCTAssertEqual(posted.status, 405)
        }
    }
}
