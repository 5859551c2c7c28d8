import XCTest

@testable import Kubernetes

final class WatchDecoderTests: XCTestCase {
    func testRecordedWatchInPiecesOfAnySize() throws {
        let bytes = try Recordings.bytes("watch-deployments.jsonl")
        var whole = WatchDecoder()
        let expected = try whole.push(bytes)
        XCTAssertEqual(expected.count, 17)
        XCTAssertEqual(expected.last, .bookmark(resourceVersion: "973"))
        for size in [1, 7, 1000] {
            var decoder = WatchDecoder()
            var events: [WatchEvent] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                events += try decoder.push(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            XCTAssertEqual(events, expected, "pieces of \(size)")
        }
    }

    func testErrorEventSaysThatTheVersionIsTooOld() throws {
        let answer = try Recordings.answer("watch-410-expired.http")
        XCTAssertEqual(answer.status, 200)
        var decoder = WatchDecoder()
        XCTAssertThrowsError(try decoder.push(answer.body)) {
            XCTAssertEqual($0 as? KubernetesError, .expired)
        }
    }

    func testNonsenseAndUnknownTypes() throws {
        var decoder = WatchDecoder()
        XCTAssertEqual(try decoder.push(Array("\r\n{\"type\":\"NEW\",\"object\":{}}\n".utf8)), [])
        XCTAssertThrowsError(try decoder.push(Array("<html>\n".utf8)))
        var endless = WatchDecoder()
        XCTAssertThrowsError(try endless.push([UInt8](repeating: 0x20, count: WatchDecoder.maxLineBytes + 1)))
    }
}
