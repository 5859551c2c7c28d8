import JSON

/// What an app wants to say, checked as Slack checks it.
struct MessageContent: Sendable {
    /// Nil when the call does not mention it.
    let text: String?
    let blocks: [JSON]?
    /// Nil when the call does not mention it; empty takes metadata away.
    let metadata: JSON?

    /// docs.slack.dev, "chat.postMessage": longer text is cut off.
    static let maxPostedCharacters = 40_000
    /// docs.slack.dev, "chat.update", `msg_too_long`.
    static let maxEditedCharacters = 4_000
    static let maxMetadataBytes = 16 << 10

    init(_ arguments: SlackArguments) throws(SlackRefusal) {
        text = try arguments.string("text").map { Self.cut($0) }
        if let blocks = try arguments.json("blocks", orElse: "invalid_blocks_format") {
            guard let list = blocks.array else { throw SlackRefusal("invalid_blocks_format") }
            self.blocks = list
        } else {
            blocks = nil
        }
        metadata = try arguments.json("metadata", orElse: "invalid_metadata_format")
        if let attachments = try arguments.json("attachments", orElse: "invalid_attachments"), attachments != [] {
            throw SlackRefusal("invalid_attachments", details: ["attachments are not stood in for"])
        }
        try check()
    }

    /// The body that is sent to a `response_url`, or that answers a slash command.
    init(answer: JSON) throws(SlackRefusal) {
        guard answer.object != nil else { throw SlackRefusal("invalid_payload") }
        text = answer["text"]?.string.map { Self.cut($0) }
        blocks = answer["blocks"]?.array
        metadata = nil
        try check()
    }

    private func check() throws(SlackRefusal) {
        if (text ?? "").isEmpty && (blocks ?? []).isEmpty { throw SlackRefusal("no_text") }
        try BlockRules.check(blocks ?? [], on: .message)
        guard let metadata, metadata != [:] else { return }
        guard metadata.object != nil else { throw SlackRefusal("invalid_metadata_format") }
        guard let type = metadata["event_type"]?.string, !type.isEmpty, metadata["event_payload"]?.object != nil else {
            throw SlackRefusal("invalid_metadata_schema")
        }
        if metadata.bytes.count > Self.maxMetadataBytes { throw SlackRefusal("metadata_too_large") }
    }

    private static func cut(_ text: String) -> String {
        text.unicodeScalars.count <= maxPostedCharacters
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(maxPostedCharacters)))
    }
}
