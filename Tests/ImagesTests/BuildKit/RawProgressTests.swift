import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Images

/// Recordings of a real BuildKit as log lines. `REWRITE_GOLDENS=1 swift test --filter RawProgressTests` writes them anew.
final class RawProgressTests: XCTestCase {
    func testRecordingsBecomeTheirLogs() throws {
        let rewrites = ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] == "1"
        let recordings = try Recording.all()
        XCTAssertGreaterThan(recordings.count, 7)
        for recording in recordings {
            let file = BuildctlStandIn.recordings.appending(path: recording.name + ".log")
            let text = recording.replayed().lines.map { $0 + "\n" }.joined()
            if rewrites { try Data(text.utf8).write(to: file) }
            XCTAssertEqual(text, try String(contentsOf: file, encoding: .utf8), recording.name)
        }
    }

    /// Characters, escapes and objects are torn apart by every size.
    func testPiecesMakeNoDifference() throws {
        for recording in try Recording.all() {
            let whole = recording.replayed()
            for chunk in [1, 2, 3, 7, 64, 1_000, 4_096] {
                let pieces = recording.replayed(chunk: chunk)
                XCTAssertEqual(pieces.lines, whole.lines, "\(recording.name) in pieces of \(chunk)")
                XCTAssertEqual(pieces.progress.record.failedStep, whole.progress.record.failedStep)
            }
        }
    }

    func testStepsBehindIt() throws {
        XCTAssertEqual(
            try Recording("ok").replayed(chunk: 1, succeeded: true).counts, [[0, 3], [1, 3], [2, 3], [3, 3]])
        XCTAssertEqual(
            try Recording("two-stages").replayed(chunk: 1, succeeded: true).counts,
            [[0, 5], [1, 5], [2, 5], [3, 5], [4, 5], [5, 5]])
        XCTAssertEqual(try Recording("run-fails").replayed(chunk: 1).counts, [[0, 2], [1, 2]])
    }

    /// A line that lacks its end, half an object, objects of other shapes: what is around them is told all the same.
    func testDamage() throws {
        let whole = try Recording("two-stages").bytes
        for cut in stride(from: 0, to: whole.count, by: 331) {
            var replay = Recording.Replay()
            replay.take(whole[..<cut])
            replay.finish(succeeded: false)
            replay = Recording.Replay()
            replay.take(whole[cut...])
            replay.finish(succeeded: false)
            replay = Recording.Replay()
            // A byte in the middle is lost, or is another one.
            replay.take(whole[..<cut] + [0xFF] + whole[cut...].dropFirst())
            replay.finish(succeeded: false)
            XCTAssertTrue(replay.lines.contains { $0.hasPrefix("#1 ") }, "\(cut)")
        }
        var replay = Recording.Replay()
        let strange = [
            "{", "{}", #"{"vertexes":{}}"#, #"{"vertexes":[1,null,{"digest":3}]}"#, #"{"logs":[{"vertex":"x"}]}"#,
            #"{"logs":[{"vertex":"x","data":"%%%"}]}"#, #"{"statuses":[{"id":"a","vertex":"x"}]}"#,
            #"{"vertexes":[{"digest":"a","name":"[1/1] RUN x","started":"yesterday","completed":"2026-13-45T"}]}"#,
            #"{"vertexes":[{"digest":"b","name":"n","started":"2026-01-01T00:00:00Z","#
                + #""completed":"1926-01-01T00:00:00Z"}]}"#,
            #"{"warnings":[{"short":"aGk="}]}"#, "{\"a\":" + String(repeating: "[", count: 10_000), "\u{0}\u{1B}[2Jplain",
        ]
        replay.take(Array((strange.joined(separator: "\n") + "\n").utf8))
        replay.finish(succeeded: false)
        XCTAssertEqual(replay.lines, ["#1 n", "#1 DONE 0.0s", "WARN: hi", "plain"])
    }

    func testLinesThatAreTooLongAreSkipped() {
        var replay = Recording.Replay()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        for _ in 0..<(RawProgress.maxLineBytes >> 20) + 2 { replay.take(piece) }
        replay.take(Array("\nerror: short\n".utf8))
        XCTAssertEqual(replay.lines, ["error: short"])
    }
}
