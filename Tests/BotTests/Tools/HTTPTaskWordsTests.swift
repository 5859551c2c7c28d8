import Foundation
import HTTP
import TestSupport
import XCTest

@testable import Bot

/// What a scheduled task is given, and what it says.
final class HTTPTaskWordsTests: XCTestCase {
    func testURLs() throws {
        let paths = [
            "http://cats/": "/", "HTTPS://cats": "/", "http://cats?token=x": "/", "http://cats/a/b?c=/d#e": "/a/b",
            "http://[::1]:3000/x#y": "/x",
        ]
        for (text, path) in paths { XCTAssertEqual(try TaskURL(text).path, path) }
        let faults = [
            "cats/run": "--url must begin with http:// or https://.", "": "--url must begin with http:// or https://.",
            "ftp://cats/": "--url must begin with http:// or https://.", "http:///run": "--url names no host.",
            "http://:80/run": "--url names no host.",
            "http://cats/a b": "--url contains a character that must be percent-encoded.",
            "http://cats/é": "--url contains a character that must be percent-encoded.",
            "http://cats/\r\nX: y": "--url contains a character that must be percent-encoded.",
        ]
        for (text, sentence) in faults {
            XCTAssertThrowsError(try TaskURL(text), text) { XCTAssertEqual($0 as? WrongUsage, WrongUsage(sentence)) }
        }
    }

    func testDurations() {
        let words: [(Duration, String)] = [
            (.zero, "0 ms"), (.microseconds(1_999), "1 ms"), (.milliseconds(999), "999 ms"), (.seconds(1), "1 s"),
            (.milliseconds(20_140), "20.1 s"), (.milliseconds(20_950), "21 s"), (.seconds(10), "10 s"),
        ]
        for (duration, text) in words { XCTAssertEqual(HTTPTaskOutcome.words(duration), text) }
    }

    func testLines() {
        func line(_ attempts: [HTTPTaskOutcome.Attempt], stopped: Bool = false) -> String {
            HTTPTaskOutcome(
                method: "GET", path: "/run", attempts: attempts, duration: .milliseconds(20_100), wasStopped: stopped
            ).line
        }
        XCTAssertEqual(line([.answered(status: 204)]), "GET /run succeeded: status 204 after 20.1 s and 1 attempt")
        XCTAssertEqual(
            line([.unanswered(within: .seconds(10)), .answered(status: 500), .broken("cannot connect: x: y")]),
            "GET /run failed: cannot connect: x: y after 20.1 s and 3 attempts (before: no complete answer within 10 s; "
                + "status 500)")
        XCTAssertEqual(
            line([.answered(status: 500)], stopped: true),
            "GET /run was stopped by a signal after 20.1 s (before: status 500)")
        XCTAssertEqual(line([], stopped: true), "GET /run was stopped by a signal after 20.1 s")
    }

    private func fields(_ bytes: [UInt8]) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "headers")
            try Data(bytes).write(to: file)
            do { return try HeaderFile(path: file.path).read().fields.map { "\($0.name)=\($0.value)" } } catch {
                let sentence = "\(error)"
                XCTAssertFalse(sentence.contains("s3cret"), sentence)
                throw InputProblem(sentence.replacing(file.path, with: "FILE"))
            }
        }
    }

    func testHeaderFilesAreRead() async throws {
        let cases: [(String, [String])] = [
            ("", []),
            ("Authorization: Bearer a:b c\nX-Empty:\n", ["Authorization=Bearer a:b c", "X-Empty="]),
            ("A:b\r\n\r\nC: \t d \t\r\n", ["A=b", "C=d"]),
            ("a: 1\na: 2", ["a=1", "a=2"]),
            ("X-Name: Bjørn\tÅse", ["X-Name=Bjørn\tÅse"]),
        ]
        for (text, expected) in cases {
            let read = try await fields(Array(text.utf8))
            XCTAssertEqual(read, expected)
        }
    }

    func testMistakesInHeaderFilesAreNamedByTheirLine() async throws {
        let cases: [([UInt8], String)] = [
            (Array("A: b\nBearer s3cret".utf8), "Line 2 of FILE is no header: write `Name: value`."),
            (Array("\n\n: s3cret".utf8),
             "Line 3 of FILE is no header: before the colon must be a name of letters, digits, `-` and `_`, without "
                + "spaces."),
            (Array("A : s3cret".utf8),
             "Line 1 of FILE is no header: before the colon must be a name of letters, digits, `-` and `_`, without "
                + "spaces."),
            // A folded line, which RFC 9110 no longer allows.
            (Array("A: b\n s3cret: c".utf8),
             "Line 2 of FILE is no header: before the colon must be a name of letters, digits, `-` and `_`, without "
                + "spaces."),
            (Array("A: s3cret\u{0}".utf8), "Line 1 of FILE is no header: its value contains a control character."),
            (Array("A: s3\rcret".utf8), "Line 1 of FILE is no header: its value contains a control character."),
            (Array("A: s3cret".utf8) + [0xFF], "Line 1 of FILE is no header: it is not UTF-8."),
            (Array("content-length: 3".utf8),
             "Line 1 of FILE is no header: the length and coding of a body are set by the caller itself."),
            ([UInt8](repeating: 0x0A, count: (256 << 10) + 1),
             "FILE is larger than 262144 bytes, the most that headers may have."),
        ]
        for (bytes, sentence) in cases {
            do {
                _ = try await fields(bytes)
                XCTFail("read: \(sentence)")
            } catch let problem as InputProblem { XCTAssertEqual(problem.sentence, sentence) }
        }
    }

    func testAFileThatCannotBeRead() {
        XCTAssertThrowsError(try HeaderFile(path: "/nowhere/headers").read()) { error in
            XCTAssertEqual(
                "\(error)", "The headers cannot be read from /nowhere/headers: No such file or directory.")
        }
        XCTAssertThrowsError(try HeaderFile(path: "/").read()) { error in
            XCTAssertEqual("\(error)", "The headers cannot be read from /: Is a directory.")
        }
    }
}
