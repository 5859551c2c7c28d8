import Foundation
import TestSupport
import XCTest

@testable import Bot

final class ReloadSignalTests: XCTestCase {
    func testEveryHangUpIsHeardAndEndsNothing() async throws {
        let heard = Watched(0)
        let reload = try ReloadSignal()
        let task = Task {
            while !Task.isCancelled {
                await reload.received.wait()
                heard.change { $0 += 1 }
            }
        }
        for count in 1...3 {
            kill(getpid(), SIGHUP)
            try await heard.wait(for: "hang-up \(count)") { $0 >= count }
        }
        task.cancel()
        await task.value
    }

    func testAnAccessFileWithMistakesIsOneOfTheProblemsAtTheStart() async throws {
        try await BotBench.with { bench in
            let file = bench.directory.appending(path: "access.toml")
            try Data("[namespaces.apps-cats-prod]\nedti = []\n".utf8).write(to: file)
            do {
                _ = try bench.settings(["ITERAPP_ACCESS_FILE": file.path, "ITERAPP_BUILDER": "podman"])
                XCTFail("it started")
            } catch let error as SettingsError {
                XCTAssertEqual(error.problems.count, 2, "\(error)")
                XCTAssertTrue(error.problems.contains(
                    "ITERAPP_ACCESS_FILE: \(file.path):2:1: error: unknown key `edti`; did you mean `edit`?"), "\(error)")
            }
            try Data("[namespaces.apps-cats-prod]\nedit = [\"kari\"]\n".utf8).write(to: file)
            let settings = try bench.settings(["ITERAPP_ACCESS_FILE": file.path])
            XCTAssertEqual(settings.access?.grants.namespaces["apps-cats-prod"]?.keys.map(\.rawValue), ["edit"])
            XCTAssertNil(try bench.settings().access)
        }
    }
}
