import Foundation
import Subprocess
import XCTest

/// A real repository to read from, made with real Git.
struct Repository {
    let directory: URL

    init(existing directory: URL) { self.directory = directory }

    /// Makes an empty one whose first branch will be `main`.
    init(at directory: URL, bare: Bool = false) async throws {
        self.directory = directory
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try await git(["init", "--quiet", "--initial-branch=main"] + (bare ? ["--bare"] : []))
    }

    /// - Returns: standard output without its last newline.
    @discardableResult
    func git(_ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws
        -> String
    {
        var run = ProgramRun("git", arguments, timeLimit: .seconds(60))
        run.directory = directory.path
        run.input = Array(input.utf8)
        run.inheritsEnvironment = false
        run.environment = Self.environment.merging(environment) { $1 }.mapValues(Optional.some)
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw Failed(text: "git \(arguments): " + String(decoding: result.errorOutput, as: UTF8.self))
        }
        let text = String(decoding: result.output, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Writes the files and commits everything.
    /// - Returns: the commit's digits.
    @discardableResult
    func commit(_ message: String, _ files: [String: String] = [:]) async throws -> String {
        for (path, content) in files {
            let file = directory.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: file)
        }
        try await git(["add", "--all"])
        try await git(["commit", "--quiet", "--allow-empty", "--file=-"], input: message)
        return try await git(["rev-parse", "HEAD"])
    }

    struct Failed: Error { let text: String }

    static let environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
        "GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada Lovelace", "GIT_COMMITTER_EMAIL": "ada@example.org",
    ]
}

/// Asserts that `body` throws an error equal to `expected`.
func assertThrows<T, E: Error & Equatable>(
    _ expected: E, file: StaticString = #filePath, line: UInt = #line,
    _ body: () async throws -> T
) async {
    do {
        let value = try await body()
        XCTFail("no error but \(value)", file: file, line: line)
    } catch let error as E {
        XCTAssertEqual(error, expected, file: file, line: line)
    } catch {
        XCTFail("\(error)", file: file, line: line)
    }
}
