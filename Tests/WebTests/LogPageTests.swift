import Deploys
import Foundation
import HTTP
import Store
import TestSupport
import XCTest

@testable import Web

final class LogPageTests: XCTestCase {
    private static let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private static let cats = AppID(organisation: "iterate", name: "cats")

    private struct Bench {
        let journal: SQLiteJournal
        let logs: FileBuildLogs
        let links = LogLinks(secret: "s", publicURL: "https://bot.example.com")
        var now = LogPageTests.noon

        func get(_ path: String) async throws -> (status: Int, text: String) {
            let page = LogPage(links: links, journal: journal, logs: logs, mask: SecretMask(), label: \.name, now: { [now] in now })
            let request = HTTPRequest(method: "GET", target: path, headers: [:], body: [], peer: "")
            let found = await page.answer(request)
            let answer = try XCTUnwrap(found)
            guard case .bytes(let bytes) = answer.body else { return (answer.status, "") }
            return (answer.status, String(decoding: bytes, as: UTF8.self))
        }

        /// An operation whose build has a log for each of the applings.
        func build(_ logged: [String?: [String]]) async throws -> Deploys.Operation {
            let request = OperationRequest(
                kind: .deploy, app: cats, environment: .prod, revision: Revision("main"),
                trigger: .command(Person(id: "U1", name: "kari")), channel: "#room", deduplicationKey: nil)
            guard case .accepted(let operation) = try await journal.accept(
                request, at: noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            else { throw TestFailure("not accepted") }
            let commit = try XCTUnwrap(CommitID(String(repeating: "a", count: 40)))
            let build = try await journal.beginBuild(of: commit, for: operation, at: noon)
            for (appling, lines) in logged {
                let writer = try logs.open(app: cats, build: build.number, appling: appling)
                lines.forEach(writer.write)
                writer.close()
            }
            let built = try await journal.operation(operation.id)
            return try XCTUnwrap(built)
        }
    }

    private func withBench(_ body: (inout Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let journal = try await SQLiteJournal.open(directory) { Self.noon }
            var bench = Bench(journal: journal, logs: FileBuildLogs(directory: directory))
            try await body(&bench)
            await journal.close()
        }
    }

    func testItShowsTheLogOfEveryAppling() async throws {
        try await withBench { bench in
            let operation = try await bench.build([
                "web": ["#1 load", "\u{1B}[31mred\u{1B}[0m <script>alert(1)</script>\u{7}"], "api": ["#1 other"],
            ])
            let page = try await bench.get(bench.links.path(of: operation))
            XCTAssertEqual(page.status, 200)
            XCTAssertTrue(page.text.contains("<h1>Deploy of cats to prod</h1>"), page.text)
            XCTAssertTrue(page.text.contains("<h2>api</h2><pre tabindex=\"0\">#1 other\n</pre>"), page.text)
            XCTAssertTrue(page.text.contains("red &lt;script&gt;alert(1)&lt;/script&gt;\n"), page.text)
            XCTAssertTrue(page.text.contains("http-equiv=\"refresh\""), "it is not finished")
        }
    }

    func testBeforeTheBuildItSaysSo() async throws {
        try await withBench { bench in
            let page = try await bench.get(bench.links.path(of: try await bench.build([:])))
            XCTAssertTrue(page.text.contains("Nothing was built yet."), page.text)
        }
    }

    func testNobodyGetsInWithoutALinkThatHolds() async throws {
        try await withBench { bench in
            let operation = try await bench.build([nil: ["geheim"]])
            let path = bench.links.path(of: operation)
            let other = LogLinks(secret: "t", publicURL: nil).path(of: operation)
            let code = try XCTUnwrap(path.split(separator: "-").last)
            for wrong in [
                "/operations/1", "/operations/1/", "/operations/\(operation.id)/0-\(code)", other,
                path.replacing("/operations/1/", with: "/operations/2/"), "/operations/x/y-z", path + "/", path + "0",
                "/operations/1/99999999999999999999-a",
            ] {
                let page = try await bench.get(wrong)
                XCTAssertEqual(page.status, 404, wrong)
                XCTAssertFalse(page.text.contains("geheim"), wrong)
            }
            bench.now = Self.noon.addingTimeInterval(LogLinks.maxAgeSeconds + 1)
            let late = try await bench.get(path)
            XCTAssertEqual(late.status, 404, "a month is over")
        }
    }

    func testOnlyItsOwnPathsAreAnswered() async throws {
        try await withBench { bench in
            let page = LogPage(
                links: bench.links, journal: bench.journal, logs: bench.logs, mask: SecretMask(), label: \.name,
                now: { Self.noon })
            let request = HTTPRequest(method: "GET", target: "/healthz", headers: [:], body: [], peer: "")
            let answer = await page.answer(request)
            XCTAssertNil(answer)
        }
    }
}
