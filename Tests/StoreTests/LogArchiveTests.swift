import Deploys
import Foundation
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Store

final class LogArchiveTests: XCTestCase {
    private func write(_ lines: [String], to logs: FileBuildLogs, build: Int = 1, appling: String? = nil) throws {
        let writer = try logs.open(app: cats, build: build, appling: appling)
        lines.forEach(writer.write)
        writer.close()
    }

    private func reference(_ build: Int = 1, _ appling: String? = nil) -> LogReference {
        LogReference(app: cats, build: build, appling: appling)
    }

    private func readAll(_ log: any OpenLog, maxBytes: Int = 64 << 10) async -> String {
        var bytes: [UInt8] = []
        while case let piece = await log.read(maxBytes: maxBytes), !piece.isEmpty { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func names(_ directory: URL) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: directory.appending(path: "logs/iterate/cats").path))
    }

    func testAFinishedLogIsPackedAndReadBack() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            let lines = (0..<12_000).map { "#5 \(Double($0) / 10) \u{1B}[32mline\u{1B}[0m \($0)" }
            try write(lines, to: logs, appling: "web")
            await logs.archive.settled()
            XCTAssertEqual(try names(directory), ["1-web.log.gz"])
            let text = lines.joined(separator: "\n") + "\n"

            let found = try await logs.open(reference(1, "web"), at: 0)
            let all = await readAll(try XCTUnwrap(found), maxBytes: 10_000)
            XCTAssertTrue(all == text, "what was packed came back changed")
            let offset = lines[..<11_990].joined(separator: "\n").utf8.count + 1
            let rest = try await logs.open(reference(1, "web"), at: offset)
            let last = await readAll(try XCTUnwrap(rest))
            XCTAssertEqual(last, lines[11_990...].joined(separator: "\n") + "\n")
            let end = await logs.end(of: reference(1, "web"), maxBytes: 40)
            XCTAssertEqual(end, LogEnd(text: "#5 1199.9 line 11999\n", isCut: true))

            let compressed = await logs.openCompressed(reference(1, "web"))
            let packed = try XCTUnwrap(compressed)
            var bytes: [UInt8] = []
            while case let piece = await packed.read(maxBytes: 1_000), !piece.isEmpty { bytes += piece }
            XCTAssertEqual(bytes.prefix(2), [0x1F, 0x8B])
            var run = ProgramRun("gzip", ["-dc"], timeLimit: .seconds(10))
            run.input = bytes
            let unpacked = try await run.run()
            XCTAssertTrue(unpacked.output == Array(text.utf8), "the packed bytes are not what was written")
            let attributes = try FileManager.default.attributesOfItem(
                atPath: directory.appending(path: "logs/iterate/cats/1-web.log.gz").path)
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600)
        }
    }

    /// A process that ended at any moment leaves a plain log, perhaps a packed one beside it, perhaps half a one.
    func testWhatACrashLeftIsReadableAndThenPacked() async throws {
        try await withTemporaryDirectory { directory in
            let folder = directory.appending(path: "logs/iterate/cats")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("whole\n".utf8).write(to: folder.appending(path: "1.log"))
            try Data([0x1F, 0x8B, 8]).write(to: folder.appending(path: "1.log.gz"))
            try Data("half".utf8).write(to: folder.appending(path: "2.log.packing"))
            try Data("half a line".utf8).write(to: folder.appending(path: "2.log"))
            let logs = FileBuildLogs(directory: directory)
            let before = await logs.end(of: reference(), maxBytes: 100)
            XCTAssertEqual(before?.text, "whole\n")
            let compressed = await logs.openCompressed(reference())
            XCTAssertNil(compressed, "half a packed log was given out")
            await logs.tidy()
            XCTAssertEqual(try names(directory), ["1.log.gz", "2.log.gz"])
            let after = await logs.end(of: reference(), maxBytes: 100)
            XCTAssertEqual(after?.text, "whole\n")
            let both = await logs.logs(of: cats, build: 2)
            XCTAssertEqual(both, [reference(2)])
        }
    }

    func testWithoutTheProgramLogsStayAsTheyAre() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory, gzip: "no-such-gzip")
            try write(["words"], to: logs)
            await logs.archive.settled()
            XCTAssertEqual(try names(directory), ["1.log"])
            let end = await logs.end(of: reference(), maxBytes: 100)
            XCTAssertEqual(end?.text, "words\n")
        }
    }

    func testTheOldestLogsMakeRoom() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory, maxDiskBytes: 50_000, gzip: "no-such-gzip")
            let open = try logs.open(app: cats, build: 1, appling: nil)
            for build in 2...12 {
                try write([String(repeating: "x", count: 8_000)], to: logs, build: build)
                await logs.archive.settled()
                let time = Date(timeIntervalSince1970: 1_700_000_000 + Double(build))
                let path = logs.path(app: cats, build: build, appling: nil)
                if FileManager.default.fileExists(atPath: path) {
                    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
                }
            }
            let kept = try names(directory)
            XCTAssertTrue(kept.contains("12.log"), "\(kept)")
            XCTAssertFalse(kept.contains("2.log"), "\(kept)")
            XCTAssertTrue(kept.contains("1.log"), "the oldest is still being written")
            XCTAssertLessThanOrEqual(kept.count, 8)
            open.close()
        }
    }

    func testThoseWhoFollowALogSeeEachLineAndItsEnd() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            let writer = try logs.open(app: cats, build: 1, appling: nil)
            let log = reference()
            let readers = (0..<20).map { _ in
                Task {
                    let signal = Signal()
                    let watch = logs.watch(cats, build: 1, signal)
                    defer { withExtendedLifetime(watch) {} }
                    guard let log = try await logs.open(log, at: 0) else { return "" }
                    var text = ""
                    while true {
                        let isGrowing = log.isGrowing
                        let bytes = await log.read(maxBytes: 500)
                        text += String(decoding: bytes, as: UTF8.self)
                        if bytes.isEmpty && !isGrowing { return text }
                        if bytes.isEmpty { await signal.wait() }
                    }
                }
            }
            for number in 0..<2_000 {
                writer.write("line \(number)")
                if number % 100 == 0 { await Task.yield() }
            }
            writer.close()
            let wanted = (0..<2_000).map { "line \($0)\n" }.joined()
            for reader in readers {
                let text = try await reader.value
                XCTAssertTrue(text == wanted, "a reader missed something: \(text.suffix(100))")
            }
        }
    }

    /// Many abandoned readers leave no program behind, and their places are free again.
    func testWhoStopsReadingHoldsNothing() async throws {
        try await withTemporaryDirectory { directory in
            let logs = FileBuildLogs(directory: directory)
            try write((0..<20_000).map { "line \($0)" }, to: logs)
            await logs.archive.settled()
            for _ in 0..<2 {
                var held: [any OpenLog] = []
                let deadline = ContinuousClock.now + .seconds(20)
                while held.count < UnpackingPlaces.maxPlaces {
                    guard let log = try? await logs.open(reference(), at: 0) else {
                        guard ContinuousClock.now < deadline else { throw TestFailure("places are not given back") }
                        try await Task.sleep(for: .milliseconds(5))
                        continue
                    }
                    let piece = await log.read(maxBytes: 100)
                    XCTAssertEqual(piece.count, 94)
                    held.append(log)
                }
                do {
                    _ = try await logs.open(reference(), at: 0)
                    XCTFail("there are more places than there may be")
                } catch { XCTAssertEqual(error as? LogsBusy, LogsBusy()) }
            }
        }
    }
}
