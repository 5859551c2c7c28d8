import JSON
import XCTest

@testable import Sandbox

/// What the rules refuse, block by block: each entry names the place that is pointed at.
final class BlockRulesTests: XCTestCase {
    private func problem(_ block: JSON) -> String? {
        BlockRules.problems([block], on: .message, at: "/blocks").first
    }

    func testWhatSlackTakes() {
        for block in BlockSamples.good {
            XCTAssertNil(problem(block), block.text)
        }
        XCTAssertEqual(BlockRules.problems(BlockSamples.good, on: .modal, at: "/blocks").count, 1, "all but markdown")
    }

    func testWhatSlackRefuses() {
        for (block, pointer) in BlockSamples.bad {
            let said = problem(block)
            XCTAssertTrue(said?.contains(pointer) ?? false, "\(pointer): \(said ?? "taken"): \(block.text.prefix(300))")
        }
    }

    func testHowManyBlocksThereMayBe() {
        let divider: JSON = ["type": "divider"]
        for (surface, most) in [(BlockRules.Surface.message, 50), (.modal, 100), (.home, 100)] {
            let full = Array(repeating: divider, count: most)
            XCTAssertEqual(BlockRules.problems(full, on: surface, at: "/blocks"), [])
            XCTAssertEqual(BlockRules.problems(full + [divider], on: surface, at: "/blocks").count, 1)
        }
    }

    func testIDsAreUnique() {
        let block: JSON = ["type": "divider", "block_id": "a"]
        XCTAssertEqual(
            BlockRules.problems([block, block], on: .message, at: "/blocks"),
            ["block_id a already exists [json-pointer:/blocks/1/block_id]"])
    }
}
