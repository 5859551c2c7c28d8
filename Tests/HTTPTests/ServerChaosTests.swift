import Synchronization
import XCTest

@testable import HTTP

/// Twenty clients that do anything at all, again and again.
final class ServerChaosTests: ServerTestCase {
    private func someBytes(_ random: inout SeededRandom) -> [UInt8] {
        let samples = Bool.random(using: &random) ? ServerSamples.good : ServerSamples.all
        let text = (samples.randomElement(using: &random) ?? samples[0]).text
        let target = "GET /\(UInt8.random(in: 0..<4, using: &random))"
        let bytes = Array(text.replacing("GET /", with: target).utf8)
        return Bool.random(using: &random)
            ? bytes : Array(bytes[..<Int.random(in: 0...bytes.count, using: &random)])
    }

    private static let answerSomehow: HTTPHandler = { request in
        switch request.target.dropFirst().first {
        case "0": await Task.yield()
        case "1":
            return HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 0x61, count: 100_000)))
        case "2":
            let left = Atomic(50)
            let stream = AsyncThrowingStream<[UInt8], any Error> {
                left.subtract(1, ordering: .relaxed).newValue > 0
                    ? [UInt8](repeating: 0x62, count: 1_000) : nil
            }
            return HTTPResponse(status: 200, body: .stream(stream))
        default: break
        }
        return .text(200, "x")
    }

    /// Afterwards nothing is left behind, and the server answers as on the first day.
    func testNothingIsLeftOfClientsThatDoAnything() throws {
        try start(
            {
                ServerRefusalTests.limit(&$0)
                $0.maxPipelinedRequests = 3
                $0.maxUnsentBytes = 4 << 10
                $0.halfCloseMilliseconds = 20
                $0.headMilliseconds = 50
                $0.bodyMilliseconds = 50
                $0.idleMilliseconds = 100
                $0.lingerMilliseconds = 50
            }, handler: Self.answerSomehow)
        var random = SeededRandom(seed: 7)
        var clients = try (0..<20).map { _ in try connect() }
        for _ in 0..<4_000 {
            let index = Int.random(in: 0..<20, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...6: try? clients[index].send(someBytes(&random))
            case 7: clients[index].endSending()
            case 8:
                clients[index].reset()
                clients[index] = try connect()
            default:
                clients[index].close()
                clients[index] = try connect()
            }
        }
        clients = []
        eventually("all connections are gone") { server.statistics.openConnections == 0 }
        XCTAssertEqual(server.context.heldBodyBytes.load(ordering: .relaxed), 0)
        XCTAssertEqual(try ask("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n").text, "x")
        XCTAssertGreaterThan(server.statistics.successes, 50)
    }
}
