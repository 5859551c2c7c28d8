import XCTest

@testable import HTTP

/// The parser alone: whatever comes, however it is split, it ends in the same place.
final class ServerParserTests: XCTestCase {
    private var settings: HTTPServerSettings {
        var settings = HTTPServerSettings()
        ServerRefusalTests.limit(&settings)
        return settings
    }

    /// All outcomes of bytes that come in pieces which end at `cuts`; a refusal is the last.
    private func outcomes(_ bytes: [UInt8], cuts: [Int]) -> [RequestParser.Outcome] {
        var parser = RequestParser(settings)
        var outcomes: [RequestParser.Outcome] = []
        var rest: [UInt8] = []
        var start = 0
        for end in cuts + [bytes.count] {
            rest += bytes[start..<end]
            start = end
            var position = 0
            pieces: while true {
                switch parser.parse(rest.span, from: &position) {
                case .needMore: break pieces
                case .request(let request): outcomes.append(.request(request))
                case .refused(let refusal): return outcomes + [.refused(refusal)]
                }
            }
            rest.removeFirst(position)
        }
        // What is left over counts too: it is what the next bytes would be read with.
        outcomes.append(.needMore)
        return outcomes
    }

    private func assertSplitsDoNotMatter(_ bytes: [UInt8], _ name: String, _ random: inout SeededRandom) {
        let whole = outcomes(bytes, cuts: [])
        XCTAssertEqual(outcomes(bytes, cuts: Array(bytes.indices.dropFirst())), whole, name)
        for _ in 0..<4 where bytes.count > 1 {
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            XCTAssertEqual(outcomes(bytes, cuts: cuts), whole, "\(name) \(cuts)")
        }
    }

    func testEverySplitOfEverySampleIsTheSame() {
        for sample in ServerSamples.all {
            let bytes = Array(sample.text.utf8)
            let whole = outcomes(bytes, cuts: [])
            for cut in bytes.indices where bytes.count < 400 {
                guard outcomes(bytes, cuts: [cut]) == whole else {
                    return XCTFail("\(sample.name), split at \(cut)")
                }
            }
        }
    }

    func testPipelinedRequestsAreToldApart() {
        let bytes = ServerSamples.good.flatMap { Array($0.text.utf8) }
        var random = SeededRandom(seed: 1)
        XCTAssertEqual(outcomes(bytes, cuts: []).count, ServerSamples.good.count + 1)
        assertSplitsDoNotMatter(bytes, "pipelined", &random)
    }

    /// Random damage to good and bad requests, in pairs, so that what follows is looked at too.
    func testDamagedRequestsNeverCrashAndSplitsNeverMatter() {
        var random = SeededRandom(seed: 20_260_101)
        let interesting: [UInt8] = Array("\r\n \t:;,0123456789abcdefxHTP/*[]\0\u{7F}".utf8) + [0x80, 0xFF]
        for round in 0..<6_000 {
            var bytes = [0, 1].flatMap { _ in
                // Half of them good, so that the damage is what decides.
                let samples = Bool.random(using: &random) ? ServerSamples.good : ServerSamples.all
                return Array((samples.randomElement(using: &random) ?? samples[0]).text.utf8)
            }
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = interesting.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2 where bytes.count > 1: bytes.remove(at: place)
                default: bytes.swapAt(place, bytes.count - 1)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            assertSplitsDoNotMatter(bytes, "round \(round): \(text)", &random)
        }
    }

    func testLimitsAreExact() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        for (extra, isTaken) in [(0, true), (1, false)] {
            let filler = ServerSamples.maxHeadBytes - head.utf8.count - 4 + extra
            let bytes = Array((head + String(repeating: "x", count: filler) + "\r\n\r\n").utf8)
            let first = outcomes(bytes, cuts: [])[0]
            XCTAssertEqual(first == .refused(.headTooLarge(limit: ServerSamples.maxHeadBytes)), !isTaken)
        }
    }
}

/// SplitMix64: small, and the same on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
