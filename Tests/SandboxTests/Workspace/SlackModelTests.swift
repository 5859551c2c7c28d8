import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// The rules beside the models of Slack's own client, which know many of Slack's limits, though not all.
final class SlackModelTests: XCTestCase {
    private func verdicts(_ blocks: [JSON], views: [JSON] = []) async throws -> (blocks: [JSON], views: [JSON]) {
        let said = try await SlackSDK.run("models.py", ["blocks": .array(blocks), "views": .array(views)])
        return (said["blocks"]?.array ?? [], said["views"]?.array ?? [])
    }

    func testWhatWeTakeTheModelsTake() async throws {
        let good = BlockSamples.good
        let said = try await verdicts(good).blocks
        XCTAssertEqual(said.count, good.count)
        for (block, verdict) in zip(good, said) {
            XCTAssertTrue(verdict.isNull, "\(verdict.text): \(block.text.prefix(300))")
        }
    }

    /// Of what we refuse, the models see what is too long, too many or missing. They do not look at empty texts, at the
    /// types of text, at members that nobody knows, or inside of options and rich text; the documentation does.
    func testTheModelsRefuseMostOfWhatWeRefuse() async throws {
        let said = try await verdicts(BlockSamples.bad.map(\.0)).blocks
        let refused = zip(BlockSamples.bad, said).filter { !$0.1.isNull }.map(\.0.1)
        XCTAssertEqual(said.count, BlockSamples.bad.count)
        XCTAssertEqual(refused.count, 38)
    }

    /// Whatever is done to a block: when the models refuse it, so do we.
    func testDamagedBlocks() async throws {
        var random = SeededRandom(seed: 11)
        let damaged = (0..<1_500).map { index in
            BlockDamage.damaged(BlockSamples.good[index % BlockSamples.good.count], &random)
        }
        let said = try await verdicts(damaged).blocks
        XCTAssertEqual(said.count, damaged.count)
        var refused = 0
        for (block, verdict) in zip(damaged, said) where !verdict.isNull {
            refused += 1
            let ours = BlockRules.problems([block], on: .message, at: "/blocks")
            XCTAssertFalse(ours.isEmpty, "only the models refuse it: \(verdict.text): \(block.text.prefix(400))")
        }
        XCTAssertGreaterThan(refused, 150, "the damage is too small to show anything")
    }

    func testViews() async throws {
        let text = { (count: Int) in BlockSamples.plain(count) }
        let fitting: JSON = [
            "type": "modal", "title": text(24), "submit": text(24), "close": text(24),
            "callback_id": BlockSamples.long(255), "private_metadata": BlockSamples.long(3_000),
            "blocks": .array(Array(repeating: ["type": "divider"], count: 100)),
        ]
        let views = [
            fitting, BlockSamples.with(fitting, ["title": text(25)]), BlockSamples.with(fitting, ["submit": text(25)]),
            BlockSamples.with(fitting, ["close": text(25)]),
            BlockSamples.with(fitting, ["callback_id": BlockSamples.long(256)]),
            BlockSamples.with(fitting, ["private_metadata": BlockSamples.long(3_001)]),
            BlockSamples.with(fitting, ["type": "carpet"]),
            BlockSamples.with(fitting, ["blocks": .array(Array(repeating: ["type": "divider"], count: 101))]),
        ]
        let said = try await verdicts([], views: views).views
        XCTAssertEqual(said.map(\.isNull), [true] + Array(repeating: false, count: 7))
        for (view, verdict) in zip(views, said) {
            if verdict.isNull {
                XCTAssertNoThrow(try ViewRules.modal(view))
            } else {
                XCTAssertThrowsError(try ViewRules.modal(view), verdict.text)
            }
        }
    }
}

/// Changes somewhere in a block: something is gone, longer, more, or of another kind.
enum BlockDamage {
    private static let lengths = [
        0, 1, 30, 31, 75, 76, 100, 101, 150, 151, 255, 256, 300, 301, 2_000, 2_001, 3_000, 3_001,
    ]

    static func damaged(_ json: JSON, _ random: inout SeededRandom) -> JSON {
        switch json {
        case .object(var members):
            let keys = members.keys.sorted()
            guard let key = keys.randomElement(using: &random) else { return ["x": 1] }
            if Int.random(in: 0..<8, using: &random) == 0 {
                members[key] = nil
            } else {
                members[key] = damaged(members[key] ?? .null, &random)
            }
            return .object(members)
        case .array(var items):
            guard let index = items.indices.randomElement(using: &random) else { return [1] }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: items.remove(at: index)
            case 1:
                let count = [1, 5, 10, 25, 100].randomElement(using: &random) ?? 1
                items += Array(repeating: items[index], count: count)
            default: items[index] = damaged(items[index], &random)
            }
            return .array(items)
        case .string:
            let count = lengths.randomElement(using: &random) ?? 0
            return BlockSamples.long(count)
        default: return [.null, 7, "x", [], [:]].randomElement(using: &random) ?? .null
        }
    }
}
