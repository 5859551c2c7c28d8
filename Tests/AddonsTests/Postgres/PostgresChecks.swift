import Deploys
import Foundation
import Subprocess
import TestSupport
import XCTest

@testable import Addons

/// What is said of a database that was not there.
func made(_ name: String, on host: String = "127.0.0.1") -> String {
    "The database `\(name)` was not on `\(host)`. It was made there, empty."
}

extension XCTestCase {
    func assertRefused(
        _ bench: PostgresBench, _ place: AddOnPlace, kept: [String: String]? = nil, file: StaticString = #filePath,
        line: UInt = #line, _ check: (_ sentence: String, _ advice: String) -> Void
    ) async {
        do throws(AddOnError) {
            try await bench.provide(place, kept: kept)
            XCTFail("It was not refused.", file: file, line: line)
        } catch .refused(let sentence, let advice) {
            check(sentence, advice ?? "")
        } catch {
            XCTFail("\(error)", file: file, line: line)
        }
    }

    /// What a program printed.
    func runToEnd(_ program: String, _ arguments: [String]) async throws -> String {
        let result = try await ProgramRun(program, arguments, timeLimit: .seconds(20)).run()
        XCTAssertEqual(result.exitCode, 0, String(decoding: result.errorOutput, as: UTF8.self))
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        return lines.last.map(String.init) ?? ""
    }
}

/// Counts how often psql runs.
struct Counter {
    private let directory: URL

    static func make() async throws -> Counter {
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let counter = Counter(directory: directory)
        let script = "#!/bin/sh\necho >> '\(directory.path)/runs'\nexec psql \"$@\"\n"
        try Data(script.utf8).write(to: URL(filePath: counter.program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: counter.program)
        return counter
    }

    var program: String { directory.appending(path: "counted-psql").path }

    var count: Int {
        (try? String(contentsOf: directory.appending(path: "runs"), encoding: .utf8))?.utf8.count ?? 0
    }

    func remove() { try? FileManager.default.removeItem(at: directory) }
}
