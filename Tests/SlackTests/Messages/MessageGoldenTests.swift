import Deploys
import Foundation
import JSON
import XCTest

@testable import Slack

/// Every kind of message, answer and view, byte for byte, with the words that a person reads beside it.
/// `REWRITE_GOLDENS=1 swift test --filter MessageGoldenTests` writes the files anew; read the difference before you
/// commit it.
final class MessageGoldenTests: XCTestCase {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/Messages", directoryHint: .isDirectory)

    private static var all: [(name: String, json: JSON)] { all(Samples()) }

    static func all(_ samples: Samples) -> [(name: String, json: JSON)] {
        samples.drafts.map { ($0.name, json(MessageBlocks($0.draft))) }
            + samples.answers.map { ($0.name, AnswerMessage($0.answer).json) } + samples.views
    }

    static func json(_ message: MessageBlocks) -> JSON {
        ["text": .string(message.text), "blocks": .array(message.blocks)]
    }

    func testEveryKindOfMessageIsItsGolden() throws {
        let rewrites = ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] != nil
        if rewrites { try FileManager.default.createDirectory(at: Self.directory, withIntermediateDirectories: true) }
        for (name, json) in Self.all {
            for (kind, text) in [("json", json.prettyText + "\n"), ("txt", BlockReader.text(json) + "\n")] {
                let file = Self.directory.appending(path: "\(name).\(kind)")
                if rewrites { try Data(text.utf8).write(to: file) }
                let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                XCTAssertTrue(text == golden, "\(file.path) differs. It is now:\n\(text)")
            }
        }
    }

    func testEveryGoldenIsOfSomeMessage() throws {
        let names = Self.all.map(\.name)
        XCTAssertEqual(names.count, Set(names).count, "a name stands twice")
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
        XCTAssertEqual(Set(files), Set(names.flatMap { ["\($0).json", "\($0).txt"] }))
    }

    func testEveryKindOfMessageIsWithinSlacksLimits() {
        for (name, json) in Self.all { XCTAssertEqual(MessageChecker.problems(json), [], name) }
    }

    /// A phase that is added must get a golden: the compiler asks for it here.
    func testEveryPhaseHasAGolden() {
        func name(_ phase: Phase) -> String {
            switch phase {
            case .queued: "queued"
            case .preparing: "preparing"
            case .building: "building"
            case .applying: "applying"
            case .rollingOut: "rollingOut"
            case .interrupted: "interrupted"
            case .puttingBack: "puttingBack"
            case .waitingForSites: "waitingForSites"
            case .registered: "registered"
            case .deregistered: "deregistered"
            case .built: "built"
            case .live: "live"
            case .failed: "failed"
            case .superseded: "superseded"
            case .certificateTrouble: "certificateTrouble"
            case .certificateRecovered: "certificateRecovered"
            case .taskFailed: "taskFailed"
            case .taskRecovered: "taskRecovered"
            case .awaitingApproval: "awaitingApproval"
            case .cancelled: "cancelled"
            case .declined: "declined"
            case .lapsed: "lapsed"
            case .repaired: "repaired"
            case .repositoryNews: "repositoryNews"
            }
        }
        let seen = Set(
            Samples().drafts.compactMap { sample -> String? in
                switch sample.draft {
                case .live(let report), .announcement(let report): name(report.phase)
                default: nil
                }
            })
        XCTAssertEqual(seen.count, 24)
    }
}
