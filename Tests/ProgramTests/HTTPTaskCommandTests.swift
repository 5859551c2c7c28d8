import Foundation
import Subprocess
import TestSupport
import XCTest

/// `iterapp http-task`
final class HTTPTaskCommandTests: XCTestCase {
    private func peer(_ serve: @escaping @Sendable (PeerConnection) throws -> Void) throws -> ClientPeer {
        let peer = try ClientPeer(serve)
        addTeardownBlock { peer.stop() }
        return peer
    }

    func testARequestIsMadeAndOneLineSaysHowItWent() async throws {
        let seen = Watched<[String]>([])
        let peer = try peer { connection in
            let request = try connection.readRequest()
            seen.change { $0.append(request.head) }
            try connection.answer("done", status: "201 Created")
        }
        try await Program.with(["headers": "Authorization: Bearer s3cret\n"]) { directory in
            let end = try await Program.run(
                "http-task", "--url", peer.url + "/run?key=s3cret", "--method", "PUT", "--headers-file", "headers",
                directory: directory)
            XCTAssertEqual(end.exitCode, 0, end.errors)
            XCTAssertEqual(end.output, "")
            let line = try XCTUnwrap(end.errors.wholeMatch(of: /[-0-9T:]+Z info (.*)\n/)).1
            XCTAssertEqual(
                line.replacing(#/[0-9.]+ m?s /#, with: "T "), "PUT /run succeeded: status 201 after T and 1 attempt")
        }
        XCTAssertEqual(seen.value.count, 1)
        XCTAssertTrue(seen.value[0].hasPrefix("PUT /run?key=s3cret HTTP/1.1\r\n"))
        XCTAssertTrue(seen.value[0].contains("\r\nAuthorization: Bearer s3cret\r\n"))
    }

    func testSIGTERMEndsItAtOnceWithAWord() async throws {
        let isReached = Watched(false)
        let peer = try peer { connection in
            isReached.change { $0 = true }
            connection.waitForEnd()
        }
        try await withTemporaryDirectory { directory in
            let log = directory.appending(path: "log").path
            let task = try RunningProgram(
                DemoProcess.binary.path, ["http-task", "--url", peer.url + "/run"], logFile: log)
            try await isReached.wait(for: "the request") { $0 }
            let start = ContinuousClock.now
            let code = await task.terminate(grace: .seconds(30))
            XCTAssertEqual(code, 1)
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(5))
            let said = try String(contentsOfFile: log, encoding: .utf8)
            XCTAssertNotNil(said.wholeMatch(of: /[-0-9T:]+Z error GET \/run was stopped by a signal after .*\n/), said)
        }
    }

    func testWhatCannotBeSentIsNotSent() async throws {
        try await Program.with(["headers": "A: b\ns3cret\n"]) { directory in
            func run(_ arguments: String...) async throws -> Program.End {
                switch arguments.count {
                case 0: try await Program.run("http-task", directory: directory)
                case 2: try await Program.run("http-task", arguments[0], arguments[1], directory: directory)
                default:
                    try await Program.run(
                        "http-task", "--url", "http://127.0.0.1:1/", arguments[0], directory: directory)
                }
            }
            let headers = try await run("--headers-file=headers")
            XCTAssertEqual(headers.exitCode, 1)
            XCTAssertEqual(headers.errors, "iterapp: Line 2 of headers is no header: write `Name: value`.\n")
            for end in try await [run(), run("--url", "cats/run"), run("--method=get"), run("--retries=9")] {
                XCTAssertEqual(end.exitCode, 2)
                XCTAssertTrue(end.errors.contains("usage: iterapp http-task --url URL"), end.errors)
            }
        }
    }
}
