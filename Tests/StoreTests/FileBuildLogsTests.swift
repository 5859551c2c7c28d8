import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Store

final class FileBuildLogsTests: XCTestCase {
    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    /// What was written, packed or not.
    private func text(_ logs: FileBuildLogs, _ app: AppID, _ build: Int, _ appling: String? = nil) async -> String? {
        await logs.archive.settled()
        return await logs.end(of: LogReference(app: app, build: build, appling: appling), maxBytes: 10 << 20)?.text
    }

    func testSecretsNeverReachAFile() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory, mask: SecretMask(["our-own-secret"]))
            let writer = try logs.open(app: dogs, build: 1, appling: nil)
            for line in ["with our-own-secret", "-----BEGIN PRIVATE KEY-----", "MIIEow", "-----END PRIVATE KEY-----", "ok"] {
                writer.write(line)
            }
            writer.close()
            let log = await text(logs, dogs, 1)
            XCTAssertEqual(log, "with •••\n•••\n•••\n•••\nok\n")
        }
    }

    func testAnAppsWordsReachNoFileOfIts() async throws {
        try await withTemporaryDirectory { directory in
            let (mask, cats) = (SecretMask(), AppID(organisation: "iterate", name: "cats"))
            let logs = FileBuildLogs(directory: directory, mask: mask)
            mask.learn(["production"], of: cats)
            for app in [cats, dogs] {
                let writer = try logs.open(app: app, build: 1, appling: nil)
                writer.write("NODE_ENV is production")
                writer.close()
            }
            let (own, others) = (await text(logs, cats, 1), await text(logs, dogs, 1))
            XCTAssertEqual(own, "NODE_ENV is •••\n")
            XCTAssertEqual(others, "NODE_ENV is production\n")
        }
    }

    func testTheEndOfALogBeginsWithAWholeLine() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            let log = LogReference(app: dogs, build: 1, appling: "web")
            let missing = await logs.end(of: log, maxBytes: 100)
            XCTAssertNil(missing)
            let writer = try logs.open(app: dogs, build: 1, appling: "web")
            let empty = await logs.end(of: log, maxBytes: 100)
            XCTAssertEqual(empty, LogEnd(text: "", isCut: false))
            for line in ["first", "second", "third"] { writer.write(line) }
            writer.close()
            for (bytes, text) in [(19, "first\nsecond\nthird\n"), (18, "second\nthird\n"), (12, "third\n"), (5, "")] {
                let end = await logs.end(of: log, maxBytes: bytes)
                XCTAssertEqual(end, LogEnd(text: text, isCut: bytes < 19), "\(bytes)")
            }
        }
    }

    func testEachLineCanBeReadAtOnce() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            let writer = try logs.open(app: dogs, build: 12, appling: nil)
            let path = directory.appending(path: "logs/iterate/dogs/12.log").path
            XCTAssertEqual(logs.path(app: dogs, build: 12, appling: nil), path)
            XCTAssertEqual(try content(path), "")
            writer.write("#1 [internal] load build definition")
            XCTAssertEqual(try content(path), "#1 [internal] load build definition\n")
            writer.write("")
            writer.write("æ\u{1F408}")
            XCTAssertEqual(try content(path), "#1 [internal] load build definition\n\næ\u{1F408}\n")
            writer.close()
            writer.write("too late")
            writer.close()
            let text = await text(logs, dogs, 12)
            XCTAssertEqual(text, "#1 [internal] load build definition\n\næ\u{1F408}\n")
        }
    }

    func testARepeatedBuildBeginsItsLogAnew() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            for text in ["a longer first attempt", "second"] {
                let writer = try logs.open(app: cats, build: 1, appling: "web")
                writer.write(text)
                writer.close()
            }
            let text = await text(logs, cats, 1, "web")
            XCTAssertEqual(text, "second\n")
        }
    }

    func testNoNameLeavesTheDirectory() async throws {
        let table = [
            ("cats", "cats"), ("my_app-2.0", "my_app-2.0"), ("..", "%2e."), (".", "%2e"), ("", "%"),
            ("../../etc/passwd", "%2e.%2f..%2fetc%2fpasswd"), ("a\0b\n", "a%00b%0a"), ("%2e", "%252e"),
            ("æ", "%c3%a6"),
        ]
        for (name, wanted) in table { XCTAssertEqual(LogFile.name(name), wanted) }
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory.appending(path: "state"))
            let hostile = AppID(organisation: "..", name: "../x")
            try logs.open(app: hostile, build: 1, appling: "../../y").close()
            await logs.archive.settled()
            let names = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
            XCTAssertEqual(
                names.filter { $0.contains(".log") }, ["state/logs/%2e./%2e.%2fx/1-%2e.%2f..%2fy.log.gz"])
        }
    }

    func testOnlyTheNewestBuildsKeepTheirLogs() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            let kept = FileBuildLogs.maxKeptBuilds
            for (build, appling) in [(1, nil), (1, "web"), (2, nil), (3, "web"), (kept + 2, nil)] {
                try logs.open(app: cats, build: build, appling: appling).close()
            }
            try logs.open(app: dogs, build: 1, appling: nil).close()
            await logs.archive.settled()
            let names = try FileManager.default.contentsOfDirectory(
                atPath: directory.appending(path: "logs/iterate/cats").path)
            XCTAssertEqual(Set(names), ["3-web.log.gz", "\(kept + 2).log.gz"])
            let others = await logs.logs(of: dogs, build: 1)
            XCTAssertEqual(others.count, 1)
        }
    }

    func testWhatIsInTheWayIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            try Data().write(to: directory.appending(path: "logs"))
            let logs = FileBuildLogs(directory: directory)
            XCTAssertThrowsError(try logs.open(app: cats, build: 1, appling: nil)) { error in
                let place = "\(directory.path)/logs/iterate/cats"
                let wanted = "the directory for build logs, \(place), can't be made: "
                XCTAssertTrue("\(error)".hasPrefix(wanted), "\(error)")
            }
        }
    }

    func testALinkInThePlaceOfALogIsNotFollowed() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            try logs.open(app: cats, build: 1, appling: nil).close()
            let target = directory.appending(path: "target").path
            try "precious".write(toFile: target, atomically: true, encoding: .utf8)
            let path = logs.path(app: cats, build: 2, appling: nil)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
            XCTAssertThrowsError(try logs.open(app: cats, build: 2, appling: nil)) { error in
                XCTAssertTrue("\(error)".hasPrefix("the build log \(path) can't be written: "), "\(error)")
            }
            XCTAssertEqual(try content(target), "precious")
        }
    }

    /// `/dev/full` answers every write as a full disk does.
    func testAFullDiskDoesNotDisturbTheBuild() throws {
        let writer = try FileBuildLogWriter(path: "/dev/full", maxBytes: 100, mask: SecretMask())
        writer.write("lost")
        writer.close()
    }

    func testManyThreadsMayWrite() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            let writer = try logs.open(app: cats, build: 1, appling: nil)
            let line = String(repeating: "x", count: 5_000)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 { group.addTask { writer.write("\(number) \(line)") } }
            }
            writer.close()
            let lines = await text(logs, cats, 1)?.split(separator: "\n")
            XCTAssertEqual(Set(lines ?? []), Set((0..<50).map { Substring("\($0) \(line)") }))
        }
    }
}
