import Crypto
import JSON

/// Slack gives an id to each block that has none, so that what is done to it can be told apart.
enum BlockIDs {
    static func filled(_ blocks: [JSON]) -> [JSON] {
        blocks.map { block in
            guard block["block_id"] == nil else { return block }
            var block = block
            block["block_id"] = .string(hex(randomBytes(3)))
            return block
        }
    }
}
