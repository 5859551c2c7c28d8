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
    private static var all: [(name: String, text: String)] {
        hostile + hostile.filter { !$0.text.isEmpty }.map { name, text in
            ("long \(name)", String(repeating: text + " ", count: 20_000 / text.unicodeScalars.count + 1))
        } + [
            ("ampersands", String(repeating: "&", count: 20_000)), ("backticks", String(repeating: "`", count: 20_001)),
            ("brackets", String(repeating: "<", count: 20_000)), ("stars", String(repeating: "*_~", count: 7_000)),
            ("no spaces", String(repeating: "W", count: 20_000)),
        ]
    }

    private static func samples(_ text: String) -> Samples {
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
        XCTAssertEqual(SlackLimits.problems(json), [], name)
        // What can't be written or read as JSON never arrives.
        XCTAssertEqual(try JSON.parse(json.text), json, name)
    }

    func testEveryMessageStaysWithinSlacksLimits() throws {
        for (kind, text) in Self.all {
            for (name, draft) in Self.samples(text).drafts {
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
        for (kind, text) in Self.all where kind.hasPrefix("long") || kind == "ampersands" {
            let samples = Self.samples(text)
            for (name, json) in most(of: samples) { try check("\(name) of \(kind)", json) }
        }
    }

    private func most(of samples: Samples) -> [(name: String, json: JSON)] {
        let text = samples.words
        let site = Site(url: "https://\(String(repeating: "a", count: 2_900)).no/", waitingFor: text)
        let sites = Array(repeating: site, count: 60) + [samples.site]
        let environments = EnvironmentName.all.map {
            samples.environment(
                $0, certificate: .trouble(text), sites: sites, underWay: samples.operation(),
                failed: samples.operation(.push, .test, .failed, by: .push(by: text)))
        }
        let apps = Array(repeating: samples.status(environments), count: 200)
        let entry = samples.entry(.deploy, .prod, from: .channel(id: text, name: text), reason: text)
        let pages: [Answer.Page] = [
            .status(apps[0]), .apps(AppList(apps: apps, ownCount: 100)),
            .help(HelpPage(topic: nil, app: text, own: Array(apps.prefix(5)))),
            .audit(AuditPage(label: text, entries: Array(repeating: entry, count: 200), olderCount: .max / 2)),
        ]
        let home = HomePage(own: apps, otherCount: 1, logChannel: text, isFirstVisit: true)
        return messages(samples, sites) + [("home", HomeView(home).view)]
            + pages.map { ("page", AnswerMessage(Answer(.information, quoted(text), page: $0)).json) }
    }

    private func messages(_ samples: Samples, _ sites: [Site]) -> [(name: String, json: JSON)] {
        let text = samples.words
        let steps: [NextStep] = [.cancel, .approve, .decline, .retry] + EnvironmentName.all.map { .deploy(to: $0) }
        let phases: [Phase] = [
            .live(sites), .waitingForSites(sites), .repaired(Array(repeating: text, count: 60)),
            .failed(Failure(.build, text, advice: text)), .certificateRecovered(hosts: Array(repeating: text, count: 60)),
            .awaitingApproval(of: Array(repeating: .team(text), count: 60)),
            .cancelled(by: Person(id: text, name: text), aftermath: text),
            .building(Array(repeating: ApplingBuild(name: text, state: .building), count: 60)),
        ]
        return phases.flatMap { phase in
            var report = samples.report(
                phase, steps: steps, sequels: Array(repeating: .retried(by: Samples.bob), count: 300),
                overtaken: .max, warnings: .max)
            report.logURL = "https://\(String(repeating: "b", count: 5_000))"
            let drafts: [NoticeDraft] = [.live(report), .announcement(report)]
            return drafts.map { ("message", MessageGoldenTests.json(MessageBlocks($0))) }
        }
    }
}
