import Deploys
import Foundation
import JSON
import XCTest

@testable import Slack

/// Every kind of message, made of the worst that people and programs write.
final class WorstCaseTests: XCTestCase {
    private static let hostile: [(name: String, text: String)] = [
        ("mark-up", "<!channel> <!here|x> <@UEVIL0001> <http://evil|click> & &amp; *b* _i_ ~s~ `c` ```f``` > q"),
        ("calls", "@channel @here @everyone @Channel #general"),
        ("right to left", "\u{202E}txet desrever\u{202C} עברית العربية \u{2066}x"),
        ("invisible", "a\u{200B}b\u{FEFF}c\u{AD}d\u{3164}\u{115F}\u{2060}\u{E0041}\u{0}\u{7}\u{1B}[31mred\u{85}x\u{2028}y"),
        ("only invisible", "\u{200B}\u{200E}\u{3164}"),
        ("empty", ""),
        ("lines", "one\r\n\r\ntwo\n\n\nthree\ttab"),
        ("emoji", "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇳🇴☃️ :smile:"),
        ("marks", "e" + String(repeating: "\u{301}", count: 400)),
        ("half a surrogate", String(decoding: [0xD83D, 0x41, 0xDC00] as [UInt16], as: UTF16.self)),
    ]

    /// Each as it is, and 20,000 characters of it.
    static var all: [(name: String, text: String)] {
        hostile + hostile.filter { !$0.text.isEmpty }.map { name, text in
            ("long \(name)", String(repeating: text + " ", count: 20_000 / text.unicodeScalars.count + 1))
        } + [
            ("ampersands", String(repeating: "&", count: 20_000)), ("backticks", String(repeating: "`", count: 20_001)),
            ("brackets", String(repeating: "<", count: 20_000)), ("stars", String(repeating: "*_~", count: 7_000)),
            ("no spaces", String(repeating: "W", count: 20_000)),
        ]
    }

    static func samples(_ text: String) -> Samples {
        var samples = Samples()
        samples.app = text
        samples.subject = text
        samples.pusher = text
        samples.words = text
        samples.note = text
        samples.branch = ["a;<!channel>|&`*_x", String(repeating: "<&", count: 100)][text.utf16.count % 2]
        samples.count = 100
        samples.appCount = 20
        return samples
    }

    private func check(_ name: String, _ json: JSON) throws {
        XCTAssertEqual(MessageChecker.problems(json), [], name)
        // What can't be written or read as JSON never arrives.
        XCTAssertTrue(try JSON.parse(json.text) == json, name)
    }

    /// Each long text meets a quarter of the kinds, and each kind a quarter of the long texts: they take their time.
    func testEveryMessageStaysWithinSlacksLimits() throws {
        for (row, (kind, text)) in Self.all.enumerated() {
            let isLong = text.utf16.count > 1_000
            for (column, (name, draft)) in Self.samples(text).drafts.enumerated() {
                if isLong, (row + column) % 4 != 0 { continue }
                let message = MessageBlocks(draft)
                try check("\(name) of \(kind)", MessageGoldenTests.json(message))
                XCTAssertLessThanOrEqual(message.words.utf16.count, MessageBlocks.maxWordsCharacters)
            }
        }
    }

    func testEveryAnswerStaysWithinSlacksLimits() throws {
        for (kind, text) in Self.all {
            for (name, answer) in Self.samples(text).answers {
                try check("\(name) of \(kind)", AnswerMessage(answer).json)
            }
        }
    }

    func testEveryViewStaysWithinSlacksLimits() throws {
        for (kind, text) in Self.all {
            for (name, view) in Self.samples(text).views { try check("\(name) of \(kind)", view) }
        }
    }

    /// As much of everything as there can be, each of it as long as it can be.
    func testTheMostOfEverythingStaysWithinSlacksLimits() throws {
        for (kind, text) in Self.all where ["long mark-up", "long invisible", "ampersands"].contains(kind) {
            for (name, json) in Self.samples(text).most { try check("\(name) of \(kind)", json) }
        }
    }
}
