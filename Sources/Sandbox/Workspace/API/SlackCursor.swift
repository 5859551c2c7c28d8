import Foundation

/// Where a list goes on. Base64, so that it must be encoded in URLs, as Slack's are.
struct SlackCursor {
    /// What stands before the value, so that a cursor of one method is none of another.
    let kind: String
    let value: String

    var text: String { Data("\(kind):\(value)".utf8).base64EncodedString() }

    init(_ kind: String, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// - Returns: nil for no cursor or an empty one.
    static func read(_ arguments: SlackArguments, kind: String) throws(SlackRefusal) -> String? {
        guard let text = try arguments.string("cursor"), !text.isEmpty else { return nil }
        guard let data = Data(base64Encoded: text), let plain = String(data: data, encoding: .utf8),
            plain.hasPrefix("\(kind):")
        else { throw SlackRefusal("invalid_cursor") }
        return String(plain.dropFirst(kind.count + 1))
    }
}
