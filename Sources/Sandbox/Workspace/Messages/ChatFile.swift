import JSON

/// A file that an app uploads: first announced, then sent, then shared (docs.slack.dev, "Working with files").
package struct ChatFile: Sendable, Equatable {
    /// `F…`
    package let id: String
    package let name: String
    /// What was announced.
    package let size: Int
    /// Empty until it was sent.
    package var content: [UInt8]
    package var isUploaded: Bool
    /// As messages show it; nil until it is shared.
    package var description: JSON?

    /// What messages say about it.
    func described(title: String?, url: String) -> JSON {
        let dot = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
        let kind = dot == "log" || dot.isEmpty ? "text" : dot
        return [
            "id": .string(id), "name": .string(name), "title": .string(title ?? name), "size": .int(size),
            "user": .string(Workspace.botID), "mode": "hosted", "filetype": .string(kind), "mimetype": "text/plain",
            "is_external": false, "url_private": .string(url),
        ]
    }
}
